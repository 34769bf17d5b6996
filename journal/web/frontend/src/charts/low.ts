import { moment } from "./data";
import { colour } from "./look";

const DAY = 86_400_000;

export type Span = readonly [string, string];

/** Low stretches as areas along time, both days within. */
export function lowAreas(spans: readonly Span[]): object[][] {
  return spans.map(([first, last]) => [
    { xAxis: moment(first) - DAY / 2, itemStyle: { color: colour("sand-edge"), opacity: 0.24 } },
    { xAxis: moment(last) + DAY / 2 },
  ]);
}
