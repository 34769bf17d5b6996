import type { Option } from "./engine";

export const EMOTIONS = ["neutral", "happiness", "surprise", "sadness", "anger", "disgust", "fear", "contempt"] as const;

/** A colour of the style sheet, as it is now: by day or by night. */
export function colour(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
}

/** What all charts have in common. Tooltips are drawn on the canvas: the site's policy forbids styles in HTML. */
export function common(): Record<string, unknown> {
  return {
    animation: !matchMedia("(prefers-reduced-motion: reduce)").matches,
    animationDuration: 350,
    textStyle: { fontFamily: getComputedStyle(document.body).fontFamily, color: colour("ink") },
    tooltip: {
      renderMode: "richText",
      confine: true,
      backgroundColor: colour("surface"),
      borderColor: colour("line"),
      textStyle: { color: colour("ink"), fontSize: 14 },
    },
  };
}

export function axis(): Record<string, unknown> {
  return {
    axisLine: { lineStyle: { color: colour("edge") } },
    axisTick: { show: false },
    axisLabel: { color: colour("ink-soft"), fontSize: 13, hideOverlap: true },
    splitLine: { lineStyle: { color: colour("line") } },
  };
}

export function option(parts: Record<string, unknown>): Option {
  return { ...common(), ...parts } as Option;
}

/** Sadness by way of a grey to happiness: apart for every kind of sight, since it also runs from dark to light. */
export function pleasantness(): string[] {
  return [colour("sadness"), colour("between"), colour("happiness")];
}
