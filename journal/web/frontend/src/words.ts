import { need } from "./find";

/** A sentence from the page's templates, where it was translated, with its {places} filled. */
export function word(name: string, values: Record<string, string | number> = {}): string {
  const text = need<HTMLTemplateElement>(`template[data-word="${name}"]`).content.textContent ?? "";
  return text.trim().replace(/\{(\w+)\}/g, (place, key: string) => String(values[key] ?? place));
}

/** A fresh copy of a piece of the page that waits in a template. */
export function piece(kind: "panel" | "result", name: string): DocumentFragment {
  const template = need<HTMLTemplateElement>(`template[data-${kind}="${name}"]`);
  return document.importNode(template.content, true);
}

/** Hour and minute as the person writes them. */
export function clock(moment: Date): string {
  return moment.toLocaleTimeString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
}
