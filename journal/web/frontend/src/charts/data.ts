/** What the server sends; numbers in thousandths. */
export interface Packed {
  readonly grain: "hour" | "day" | "week" | "month";
  readonly scale: number;
  readonly at: readonly string[];
  readonly mixture: readonly (readonly number[] | null)[];
  readonly valence: readonly (number | null)[];
  readonly said: readonly number[];
  readonly smooth: readonly (number | null)[];
  readonly usual: readonly [number, number] | null;
  readonly low: readonly (readonly [string, string])[];
  /** Days on which another model began to read, and its name. */
  readonly switches: readonly (readonly [string, string])[];
}

export interface Days {
  readonly days: readonly (readonly [string, number, number])[];
  readonly scale: number;
}

export interface Goes {
  readonly name: string;
  readonly days: number;
  readonly difference: number;
  readonly low: number;
  readonly high: number;
  readonly chance: boolean;
}

export interface Patterns {
  readonly when: readonly (readonly [number, number, number, number])[];
  /** How far the colours of "when" go to both sides. */
  readonly reach: number;
  readonly goes: readonly Goes[];
  readonly scale: number;
}

/** Fetch JSON; a site that answers otherwise is an error, and so is an answer that nobody waits for any more. */
export async function load<T>(url: string, signal?: AbortSignal): Promise<T> {
  const answer = await fetch(url, { headers: { Accept: "application/json" }, signal: signal ?? null });
  if (!answer.ok || answer.redirected) throw new Error(`${url} answered ${answer.status}`);
  return (await answer.json()) as T;
}

const DAY = 86_400_000;
const STEP = { hour: DAY / 2, day: DAY, week: 7 * DAY, month: 31 * DAY };

/** A moment without a zone as the chart's axis takes it: all charts show local time. */
export function moment(at: string): number {
  return Date.parse(at.length === 10 ? `${at}T00:00Z` : `${at}Z`);
}

export type Place = readonly [number, number | null];

/** A column along time, with a break wherever `steps` or more are missing: a gap must look like one. */
export function withGaps({ at, grain, scale }: Packed, column: readonly (number | null)[], steps = 1): Place[] {
  const places: Place[] = [];
  let last = Number.NEGATIVE_INFINITY;
  at.forEach((text, number) => {
    const here = moment(text);
    const value = column[number] ?? null;
    if (value === null) return;
    if (here - last > STEP[grain] * (steps + 0.5) && places.length) places.push([last + STEP[grain], null]);
    places.push([here, value / scale]);
    last = here;
  });
  return places;
}
