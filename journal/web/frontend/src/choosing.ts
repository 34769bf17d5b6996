import type { Stage } from "./stage";

/** A photo from this device: chosen with the button, or dropped anywhere on the page. */
export function hearFiles(input: HTMLInputElement, stage: Stage, onFile: (file: File) => void): void {
  input.addEventListener("change", () => {
    const file = input.files?.[0];
    input.value = ""; // so that the same file can be chosen again
    if (file) onFile(file);
  });
  // Unheard, a dropped photo would open in place of the page.
  document.addEventListener("dragover", (event) => {
    event.preventDefault();
    stage.dragging = true;
  });
  document.addEventListener("dragleave", (event) => {
    if (event.relatedTarget === null) stage.dragging = false;
  });
  document.addEventListener("drop", (event) => {
    event.preventDefault();
    stage.dragging = false;
    const file = event.dataTransfer?.files[0];
    if (file) onFile(file);
  });
}
