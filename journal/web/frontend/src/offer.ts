/** What the camera saw, offered to a check-in: taking it over ticks its emotions, which stay the person's to correct. */
export class Offer {
  private readonly emotions: HTMLInputElement[];

  constructor(root: HTMLElement) {
    this.emotions = [...root.querySelectorAll<HTMLInputElement>("[name=emotions]")];
    const take = root.querySelector<HTMLInputElement>("[data-take-over]");
    if (!take) return;
    const seen = (take.dataset["present"] ?? "").split(" ");
    take.addEventListener("input", () => this.tick(seen, take.checked));
    // With nothing ticked there is nothing that was taken over.
    root.addEventListener("input", () => (take.checked &&= this.emotions.some(({ checked }) => checked)));
  }

  private tick(seen: readonly string[], on: boolean): void {
    for (const emotion of this.emotions) if (seen.includes(emotion.value)) emotion.checked = on;
  }
}
