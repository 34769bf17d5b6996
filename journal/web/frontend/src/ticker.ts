/** Time that also passes while the page is hidden. */
export class Ticker {
  private worker: Worker | undefined;
  private readonly waiting = new Map<number, () => void>();
  private last = 0;

  constructor(url: string) {
    this.worker = startWorker(url);
    this.worker?.addEventListener("message", ({ data }: MessageEvent<number>) => this.wake(data));
    // A worker that dies (its file could not be loaded) must not leave anybody waiting.
    this.worker?.addEventListener("error", () => this.doWithout());
  }

  wait(milliseconds: number): Promise<void> {
    return new Promise((resolve) => {
      if (!this.worker) return void setTimeout(resolve, milliseconds);
      const id = ++this.last;
      this.waiting.set(id, resolve);
      this.worker.postMessage({ id, milliseconds });
    });
  }

  private doWithout(): void {
    this.worker = undefined;
    for (const id of [...this.waiting.keys()]) this.wake(id);
  }

  private wake(id: number): void {
    this.waiting.get(id)?.();
    this.waiting.delete(id);
  }
}

function startWorker(url: string): Worker | undefined {
  try {
    return new Worker(url);
  } catch {
    return undefined; // plain timers then: late in a hidden tab, but still right by the clock
  }
}
