import { pace } from "./pace";
import { Refusal } from "./upload";

/** Ask for the result until it is final and return its HTML. Throws `Refusal`, or `AbortError` when stopped. */
export async function awaitResult(
  url: string,
  signal: AbortSignal,
  onWaiting: (html: string, elapsed: number) => void,
): Promise<string> {
  const started = performance.now();
  for (;;) {
    const answer = await look(url, signal);
    if (answer?.status === 200) return answer.text();
    const elapsed = performance.now() - started;
    if (answer) onWaiting(await answer.text(), elapsed);
    await sleep(pace(elapsed), signal);
  }
}

/** One look; undefined where nothing was reached and another look may. */
async function look(url: string, signal: AbortSignal): Promise<Response | undefined> {
  let answer: Response;
  try {
    answer = await fetch(url, { signal, headers: { "X-Requested-With": "fetch" }, cache: "no-store" });
  } catch (error) {
    if (signal.aborted) throw error;
    return undefined;
  }
  if (answer.redirected || answer.status === 403) throw new Refusal("signed_out");
  if (answer.status === 404) throw new Refusal("gone");
  return answer.status === 200 || answer.status === 202 ? answer : undefined;
}

function sleep(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, milliseconds);
    signal.addEventListener("abort", () => (clearTimeout(timer), resolve()), { once: true });
  });
}
