import { word } from "../words";
import { moment, withGaps, type Packed } from "./data";
import { ticks } from "./dates";
import type { Option } from "./engine";
import { axis, colour, EMOTIONS, option } from "./look";
import { lowAreas } from "./low";

export const GRID = { left: 44, right: 18, top: 16, bottom: 46 };
/** How wide a label along time may get, with the space around it. */
const LABEL = 72;
const FINEST = { hour: "hour", day: "day", week: "day", month: "month" } as const;

export function date(at: number, grain: Packed["grain"]): string {
  const style = grain === "hour" ? { dateStyle: "medium", timeStyle: "short" } : { dateStyle: "medium" };
  return new Intl.DateTimeFormat(document.documentElement.lang, { ...(style as object), timeZone: "UTC" }).format(at);
}

function day(at: number): string {
  return new Date(at).toISOString().slice(0, 10);
}

/** The axis under these moments, in a chart so many pixels wide. */
export function timeAxis(at: readonly string[], grain: Packed["grain"], width: number): object {
  const room = Math.max(2, Math.floor((width - GRID.left - GRID.right) / LABEL));
  const found = at.length ? ticks(moment(at[0]!), moment(at[at.length - 1]!), room, FINEST[grain], document.documentElement.lang) : [];
  const texts = new Map(found.map(({ at: place, text }) => [place, text]));
  const customValues = [...texts.keys()];
  return {
    type: "time",
    useUTC: true,
    ...axis(),
    axisLabel: { ...(axis()["axisLabel"] as object), customValues, lineHeight: 17, formatter: (place: number) => texts.get(place) ?? "" },
    splitLine: { show: false },
  };
}

/** A line across the chart on each day on which another model began to read. */
function marks({ switches }: Packed): object {
  return {
    silent: true,
    symbol: "none",
    animation: false,
    lineStyle: { color: colour("ink-soft"), type: "dashed", width: 1 },
    label: { formatter: ({ name }: { name: string }) => name, color: colour("ink-soft"), fontSize: 11, position: "insideEndTop" },
    data: switches.map(([day, name]) => ({ xAxis: moment(day), name })),
  };
}

/** Dots for days, a line for their mean, a band for what is usual. */
export function valence(packed: Packed, width: number): Option {
  const dots = (said: number) =>
    packed.at.flatMap((at, number) => {
      const value = packed.valence[number];
      if (value === null || value === undefined || packed.said[number] !== said) return [];
      return [{ value: [moment(at), value / packed.scale], day: at.slice(0, 10) }];
    });
  // Many dots are small, so that the line above them can be seen.
  const symbol = Math.min(9, Math.max(3, (1.5 * width) / packed.at.length));
  const ring = symbol < 6 ? 1 : 1.5;
  const band = packed.usual?.map((value) => value / packed.scale);
  return option({
    useUTC: true,
    grid: GRID,
    xAxis: timeAxis(packed.at, packed.grain, width),
    yAxis: { type: "value", min: -1, max: 1, interval: 0.5, ...axis() },
    tooltip: {
      ...(option({}) as { tooltip: object }).tooltip,
      formatter: ({ value }: { value: [number, number] }) => `${date(value[0], packed.grain)}\n${value[1].toFixed(2)}`,
    },
    series: [
      {
        type: "line",
        name: word("smooth"),
        data: withGaps(packed, packed.smooth, 7),
        showSymbol: false,
        silent: true,
        z: 3,
        lineStyle: { color: colour("tide"), width: 2.5 },
        markLine: marks(packed),
        markArea: {
          silent: true,
          itemStyle: { color: colour("tide"), opacity: 0.12 },
          data: [...lowAreas(packed.low), ...(band ? [[{ yAxis: band[0] }, { yAxis: band[1] }]] : [])],
        },
      },
      {
        type: "scatter",
        name: word("camera"),
        data: dots(0),
        symbolSize: symbol,
        itemStyle: { color: colour("surface"), borderColor: colour("tide"), borderWidth: ring },
      },
      { type: "scatter", name: word("said"), data: dots(1), symbolSize: symbol, itemStyle: { color: colour("tide") } },
    ],
  });
}

/** Stacked areas of the eight. Each step's mixture is shown as shares of its own sum. */
export function mixture(packed: Packed, width: number): Option {
  const sums = packed.mixture.map((shares) => shares?.reduce((total, share) => total + share, 0) ?? 0);
  const column = (which: number) =>
    packed.mixture.map((shares, number) => (shares && sums[number] ? ((shares[which] ?? 0) / sums[number]) * packed.scale : null));
  return option({
    useUTC: true,
    grid: GRID,
    xAxis: timeAxis(packed.at, packed.grain, width),
    yAxis: { type: "value", min: 0, max: 1, interval: 0.25, ...axis(), axisLabel: { ...(axis()["axisLabel"] as object), formatter: (v: number) => `${v * 100} %` } },
    tooltip: {
      ...(option({}) as { tooltip: object }).tooltip,
      trigger: "axis",
      formatter: (rows: { seriesName: string; value: [number, number | null]; marker: string }[]) =>
        [date(rows[0]?.value[0] ?? 0, packed.grain), ...rows.filter(({ value }) => (value[1] ?? 0) >= 0.01).map(({ seriesName, value }) => `${seriesName}  ${Math.round((value[1] ?? 0) * 100)} %`)].join("\n"),
    },
    series: EMOTIONS.map((emotion, which) => ({
      type: "line",
      name: word(`emotion_${emotion}`),
      stack: "mixture",
      data: withGaps(packed, column(which)).map((value) => ({ value, day: day(value[0]) })),
      showSymbol: packed.at.length < 3,
      symbolSize: 4,
      triggerLineEvent: true,
      lineStyle: { width: 0 },
      areaStyle: { color: colour(emotion), opacity: 0.9 },
      itemStyle: { color: colour(emotion) },
      emphasis: { disabled: true },
      ...(which === 0 ? { markLine: marks(packed) } : {}),
    })),
  });
}
