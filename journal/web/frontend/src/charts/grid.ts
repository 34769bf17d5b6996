import type { Days, Patterns } from "./data";
import type { Option } from "./engine";
import { axis, colour, option, pleasantness } from "./look";

const ROW = 150;
/** An hour with little to go by is fainter, but still to be told from the page. */
const FAINTEST = 0.45;

/** The years that a calendar shows, the newest first. */
export function yearsOf({ days }: Days): string[] {
  return [...new Set(days.map(([day]) => day.slice(0, 4)))].sort().reverse();
}

/** How high the calendar has to be. */
export function calendarHeight(days: Days): number {
  return Math.max(1, yearsOf(days).length) * ROW + 20;
}

export function calendar(found: Days): Option {
  const years = yearsOf(found);
  const locale = document.documentElement.lang;
  const months = Array.from({ length: 12 }, (_, month) => new Intl.DateTimeFormat(locale, { month: "short" }).format(new Date(2024, month, 1)));
  const names = Array.from({ length: 7 }, (_, day) => new Intl.DateTimeFormat(locale, { weekday: "narrow" }).format(new Date(2024, 8, 1 + day)));
  return option({
    visualMap: { min: -1, max: 1, show: false, inRange: { color: pleasantness() } },
    tooltip: {
      ...(option({}) as { tooltip: object }).tooltip,
      formatter: ({ value }: { value: [string, number] }) => `${value[0]}\n${value[1].toFixed(2)}`,
    },
    calendar: years.map((year, row) => ({
      range: year,
      top: row * ROW + 34,
      left: 62,
      right: 8,
      cellSize: ["auto", 14],
      dayLabel: { firstDay: 1, nameMap: names, color: colour("ink-soft"), fontSize: 11 },
      monthLabel: { nameMap: months, color: colour("ink-soft"), fontSize: 12 },
      yearLabel: { color: colour("ink"), fontSize: 15, margin: 34 },
      itemStyle: { color: colour("surface-sunk"), borderColor: colour("surface"), borderWidth: 2 },
      splitLine: { show: false },
    })),
    series: years.map((year, row) => ({
      type: "heatmap",
      coordinateSystem: "calendar",
      calendarIndex: row,
      data: found.days.filter(([day]) => day.startsWith(year)).map(([day, value]) => ({ value: [day, value / found.scale], day })),
    })),
  });
}

export function when({ when: cells, reach, scale }: Patterns): Option {
  const locale = document.documentElement.lang;
  // 2024-01-01 was a Monday.
  const weekdays = Array.from({ length: 7 }, (_, day) => new Intl.DateTimeFormat(locale, { weekday: "short" }).format(new Date(2024, 0, 1 + day)));
  const most = Math.max(1, ...cells.map(([, , , count]) => count));
  return option({
    grid: { left: 48, right: 10, top: 10, bottom: 30 },
    xAxis: { type: "category", data: Array.from({ length: 24 }, (_, hour) => String(hour)), ...axis(), axisLine: { show: false }, splitLine: { show: false } },
    yAxis: { type: "category", data: weekdays, inverse: true, ...axis(), axisLine: { show: false }, splitLine: { show: false } },
    visualMap: { min: -reach / scale, max: reach / scale, show: false, dimension: 2, inRange: { color: pleasantness() } },
    tooltip: {
      ...(option({}) as { tooltip: object }).tooltip,
      formatter: ({ value }: { value: [number, number, number, number] }) => `${weekdays[value[1]]} ${value[0]}:00\n${value[2].toFixed(2)}  (${value[3]})`,
    },
    series: [
      {
        type: "heatmap",
        data: cells.map(([weekday, hour, value, count]) => ({
          value: [hour, weekday, value / scale, count],
          itemStyle: { opacity: FAINTEST + (1 - FAINTEST) * Math.sqrt(count / most), borderColor: colour("surface"), borderWidth: 2 },
        })),
      },
    ],
  });
}
