/** A consent that is taken back in one tab stops the cameras of all others at once, before the server is asked. */
const CHANNEL = "moodtide:camera-consent";

/** On the page of choices: tell the other tabs when camera reading is unticked and saved. */
export function tellOfWithdrawal(): void {
  const box = document.querySelector<HTMLInputElement>("form input[type=checkbox][name=camera]");
  box?.form?.addEventListener("submit", () => {
    if (!box.checked) new BroadcastChannel(CHANNEL).postMessage("withdrawn");
  });
}

/** Where a camera may be open: stop when another tab tells. */
export function hearOfWithdrawal(stop: () => void): void {
  new BroadcastChannel(CHANNEL).addEventListener("message", stop);
}
