import { takeOne } from "./brief";
import { clientId } from "./clientid";
import { headline, toElement } from "./fragment";
import type { Outcome, Taken } from "./periodic";
import { awaitResult } from "./poll";
import { reason } from "./refusal";
import type { Ticker } from "./ticker";
import { deliver, Refusal, type Shot } from "./upload";
import { clock, word } from "./words";

export interface Surroundings {
  readonly url: string;
  readonly ticker: Ticker;
  lamp(on: boolean): void;
  onNoConsent(): void;
}

/** One periodic snapshot, from the camera to a sentence about it. Throws `CameraFault` where there is no camera. */
export async function takeByItself(takenAt: Date, around: Surroundings): Promise<Taken> {
  const picture = await photograph(around);
  return { outcome: send({ picture, clientId: clientId(), takenAt, source: "periodic" }, around) };
}

async function send(shot: Shot, around: Surroundings): Promise<Outcome> {
  const time = clock(shot.takenAt);
  try {
    const { result, page } = await deliver(around.url, shot, () => undefined);
    const read = toElement(await awaitResult(result, new AbortController().signal, () => undefined));
    return { words: read ? word("taken_read", { time, headline: headline(read) }) : word("taken", { time }), page };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    if (error.code === "no_consent") around.onNoConsent();
    return { words: word("refused", { time, reason: reason(error) }) };
  }
}

async function photograph({ ticker, lamp }: Surroundings): Promise<Blob> {
  lamp(true);
  try {
    return await takeOne(ticker);
  } finally {
    lamp(false);
  }
}
