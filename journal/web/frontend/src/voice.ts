import { need } from "./find";

/** What the page says: to be seen under the camera, and to be heard from a screen reader. */
export class Voice {
  private readonly shown: HTMLElement;
  private readonly heard: HTMLElement;

  constructor(root: HTMLElement) {
    this.shown = need("[data-shown]", root);
    this.heard = need("[data-say]", root);
  }

  say(words: string): void {
    this.show(words);
    this.heard.textContent = words;
  }

  /** Only to be seen: a hint that need not be read out. */
  show(words: string): void {
    this.shown.textContent = words;
  }

  /** Only to be heard: what everybody else can see elsewhere. */
  whisper(words: string): void {
    this.heard.textContent = words;
  }
}
