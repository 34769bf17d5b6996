import { word } from "../words";
import type { Goes } from "./data";

const SVG = "http://www.w3.org/2000/svg";

/** One line a tag: its name, a picture of the interval around the middle, and the same in words. */
export function goesList(goes: readonly Goes[], scale: number): HTMLUListElement {
  const list = document.createElement("ul");
  list.className = "goes";
  list.setAttribute("role", "list");
  for (const found of goes) list.append(item(found, scale));
  return list;
}

function item({ name, days, difference, low, high, chance }: Goes, scale: number): HTMLLIElement {
  const line = document.createElement("li");
  const title = document.createElement("span");
  title.textContent = word("tag_days", { name, days });
  const words = document.createElement("span");
  words.className = "muted";
  const value = Math.abs(difference / scale).toFixed(2);
  words.textContent = word(difference >= 0 ? "goes_up" : "goes_down", { value }) + (chance ? ` · ${word("chance")}` : "");
  line.append(title, picture(low / scale, difference / scale, high / scale), words);
  return line;
}

function picture(low: number, middle: number, high: number): SVGElement {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 100 16");
  svg.setAttribute("preserveAspectRatio", "none");
  svg.setAttribute("aria-hidden", "true");
  svg.classList.add("goes__line");
  const x = (value: number) => (50 + Math.max(-1, Math.min(1, value)) * 50).toFixed(2);
  for (const [name, d] of [["goes__zero", "M50 0V16"], ["goes__reach", `M${x(low)} 8H${x(high)}`], ["goes__mean", `M${x(middle)} 3V13`]] as const) {
    const path = document.createElementNS(SVG, "path");
    path.classList.add(name);
    path.setAttribute("d", d);
    svg.append(path);
  }
  return svg;
}
