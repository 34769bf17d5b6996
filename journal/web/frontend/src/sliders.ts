import { need } from "./find";

/** A slider that says nothing until it is moved, and then says in words where it stands. */
export class Slider {
  private readonly range: HTMLInputElement;
  private readonly set: HTMLInputElement;
  private readonly words: string[];

  constructor(private readonly root: HTMLElement) {
    this.range = need("[data-slider-range]", root);
    this.set = need("[data-slider-set]", root);
    this.words = (this.range.dataset["said"] ?? "").split("|");
    this.range.addEventListener("input", () => this.move());
    this.set.addEventListener("change", () => this.show());
    this.show();
  }

  show(): void {
    this.root.classList.toggle("slider--set", this.set.checked);
    const step = 200 / this.words.length;
    const place = Math.min(this.words.length - 1, Math.floor((this.range.valueAsNumber + 100) / step));
    this.range.setAttribute("aria-valuetext", this.set.checked ? (this.words[place] ?? "") : "—");
    this.range.style.setProperty("--at", `${(this.range.valueAsNumber + 100) / 2}%`);
  }

  private move(): void {
    this.set.checked = true;
    this.show();
  }
}
