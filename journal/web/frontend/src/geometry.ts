/** Where things lie on the screen. Pure arithmetic: no page needed. */
export interface Size {
  readonly width: number;
  readonly height: number;
}

/** A rectangle by its sides. */
export interface Box {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

export interface Placing {
  /** As in CSS `object-fit`. */
  readonly fit: "cover" | "contain";
  readonly mirrored: boolean;
}

/** Read "l,t,r,b" in shares of the picture; undefined if that is not what it says. */
export function parseBox(text: string): Box | undefined {
  const sides = text.split(",").map(Number);
  const [left, top, right, bottom] = sides;
  if (sides.length !== 4 || sides.some((side) => !Number.isFinite(side))) return undefined;
  if (left === undefined || top === undefined || right === undefined || bottom === undefined) return undefined;
  return right > left && bottom > top ? { left, top, right, bottom } : undefined;
}

/** From shares of a picture to pixels of the view that shows it. */
export function place(box: Box, picture: Size, view: Size, { fit, mirrored }: Placing): Box {
  const across = view.width / picture.width;
  const down = view.height / picture.height;
  const scale = fit === "cover" ? Math.max(across, down) : Math.min(across, down);
  const width = picture.width * scale;
  const height = picture.height * scale;
  const offsetX = (view.width - width) / 2;
  const offsetY = (view.height - height) / 2;
  const left = mirrored ? 1 - box.right : box.left;
  const right = mirrored ? 1 - box.left : box.right;
  return {
    left: offsetX + left * width,
    right: offsetX + right * width,
    top: offsetY + box.top * height,
    bottom: offsetY + box.bottom * height,
  };
}
