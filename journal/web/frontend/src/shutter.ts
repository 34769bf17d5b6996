const WIDEST = 1280;
const QUALITY = 0.92;

/** Draw the current frame, unmirrored and at most 1280 px wide, onto `canvas`; false if there is no frame yet. */
export function grab(video: HTMLVideoElement, canvas: HTMLCanvasElement): boolean {
  const { videoWidth: width, videoHeight: height } = video;
  if (!width || video.readyState < HTMLMediaElement.HAVE_CURRENT_DATA) return false;
  const scale = Math.min(1, WIDEST / width);
  canvas.width = Math.round(width * scale);
  canvas.height = Math.round(height * scale);
  const context = canvas.getContext("2d");
  context?.drawImage(video, 0, 0, canvas.width, canvas.height);
  return context !== null;
}

/** The canvas as a JPEG file. */
export function jpeg(canvas: HTMLCanvasElement): Promise<Blob> {
  return new Promise((resolve, reject) => {
    const done = (blob: Blob | null) => (blob ? resolve(blob) : reject(new Error("The frame could not be encoded")));
    canvas.toBlob(done, "image/jpeg", QUALITY);
  });
}
