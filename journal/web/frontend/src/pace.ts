/** After this long the person hears that there is no need to stay. */
export const SLOW = 20_000;

/** Milliseconds to the next look, after `elapsed` of them: quick while a reading is about to come, then calmer. */
export function pace(elapsed: number): number {
  if (elapsed < 2_000) return 60;
  return elapsed < SLOW ? 1_000 : 3_000;
}
