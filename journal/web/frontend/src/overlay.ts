import { place, type Box, type Placing, type Size } from "./geometry";

/** What to draw over a picture. */
export interface Mark extends Placing {
  readonly box: Box;
  readonly picture: Size;
  /** The address of the emoji's picture; empty where no emotion is present. */
  readonly emoji: string;
}

/** A transparent canvas over a picture: an outline around the face, and an emoji over it. */
export class Overlay {
  private mark: Mark | undefined;
  private face: HTMLImageElement | undefined;
  private showEmoji = true;

  constructor(
    private readonly canvas: HTMLCanvasElement,
    private readonly toggle: HTMLButtonElement,
  ) {
    toggle.addEventListener("click", () => this.flip());
    new ResizeObserver(() => this.draw()).observe(canvas);
  }

  async show(mark: Mark): Promise<void> {
    this.mark = mark;
    this.canvas.hidden = false;
    this.toggle.hidden = mark.emoji === "";
    this.draw();
    const face = await load(mark.emoji);
    if (this.mark !== mark) return;
    this.face = face;
    this.draw();
  }

  clear(): void {
    this.mark = undefined;
    this.face = undefined;
    this.toggle.hidden = true;
    this.draw();
  }

  private flip(): void {
    this.showEmoji = !this.showEmoji;
    this.toggle.textContent = (this.showEmoji ? this.toggle.dataset["hide"] : this.toggle.dataset["show"]) ?? "";
    this.draw();
  }

  private draw(): void {
    const view = { width: this.canvas.clientWidth, height: this.canvas.clientHeight };
    const density = window.devicePixelRatio || 1;
    this.canvas.width = Math.round(view.width * density);
    this.canvas.height = Math.round(view.height * density);
    const pen = this.canvas.getContext("2d");
    if (!pen || !this.mark || !view.width) return;
    pen.scale(density, density);
    const box = place(this.mark.box, this.mark.picture, view, this.mark);
    outline(pen, box);
    if (this.showEmoji && this.face) drawEmoji(pen, box, this.face);
  }
}

function drawEmoji(pen: CanvasRenderingContext2D, box: Box, emoji: HTMLImageElement): void {
  const size = Math.max(box.right - box.left, box.bottom - box.top) * 0.88;
  const [x, y] = [(box.left + box.right) / 2, (box.top + box.bottom) / 2];
  pen.shadowColor = "rgb(0 25 35 / 45%)";
  pen.shadowBlur = size * 0.12;
  pen.drawImage(emoji, x - size / 2, y - size / 2, size, size);
}

async function load(source: string): Promise<HTMLImageElement | undefined> {
  if (!source) return undefined;
  const image = new Image();
  image.src = source;
  try {
    await image.decode();
    return image;
  } catch {
    return undefined; // the outline and the words are there without it
  }
}

/** Four rounded corners: enough to show where, without caging the face. */
function outline(pen: CanvasRenderingContext2D, { left, top, right, bottom }: Box): void {
  const arm = Math.min(right - left, bottom - top) * 0.24;
  const bend = arm * 0.55;
  const corners = new Path2D();
  for (const [x, y, dx, dy] of [[left, top, 1, 1], [right, top, -1, 1], [right, bottom, -1, -1], [left, bottom, 1, -1]] as const) {
    corners.moveTo(x + dx * arm, y);
    corners.lineTo(x + dx * bend, y);
    corners.quadraticCurveTo(x, y, x, y + dy * bend);
    corners.lineTo(x, y + dy * arm);
  }
  pen.lineCap = "round";
  for (const [width, colour] of [[7, "rgb(4 30 38 / 55%)"], [3.5, "#b9f0ee"]] as const) {
    pen.lineWidth = width;
    pen.strokeStyle = colour;
    pen.stroke(corners);
  }
}
