/** Where the labels of an axis along time stand, and what they say: no more of them than there is room for. */
const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const MONDAY = Date.UTC(1970, 0, 5);

export type Unit = "hour" | "day" | "month" | "year";

export interface Tick {
  readonly at: number;
  readonly text: string;
}

interface Step {
  readonly unit: Unit;
  readonly count: number;
  /** About how long it is, in milliseconds. */
  readonly length: number;
}

const steps = (unit: Unit, length: number, counts: readonly number[]): Step[] => counts.map((count) => ({ unit, count, length: count * length }));
const STEPS = [
  ...steps("hour", HOUR, [1, 2, 3, 6, 12]),
  ...steps("day", DAY, [1, 2, 7, 14]),
  ...steps("month", 30.44 * DAY, [1, 2, 3, 6]),
  ...steps("year", 365.25 * DAY, [1, 2, 5, 10, 20]),
];
const UNITS: readonly Unit[] = ["hour", "day", "month", "year"];

/** Ticks on round moments from `from` to `to`, both in milliseconds, none finer than `finest`. Years stand below where they begin. */
export function ticks(from: number, to: number, room: number, finest: Unit, locale: string): Tick[] {
  const fine = STEPS.filter(({ unit }) => UNITS.indexOf(unit) >= UNITS.indexOf(finest));
  const step = fine.find(({ length }) => (to - from) / length <= room) ?? fine[fine.length - 1]!;
  const found: Tick[] = [];
  let above = "";
  for (let at = first(from, step); at <= to; at = next(at, step)) {
    const line = below(at, step.unit, locale);
    found.push({ at, text: line === above ? label(at, step.unit, locale) : `${label(at, step.unit, locale)}\n${line}` });
    above = line;
  }
  return found;
}

function first(from: number, { unit, count, length }: Step): number {
  if (unit === "hour") return Math.ceil(from / length) * length;
  if (unit === "day") return count < 7 ? Math.ceil(from / DAY) * DAY : MONDAY + Math.ceil((from - MONDAY) / (7 * DAY)) * 7 * DAY;
  const months = unit === "month" ? count : 12 * count;
  const here = new Date(from);
  const begun = 12 * here.getUTCFullYear() + here.getUTCMonth();
  const whole = monthStart(begun) === from ? begun : begun + 1;
  return monthStart(Math.ceil(whole / months) * months);
}

function next(at: number, { unit, count, length }: Step): number {
  if (unit === "hour" || unit === "day") return at + length;
  const here = new Date(at);
  return monthStart(12 * here.getUTCFullYear() + here.getUTCMonth() + (unit === "month" ? count : 12 * count));
}

/** The first moment of a month, counted from the year 0. */
function monthStart(month: number): number {
  return Date.UTC(Math.floor(month / 12), month % 12);
}

function label(at: number, unit: Unit, locale: string): string {
  const styles = { hour: { hour: "2-digit", minute: "2-digit", hourCycle: "h23" }, day: { day: "numeric", month: "short" }, month: { month: "short" }, year: { year: "numeric" } } as const;
  return new Intl.DateTimeFormat(locale, { ...styles[unit], timeZone: "UTC" }).format(at);
}

/** What stands below the first label of a day, or of a year. */
function below(at: number, unit: Unit, locale: string): string {
  if (unit === "year") return "";
  return unit === "hour" ? label(at, "day", locale) : label(at, "year", locale);
}
