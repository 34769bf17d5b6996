import { word } from "../words";
import { moment } from "./data";
import type { Option } from "./engine";
import { axis, colour, option } from "./look";
import { lowAreas, type Span } from "./low";
import { date, GRID, timeAxis } from "./time";

/** What the server sends; numbers in thousandths. */
export interface Usual {
  readonly scale: number;
  readonly at: readonly string[];
  readonly value: readonly number[];
  readonly said: readonly number[];
  readonly band: readonly (readonly [number, number] | null)[];
  readonly low: readonly Span[];
}

/** Dots for days over the band of what is usual on each; low stretches on another ground. */
export function usual({ at, value, said, band, low, scale }: Usual, width: number): Option {
  const edge = (pick: (ends: readonly [number, number]) => number) =>
    at.map((day, number) => {
      const ends = band[number];
      return [moment(day), ends ? pick(ends) / scale : null];
    });
  const dots = (kind: number) =>
    at.flatMap((day, number) => (said[number] === kind ? [{ value: [moment(day), (value[number] ?? 0) / scale], day }] : []));
  const line = { type: "line", showSymbol: false, silent: true, symbol: "none", lineStyle: { width: 0 }, stack: "usual" };
  return option({
    useUTC: true,
    grid: GRID,
    xAxis: timeAxis(at, "day", width),
    yAxis: { type: "value", min: -1, max: 1, interval: 0.5, ...axis() },
    tooltip: {
      ...(option({}) as { tooltip: object }).tooltip,
      formatter: ({ value: [when, shown] }: { value: [number, number] }) => `${date(when, "day")}\n${shown.toFixed(2)}`,
    },
    series: [
      // From the lower edge up, the second area is as high as the band. "all", for edges below zero stack too.
      { ...line, stackStrategy: "all", data: edge(([from]) => from) },
      { ...line, stackStrategy: "all", name: word("usual"), data: edge(([from, to]) => to - from), areaStyle: { color: colour("tide"), opacity: 0.14 } },
      { type: "scatter", name: word("camera"), data: dots(0), symbolSize: 8, itemStyle: { color: colour("surface"), borderColor: colour("tide"), borderWidth: 1.5 } },
      {
        type: "scatter",
        name: word("said"),
        data: dots(1),
        symbolSize: 8,
        itemStyle: { color: colour("tide") },
        markArea: { silent: true, data: lowAreas(low) },
      },
    ],
  });
}
