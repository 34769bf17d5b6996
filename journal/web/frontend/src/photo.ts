const LARGEST = 1280;

/** Whether a chosen or dropped file may be a picture; the site has the last word. */
export function looksLikePicture(file: File): boolean {
  return /^image\//.test(file.type) || /\.(jpe?g|png|webp|hei[cf])$/i.test(file.name);
}

/** Draw a photo upright onto `canvas`; false where this browser can't show it (HEIC), which hinders nothing else. */
export async function drawPhoto(file: Blob, canvas: HTMLCanvasElement): Promise<boolean> {
  let bitmap: ImageBitmap;
  try {
    bitmap = await createImageBitmap(file);
  } catch {
    return false;
  }
  const scale = Math.min(1, LARGEST / Math.max(bitmap.width, bitmap.height));
  canvas.width = Math.round(bitmap.width * scale);
  canvas.height = Math.round(bitmap.height * scale);
  canvas.getContext("2d")?.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
  bitmap.close();
  return true;
}

/** The size of a frame in which there is nothing to see. */
export const BLANK = { width: 4, height: 3 };

/** Leave a plain dark frame where there is nothing to show. */
export function drawNothing(canvas: HTMLCanvasElement): void {
  Object.assign(canvas, BLANK);
}
