/** Two minutes of slow breathing as plain arithmetic: where in it a moment lies. */
export const IN = 4;
export const OUT = 6;
export const ROUNDS = 12;
export const WHOLE = (IN + OUT) * ROUNDS;
const SMALLEST = 0.4;

export interface Moment {
  readonly phase: "in" | "out" | "done";
  /** Seconds that the phase still takes, counted down to one. */
  readonly count: number;
  /** How large the tide is, from its smallest to 1. */
  readonly size: number;
  /** Seconds until the end. */
  readonly left: number;
}

/** What is to be done `elapsed` seconds after the beginning. */
export function at(elapsed: number): Moment {
  const left = Math.max(0, WHOLE - elapsed);
  if (left === 0) return { phase: "done", count: 0, size: SMALLEST, left };
  const within = elapsed % (IN + OUT);
  const rising = within < IN;
  const share = rising ? within / IN : (within - IN) / OUT;
  const eased = (1 - Math.cos(Math.PI * share)) / 2;
  return {
    phase: rising ? "in" : "out",
    count: Math.ceil(rising ? IN - within : IN + OUT - within),
    size: SMALLEST + (1 - SMALLEST) * (rising ? eased : 1 - eased),
    left,
  };
}

/** Seconds as a clock: "1:05". */
export function clock(seconds: number): string {
  const whole = Math.ceil(seconds);
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
}
