/** A Web Worker that keeps time: browsers slow the timers of a hidden page, but not those in here. */
interface Order {
  readonly id: number;
  readonly milliseconds: number;
}

addEventListener("message", ({ data }: MessageEvent<Order>) => {
  setTimeout(() => postMessage(data.id), data.milliseconds);
});
