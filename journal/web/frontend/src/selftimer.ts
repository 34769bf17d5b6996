import { countDown } from "./countdown";
import { need } from "./find";
import type { Stage } from "./stage";

/** The countdown before a shot: its choice, its numbers on the stage, and its voice. */
export class SelfTimer {
  private counting: AbortController | undefined;
  private readonly aloud: HTMLElement;

  constructor(
    private readonly root: HTMLElement,
    private readonly stage: Stage,
  ) {
    this.aloud = need("[data-count-aloud]", root);
  }

  get running(): boolean {
    return this.counting !== undefined;
  }

  stop(): void {
    this.counting?.abort();
  }

  /** Count down if the person wants it. False when it was stopped, or the camera went away meanwhile. */
  async run(): Promise<boolean> {
    const seconds = Number(need<HTMLInputElement>("[name=countdown]:checked", this.root).value);
    if (seconds === 0) return true;
    this.counting = new AbortController();
    this.stage.phase = "counting";
    const reached = await countDown(seconds, (left) => this.tell(left), this.counting.signal);
    this.counting = undefined;
    this.tell(0);
    if (this.stage.phase !== "counting") return false;
    this.stage.phase = "live";
    return reached;
  }

  private tell(left: number): void {
    this.stage.seconds = left;
    this.aloud.textContent = left ? String(left) : "";
  }
}
