import { openStream, stopStream } from "./camera";
import { rememberedCamera } from "./devices";
import { CameraFault } from "./faults";
import { grab, jpeg } from "./shutter";
import type { Ticker } from "./ticker";

/** Cameras need a moment to find the right light. */
const SETTLE = 900;
const PATIENCE = 8_000;
const STEP = 200;

/** Open the camera, take one picture and close it again, also in a hidden tab. Throws `CameraFault`. */
export async function takeOne(ticker: Ticker): Promise<Blob> {
  const stream = await openStream(rememberedCamera());
  const video = document.createElement("video");
  try {
    video.muted = true;
    video.playsInline = true;
    video.srcObject = stream;
    await video.play();
    await ticker.wait(SETTLE);
    return await firstFrame(video, ticker);
  } finally {
    video.srcObject = null;
    stopStream(stream);
  }
}

async function firstFrame(video: HTMLVideoElement, ticker: Ticker): Promise<Blob> {
  const canvas = document.createElement("canvas");
  for (let waited = 0; waited < PATIENCE; waited += STEP) {
    if (grab(video, canvas)) return jpeg(canvas);
    await ticker.wait(STEP);
  }
  throw new CameraFault("busy");
}
