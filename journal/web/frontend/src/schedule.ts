/**
 * When the next periodic snapshot is due. Pure arithmetic on milliseconds: no clock, no page. The clock decides, not a
 * sum of timers, because timers of a hidden tab are late and those of a sleeping machine stand still.
 */
export const SHORTEST = 5;
export const LONGEST = 240;
/** A snapshot this late was missed in sleep. It is left out, never made up for. */
export const TOO_LATE = 90_000;
/** After this long without a word from the person, snapshots wait. */
export const UNATTENDED = 2 * 60 * 60_000;

const MINUTE = 60_000;

export interface Schedule {
  readonly state: "running" | "paused" | "asking";
  readonly every: number;
  /** When the next one is due. Means nothing unless running. */
  readonly due: number;
  /** What was left when it stopped running. */
  readonly left: number;
  /** When the person last showed to be there. */
  readonly confirmed: number;
}

export type Verdict = "wait" | "shoot" | "skip" | "ask";

/** Whole minutes within bounds; `otherwise` where no number was given. */
export function clampMinutes(minutes: number, otherwise: number): number {
  const given = Number.isFinite(minutes) ? minutes : otherwise;
  return Math.min(LONGEST, Math.max(SHORTEST, Math.round(given)));
}

export function begin(now: number, minutes: number): Schedule {
  const every = minutes * MINUTE;
  return { state: "running", every, due: now + every, left: every, confirmed: now };
}

/** Look at the clock: what is to be done now, and the schedule from here on. */
export function tick(schedule: Schedule, now: number): { schedule: Schedule; verdict: Verdict } {
  if (schedule.state !== "running") return { schedule, verdict: "wait" };
  if (now - schedule.confirmed >= UNATTENDED) return { schedule: stop(schedule, now, "asking"), verdict: "ask" };
  // The clock was set back: the next one is never further away than one interval.
  if (schedule.due - now > schedule.every) return { schedule: { ...schedule, due: now + schedule.every }, verdict: "wait" };
  if (now < schedule.due) return { schedule, verdict: "wait" };
  const verdict = now - schedule.due > TOO_LATE ? "skip" : "shoot";
  return { schedule: { ...schedule, due: nextOnGrid(schedule, now) }, verdict };
}

/** The first due time that lies ahead, keeping step with those before it. */
function nextOnGrid({ due, every }: Schedule, now: number): number {
  return due + every * (Math.floor((now - due) / every) + 1);
}

export function pause(schedule: Schedule, now: number): Schedule {
  return schedule.state === "running" ? stop(schedule, now, "paused") : schedule;
}

function stop(schedule: Schedule, now: number, state: "paused" | "asking"): Schedule {
  return { ...schedule, state, left: remaining(schedule, now) };
}

/** Go on where it stopped. The person has shown to be there. */
export function resume(schedule: Schedule, now: number): Schedule {
  if (schedule.state === "running") return schedule;
  // What was due while asking is not shot the moment the person presses a button: a fresh interval begins.
  const left = schedule.left || schedule.every;
  return { ...schedule, state: "running", due: now + left, confirmed: now };
}

/** Change the interval. The next one is due a new interval from now. */
export function retime(schedule: Schedule, now: number, minutes: number): Schedule {
  return { ...schedule, every: minutes * MINUTE, due: now + minutes * MINUTE, left: minutes * MINUTE, confirmed: now };
}

/** Milliseconds to the next snapshot. */
export function remaining(schedule: Schedule, now: number): number {
  if (schedule.state !== "running") return schedule.left;
  return Math.min(schedule.every, Math.max(0, schedule.due - now));
}

/** "4:05", "1:00:00": rounded up, so that 0:00 means now. */
export function clockText(milliseconds: number): string {
  const seconds = Math.ceil(milliseconds / 1000);
  const [hours, minutes, rest] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  const two = (part: number) => String(part).padStart(2, "0");
  return hours ? `${hours}:${two(minutes)}:${two(rest)}` : `${minutes}:${two(rest)}`;
}
