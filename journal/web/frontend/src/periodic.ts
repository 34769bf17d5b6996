import { need } from "./find";
import { begin, clampMinutes, clockText, pause, remaining, resume, retime, tick, type Schedule } from "./schedule";
import type { Ticker } from "./ticker";
import { clock, word } from "./words";

const BEAT = 1_000;

/** What came of one periodic snapshot: a sentence, and a page to see it where there is one. */
export interface Outcome {
  readonly words: string;
  readonly page?: string;
}

/** A periodic snapshot whose picture is taken, and what will come of it. */
export interface Taken {
  readonly outcome: Promise<Outcome>;
}

/** The card that takes snapshots by itself: a schedule, what it shows, and its buttons. */
export class Periodic {
  private schedule: Schedule | undefined;
  private shooting = false;
  private starts = 0;
  private readonly title = document.title;
  private readonly onOff: HTMLInputElement;
  private readonly minutes: HTMLInputElement;
  private readonly usual: number;

  constructor(
    private readonly root: HTMLElement,
    private readonly ticker: Ticker,
    private readonly shoot: (moment: Date) => Promise<Taken>,
  ) {
    this.onOff = need("[data-periodic-switch]", root);
    this.minutes = need("[data-periodic-minutes]", root);
    this.usual = this.minutes.valueAsNumber;
    this.onOff.addEventListener("change", () => (this.onOff.checked ? this.start() : this.stop()));
    this.minutes.addEventListener("change", () => this.change());
    need("[data-periodic-pause]", root).addEventListener("click", () => this.move(pause, "[data-periodic-resume]"));
    need("[data-periodic-resume]", root).addEventListener("click", () => this.move(resume, "[data-periodic-pause]"));
  }

  /** Without consent there is nothing to switch on. */
  forbid(): void {
    this.onOff.disabled = true;
    this.stop();
  }

  private stop(): void {
    this.schedule = undefined;
    this.onOff.checked = false;
    this.show();
  }

  private start(): void {
    this.schedule = begin(Date.now(), this.wish());
    this.tell({ words: "" });
    this.show();
    void this.beat(++this.starts);
  }

  /** Look at the clock once a second for as long as this start lasts. */
  private async beat(start: number): Promise<void> {
    while (this.schedule && start === this.starts) {
      this.look(Date.now());
      await this.ticker.wait(BEAT);
    }
  }

  private look(now: number): void {
    if (!this.schedule) return;
    const { schedule, verdict } = tick(this.schedule, now);
    this.schedule = schedule;
    if (verdict === "skip") this.tell({ words: word("skipped") });
    if (verdict === "shoot" && !this.shooting) void this.take(new Date(now));
    this.show();
  }

  private async take(moment: Date): Promise<void> {
    this.shooting = true;
    this.show();
    try {
      const { outcome } = await this.shoot(moment);
      // Not waited for: while the site or its reader is away, snapshots go on being taken and wait in line.
      void this.follow(outcome, moment);
    } catch {
      this.leaveOut(moment);
    }
    this.shooting = false;
    this.show();
  }

  private async follow(outcome: Promise<Outcome>, moment: Date): Promise<void> {
    try {
      this.tell(await outcome);
    } catch {
      this.leaveOut(moment);
    }
  }

  private leaveOut(moment: Date): void {
    this.tell({ words: word("left_out", { time: clock(moment) }) });
  }

  private change(): void {
    const minutes = this.wish();
    this.minutes.value = String(minutes);
    if (this.schedule) this.schedule = retime(this.schedule, Date.now(), minutes);
    this.show();
  }

  private wish(): number {
    return clampMinutes(this.minutes.valueAsNumber, this.usual);
  }

  private move(step: typeof pause, next: string): void {
    if (this.schedule) this.schedule = step(this.schedule, Date.now());
    this.show();
    need(next, this.root).focus();
  }

  private tell({ words, page }: Outcome): void {
    need("[data-periodic-last]", this.root).textContent = words;
    const link = need<HTMLAnchorElement>("[data-periodic-link]", this.root);
    link.hidden = page === undefined;
    if (page) link.href = page;
  }

  private show(): void {
    const state = this.schedule?.state;
    need("[data-periodic-state]", this.root).hidden = state === undefined;
    need("[data-periodic-pause]", this.root).hidden = state !== "running";
    need("[data-periodic-resume]", this.root).hidden = state === "running";
    need("[data-periodic-ask]", this.root).hidden = state !== "asking";
    need("[data-periodic-next]", this.root).textContent = this.sentence();
    document.title = this.titleNow();
  }

  private sentence(): string {
    if (!this.schedule) return "";
    if (this.shooting) return word("shooting");
    const time = clockText(remaining(this.schedule, Date.now()));
    const name = { running: "next", paused: "paused", asking: "asking" }[this.schedule.state];
    return word(name, { time });
  }

  private titleNow(): string {
    if (!this.schedule) return this.title;
    if (this.schedule.state !== "running") return word("title_paused", { title: this.title });
    return word("title_next", { time: clockText(remaining(this.schedule, Date.now())), title: this.title });
  }
}
