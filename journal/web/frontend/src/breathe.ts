import { at, clock, WHOLE } from "./breath";
import { need } from "./find";
import { word } from "./words";

/** The breathing exercise: a tide that rises and falls, with words; where motion isn't wanted, the words and a count alone. */
export class Breathe {
  private readonly go: HTMLButtonElement;
  private readonly end: HTMLButtonElement;
  private readonly tide: SVGElement;
  private readonly still = matchMedia("(prefers-reduced-motion: reduce)");
  private elapsed = 0;
  private since: number | null = null;

  constructor(private readonly root: HTMLElement) {
    this.go = need("[data-breathe-go]", root);
    this.end = need("[data-breathe-end]", root);
    this.tide = need("[data-breathe-tide]", root);
    need("[data-breathe-keys]", root).hidden = false;
    this.go.addEventListener("click", () => this.press());
    this.end.addEventListener("click", () => this.stop());
    root.addEventListener("keydown", (event) => {
      if (event.key === "Escape") this.stop();
    });
    // Nobody breathes along with a page that they don't see.
    document.addEventListener("visibilitychange", () => {
      if (document.hidden && this.since !== null) this.pause();
    });
  }

  private get begun(): boolean {
    return this.since !== null || this.elapsed > 0;
  }

  private press(): void {
    if (this.since !== null) this.pause();
    else this.run();
  }

  private run(): void {
    if (!this.begun) this.show("[data-breathe-word]", "");
    need("[data-breathe-stage]", this.root).hidden = false;
    this.root.dataset["breathe"] = "running";
    this.since = performance.now() - this.elapsed * 1000;
    this.end.hidden = false;
    this.go.textContent = word("breathe_pause");
    this.step();
  }

  private pause(): void {
    this.elapsed = this.now();
    this.since = null;
    this.root.dataset["breathe"] = "paused";
    this.go.textContent = word("breathe_on");
    this.show("[data-breathe-word]", word("breathe_paused"));
    this.show("[data-breathe-count]", "");
  }

  private stop(): void {
    if (!this.begun) return;
    need("[data-breathe-stage]", this.root).hidden = true;
    this.finish("", "breathe_begin");
    this.go.focus();
  }

  private finish(said: string, next: string): void {
    this.since = null;
    this.elapsed = 0;
    this.root.dataset["breathe"] = "";
    this.end.hidden = true;
    this.go.textContent = word(next);
    this.show("[data-breathe-word]", said);
    this.show("[data-breathe-count]", "");
    this.show("[data-breathe-left]", "");
  }

  private now(): number {
    return this.since === null ? this.elapsed : Math.min((performance.now() - this.since) / 1000, WHOLE);
  }

  private step(): void {
    if (this.since === null) return;
    const { phase, count, size, left } = at(this.now());
    if (phase === "done") {
      this.finish(word("breathe_done"), "breathe_again");
      return;
    }
    this.show("[data-breathe-word]", word(`breathe_${phase}`));
    this.show("[data-breathe-count]", String(count));
    this.show("[data-breathe-left]", word("breathe_left", { time: clock(left) }));
    this.tide.style.transform = `scale(${this.still.matches ? 0.7 : size.toFixed(3)})`;
    // A still page needs no more than its count.
    if (this.still.matches) setTimeout(() => this.step(), 250);
    else requestAnimationFrame(() => this.step());
  }

  /** Only what is new is written: what listens to the page would say it each time. */
  private show(selector: string, text: string): void {
    const place = need(selector, this.root);
    if (place.textContent !== text) place.textContent = text;
  }
}
