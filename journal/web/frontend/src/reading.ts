import { headline, toElement } from "./fragment";
import { SLOW } from "./pace";
import { awaitResult } from "./poll";
import { need } from "./find";
import type { Voice } from "./voice";
import { piece, word } from "./words";

/** Before this a waiting text would only flicker. */
const FLICKER = 2_000;

/** The panel beside the camera that shows what was read. */
export class Reading {
  private following = new AbortController();
  private readonly howTo: Node[];

  constructor(
    readonly panel: HTMLElement,
    private readonly voice: Voice,
  ) {
    this.howTo = [...panel.childNodes];
  }

  /** A new snapshot is on its way; the one before is not waited for any longer. */
  expect(): void {
    this.following.abort();
    this.following = new AbortController();
    this.panel.setAttribute("aria-busy", "true");
    this.panel.replaceChildren(piece("result", "reading"));
    this.voice.say(word("sending"));
  }

  /** The snapshot that is expected now, to tell it from those after it. */
  get turn(): AbortSignal {
    return this.following.signal;
  }

  /** Wait for the result and show it; undefined if its turn went by. */
  async follow(url: string, signal: AbortSignal): Promise<HTMLElement | undefined> {
    if (signal.aborted) return undefined;
    this.voice.say(word("reading"));
    try {
      const html = await awaitResult(url, signal, (waiting, elapsed) => this.stillWaiting(waiting, elapsed));
      if (signal.aborted) return undefined;
      const result = toElement(html);
      if (result) this.show(result);
      return result;
    } catch (error) {
      if (signal.aborted) return undefined;
      throw error;
    }
  }

  show(result: HTMLElement): void {
    this.panel.removeAttribute("aria-busy");
    this.panel.replaceChildren(result);
    this.voice.show("");
    this.voice.whisper(headline(result));
    // On a phone the panel lies below the camera: bring its first lines into sight, and leave the face there too.
    result.querySelector(".result__head")?.scrollIntoView({ block: "nearest", behavior: glide() });
  }

  /** The person's answer was kept: show it where the focus is. */
  answered(result: HTMLElement): void {
    this.panel.replaceChildren(result);
    result.querySelector<HTMLElement>("[data-said]")?.focus({ preventScroll: true });
    this.voice.say("");
  }

  trouble(message: string): void {
    this.following.abort();
    this.panel.removeAttribute("aria-busy");
    this.panel.replaceChildren(piece("result", "trouble"));
    need("[data-message]", this.panel).textContent = message;
    this.voice.show("");
    this.voice.whisper(message);
  }

  clear(): void {
    this.following.abort();
    this.panel.removeAttribute("aria-busy");
    this.panel.replaceChildren(...this.howTo);
  }

  private stillWaiting(html: string, elapsed: number): void {
    if (elapsed >= SLOW) this.voice.say(word("slow"));
    if (elapsed < FLICKER) return;
    const result = toElement(html);
    const shown = this.panel.querySelector(".result");
    if (result && shown?.textContent !== result.textContent) this.panel.replaceChildren(result);
  }
}

function glide(): ScrollBehavior {
  return matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth";
}
