/** Count down by seconds. True when it reached zero, false when it was stopped. */
export async function countDown(seconds: number, onSecond: (left: number) => void, signal: AbortSignal): Promise<boolean> {
  for (let left = seconds; left > 0; left--) {
    if (signal.aborted) return false;
    onSecond(left);
    await second(signal);
  }
  return !signal.aborted;
}

function second(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, 1000);
    signal.addEventListener("abort", () => (clearTimeout(timer), resolve()), { once: true });
  });
}
