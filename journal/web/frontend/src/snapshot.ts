/** The page of one snapshot: waits for its result, and marks the face where the picture was kept. */
import { need } from "./find";
import { headline, markOf, toElement } from "./fragment";
import { Overlay } from "./overlay";
import { awaitResult } from "./poll";
import { Refusal } from "./upload";

async function wait(card: HTMLElement, url: string): Promise<void> {
  const html = await awaitResult(url, new AbortController().signal, (waiting) => swap(card, waiting));
  swap(card, html);
  const result = card.querySelector<HTMLElement>(".result");
  if (!result) return;
  need("[data-say]", card).textContent = headline(result);
  await markPicture(result);
}

/** Put a newer fragment in the place of the one shown; the same words stay untouched. */
function swap(card: HTMLElement, html: string): void {
  const [shown, result] = [need(".result", card), toElement(html)];
  if (result && result.textContent !== shown.textContent) shown.replaceWith(result);
}

async function markPicture(result: HTMLElement): Promise<void> {
  const figure = result.querySelector<HTMLElement>("[data-picture]");
  if (!figure) return;
  const image = need<HTMLImageElement>("img", figure);
  image.loading = "eager";
  await image.decode();
  const size = { width: image.naturalWidth, height: image.naturalHeight };
  const mark = markOf(result, size, { fit: "cover", mirrored: false });
  if (mark) await new Overlay(need("canvas", figure), need("[data-toggle-emoji]", figure)).show(mark);
}

const card = document.querySelector<HTMLElement>("[data-snapshot-page]");
if (card) {
  const url = card.dataset["wait"];
  const done = url ? wait(card, url) : markPicture(need(".result", card));
  done.catch((error: unknown) => {
    // Signed out or discarded elsewhere, or the kept picture is gone: the page as it stands is still right.
    if (!(error instanceof Refusal) && !(error instanceof DOMException)) throw error;
  });
}
