import { need } from "./find";

/** A button that copies the text beside it; it stays hidden where the browser has no clipboard for this page. */
export function offerCopies(): void {
  if (!navigator.clipboard) return;
  for (const field of document.querySelectorAll<HTMLElement>("[data-copy]")) offerCopy(field);
}

function offerCopy(field: HTMLElement): void {
  const text = need<HTMLInputElement>("[data-copy-text]", field);
  const button = need<HTMLButtonElement>("[data-copy-button]", field);
  button.hidden = false;
  button.addEventListener("click", async () => {
    text.select();
    await navigator.clipboard.writeText(text.value);
    const copied = button.dataset["copied"] ?? "";
    button.textContent = copied;
    need("[data-copy-said]", field).textContent = copied;
  });
}
