import { CameraFault, faultOf, obstacle } from "./faults";

const WISHES: MediaTrackConstraints = {
  width: { ideal: 1280 },
  height: { ideal: 720 },
  // More frames would only take time from the reader where both run on one small machine.
  frameRate: { ideal: 24, max: 30 },
};

/** Open a camera: the one asked for, else the one that faces the person. Throws `CameraFault`. */
export async function openStream(deviceId: string): Promise<MediaStream> {
  const blocked = obstacle(window.isSecureContext, navigator.mediaDevices);
  if (blocked) throw new CameraFault(blocked);
  const choice: MediaTrackConstraints = deviceId ? { deviceId: { exact: deviceId } } : { facingMode: "user" };
  try {
    return await navigator.mediaDevices.getUserMedia({ audio: false, video: { ...WISHES, ...choice } });
  } catch (error) {
    // The remembered camera is not plugged in today: any other will do.
    if (deviceId && faultOf(error) === "none") return openStream("");
    throw new CameraFault(faultOf(error));
  }
}

export function stopStream(stream: MediaStream): void {
  for (const track of stream.getTracks()) track.stop();
}

/** The camera behind the preview: at most one stream, and none while it is closed. */
export class Camera {
  private stream: MediaStream | undefined;
  private asked = 0;

  constructor(
    private readonly video: HTMLVideoElement,
    private readonly onLost: () => void,
  ) {}

  get running(): boolean {
    return this.stream !== undefined;
  }

  private get settings(): MediaTrackSettings {
    return this.stream?.getVideoTracks()[0]?.getSettings() ?? {};
  }

  get deviceId(): string {
    return this.settings.deviceId ?? "";
  }

  /** A camera that faces away shows the world as it is; all others show a mirror. */
  get mirrored(): boolean {
    return this.settings.facingMode !== "environment";
  }

  /** Show the camera in the preview; false if it was closed again while the browser asked. */
  async open(deviceId: string): Promise<boolean> {
    this.close();
    const ask = ++this.asked;
    const stream = await openStream(deviceId);
    if (ask !== this.asked) {
      stopStream(stream);
      return false;
    }
    this.stream = stream;
    stream.getVideoTracks()[0]?.addEventListener("ended", () => this.lost(stream));
    this.video.srcObject = stream;
    await this.video.play().catch(() => undefined); // a close in between rejects it, and that is fine
    return this.stream === stream;
  }

  close(): void {
    this.asked++;
    if (this.stream) stopStream(this.stream);
    this.stream = undefined;
    this.video.srcObject = null;
  }

  private lost(stream: MediaStream): void {
    if (this.stream !== stream) return;
    this.close();
    this.onLost();
  }
}
