import { Camera } from "./camera";
import { alreadyAllowed, offerCameras, rememberCamera, rememberedCamera } from "./devices";
import { faultOf, obstacle } from "./faults";
import { need } from "./find";
import type { Stage } from "./stage";

/** A page that nobody looks at keeps the camera for this long. */
const HIDDEN_FOR = 30_000;
/** A frozen frame keeps the camera ready for another shot for this long. */
const HELD_FOR = 60_000;

/** The camera's life on the page: when it is opened and closed, and what is said where it can't be. */
export class Preview {
  private readonly camera: Camera;
  private readonly select: HTMLSelectElement;
  private closing: ReturnType<typeof setTimeout> | undefined;
  private wanted = false;
  private stopped = false;

  constructor(
    private readonly stage: Stage,
    private readonly picker: HTMLElement,
    private readonly onChange: () => void,
  ) {
    this.select = need("select", picker);
    this.camera = new Camera(stage.video, () => this.fail("lost"));
    this.select.addEventListener("change", () => this.choose(this.select.value));
    document.addEventListener("visibilitychange", () => this.seen(!document.hidden));
    addEventListener("pagehide", () => this.close());
    addEventListener("pageshow", ({ persisted }) => persisted && this.seen(true));
  }

  get running(): boolean {
    return this.camera.running;
  }

  /** Where the person has allowed it before, the camera opens with the page; else it waits for a press. */
  async begin(): Promise<void> {
    const fault = obstacle(window.isSecureContext, navigator.mediaDevices);
    if (fault) return this.fail(fault);
    this.stage.show("start", false);
    if ((await alreadyAllowed()) && !document.hidden) await this.start(false);
  }

  async start(asked: boolean): Promise<void> {
    if (this.stopped) return;
    this.wanted = true;
    this.stay();
    if (this.camera.running) return this.live();
    this.stage.show("starting", asked);
    try {
      if (await this.camera.open(rememberedCamera())) this.live();
    } catch (error) {
      this.fail(faultOf(error), asked);
    }
  }

  /** The frame is frozen; the camera waits for a while in case another is wanted. */
  held(): void {
    this.closeAfter(HELD_FOR);
  }

  /** Close the camera until it is wanted again: the stage shows a picture that isn't from it. */
  rest(): void {
    this.close();
  }

  /** Close for good, because the person took the consent back. */
  stop(): void {
    this.stopped = true;
    this.wanted = false;
    this.close();
    this.stage.show("no_consent", true);
    this.onChange();
  }

  private live(): void {
    this.stage.mirrored = this.camera.mirrored;
    this.stage.lamp = true;
    this.stage.phase = "live";
    void offerCameras(this.picker, this.select, this.camera.deviceId);
    this.onChange();
  }

  private fail(name: string, focus = false): void {
    this.wanted = false;
    this.close();
    this.stage.show(name, focus);
    this.onChange();
  }

  private close(): void {
    this.stay();
    this.camera.close();
    this.stage.lamp = false;
  }

  private choose(deviceId: string): void {
    rememberCamera(deviceId);
    this.close();
    void this.start(false);
  }

  private seen(visible: boolean): void {
    if (!visible) return this.closeAfter(HIDDEN_FOR);
    if (this.stage.phase === "held") return this.camera.running ? this.held() : undefined;
    this.stay();
    if (this.wanted && !this.camera.running) void this.start(false);
  }

  private closeAfter(milliseconds: number): void {
    this.stay();
    if (!this.camera.running) return;
    this.closing = setTimeout(() => {
      this.close();
      if (this.stage.phase === "held") return;
      this.stage.show("start", false);
      this.onChange();
    }, milliseconds);
  }

  private stay(): void {
    clearTimeout(this.closing);
  }
}
