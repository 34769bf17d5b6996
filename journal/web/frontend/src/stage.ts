import { need } from "./find";
import type { Placing, Size } from "./geometry";
import { Overlay } from "./overlay";
import { BLANK } from "./photo";
import { piece } from "./words";

/** "off" shows a panel, "live" the camera, "held" the frame just taken. */
export type Phase = "off" | "live" | "counting" | "held";

/** The place where the camera, the frozen frame and the panels take turns. */
export class Stage {
  readonly video: HTMLVideoElement;
  readonly frozen: HTMLCanvasElement;
  readonly overlay: Overlay;
  private readonly panel: HTMLElement;
  private readonly count: HTMLElement;
  private readonly marks: HTMLCanvasElement;

  constructor(private readonly root: HTMLElement) {
    this.video = need("video", root);
    this.frozen = need(".stage__frozen", root);
    this.marks = need(".stage__marks", root);
    this.panel = need(".stage__panel", root);
    this.count = need(".stage__count", root);
    this.overlay = new Overlay(this.marks, need("[data-toggle-emoji]", root));
  }

  get phase(): Phase {
    return this.root.dataset["phase"] as Phase;
  }

  set phase(phase: Phase) {
    this.root.dataset["phase"] = phase;
    this.panel.hidden = phase !== "off";
    if (phase !== "held") this.overlay.clear();
    // The camera goes on behind a held frame, but nobody sees it, so nothing is drawn.
    if (phase === "held") this.video.pause();
    else if (this.video.srcObject) void this.video.play().catch(() => undefined);
  }

  /** Say whether a camera looks, wherever on the page it is used. */
  set lamp(on: boolean) {
    this.root.dataset["lamp"] = on ? "on" : "off";
  }

  set mirrored(mirrored: boolean) {
    this.root.toggleAttribute("data-mirrored", mirrored);
  }

  get placing(): Placing {
    const fit = this.root.dataset["fit"] === "contain" ? "contain" : "cover";
    return { fit, mirrored: this.root.hasAttribute("data-mirrored") };
  }

  get picture(): Size {
    return { width: this.frozen.width, height: this.frozen.height };
  }

  /** Whether the held picture can be shown at all; some formats can't. */
  get hasPicture(): boolean {
    return this.frozen.width > BLANK.width;
  }

  /** Show a panel; its heading takes the focus when the person waits for an answer here. */
  show(name: string, focus: boolean): void {
    this.panel.replaceChildren(piece("panel", name));
    this.phase = "off";
    if (focus) need("h2", this.panel).focus({ preventScroll: true });
  }

  /** What the panel says above all. */
  get title(): string {
    return need("h2", this.panel).textContent ?? "";
  }

  /** Freeze what is on the canvas: a frame of the camera fills the stage, a photo is shown whole. */
  hold(fit: Placing["fit"]): void {
    this.root.dataset["fit"] = fit;
    this.overlay.clear();
    this.phase = "held";
    if (fit === "contain") return;
    this.root.removeAttribute("data-flash");
    void this.root.offsetWidth; // so that the animation begins anew
    this.root.setAttribute("data-flash", "");
  }

  set seconds(left: number) {
    this.count.textContent = left ? String(left) : "";
  }

  set dragging(over: boolean) {
    this.root.toggleAttribute("data-dragging", over);
  }
}
