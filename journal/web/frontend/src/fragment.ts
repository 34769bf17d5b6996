import { parseBox, type Placing, type Size } from "./geometry";
import type { Mark } from "./overlay";

/** The server's HTML as an element. It comes from this site's own templates, which escape what people wrote. */
export function toElement(html: string): HTMLElement | undefined {
  const template = document.createElement("template");
  template.innerHTML = html;
  const root = document.importNode(template.content, true).querySelector<HTMLElement>(".result");
  return root ?? undefined;
}

/** What a result says in one sentence. */
export function headline(result: Element): string {
  return result.querySelector("[data-headline]")?.textContent?.trim() ?? "";
}

/** What to draw over the picture that a result is about; undefined where no face was read. */
export function markOf(result: HTMLElement, picture: Size, placing: Placing): Mark | undefined {
  const box = parseBox(result.dataset["box"] ?? "");
  if (!box) return undefined;
  return { box, picture, emoji: result.dataset["emoji"] ?? "", ...placing };
}
