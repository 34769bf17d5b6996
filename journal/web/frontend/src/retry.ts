const STEPS = [1, 2, 4, 8, 15, 30];

/** Seconds to wait before try number `tries + 1`. */
export function backOff(tries: number): number {
  return STEPS[Math.min(tries, STEPS.length) - 1] ?? 1;
}

/** Wait, or go on at once when the network is back. */
export function pause(seconds: number): Promise<void> {
  return new Promise((resolve) => {
    const go = () => {
      clearTimeout(timer);
      removeEventListener("online", go);
      resolve();
    };
    const timer = setTimeout(go, seconds * 1000);
    addEventListener("online", go);
  });
}
