const BEAT = 2_000;

/** Keep the note about the reader up to date until it is ready. */
export class WorkerNote {
  private watching = false;

  constructor(
    private readonly place: HTMLElement,
    private readonly url: string,
  ) {}

  async watch(): Promise<void> {
    if (this.watching) return;
    this.watching = true;
    while (!this.ready) {
      await new Promise((resolve) => setTimeout(resolve, BEAT));
      if (!document.hidden) await this.look();
    }
    this.watching = false;
  }

  private get ready(): boolean {
    return this.place.querySelector('[data-worker="ready"]') !== null;
  }

  /** Look once; a site that can't be reached just now leaves the note as it is. */
  async look(): Promise<void> {
    try {
      const answer = await fetch(this.url, { headers: { "X-Requested-With": "fetch" }, cache: "no-store" });
      const html = answer.ok && !answer.redirected ? await answer.text() : "";
      // Words that have not changed are not put in anew, so that nobody hears them twice.
      if (html && html.trim() !== this.place.innerHTML.trim()) this.place.innerHTML = html;
    } catch {
      return;
    }
  }
}
