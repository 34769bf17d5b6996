import { toElement } from "./fragment";

export interface Hearing {
  onAnswered(result: HTMLElement): void;
  onDiscarded(): void;
  onTrouble(): void;
}

/** Send the person's answers to a reading from within the page; without this the forms work as forms do. */
export function hearAnswers(panel: HTMLElement, hearing: Hearing): void {
  panel.addEventListener("submit", (event) => {
    const form = event.target;
    if (!(form instanceof HTMLFormElement) || form.dataset["answer"] === undefined) return;
    event.preventDefault();
    void send(form, event.submitter, hearing);
  });
}

async function send(form: HTMLFormElement, submitter: HTMLElement | null, hearing: Hearing): Promise<void> {
  const button = submitter instanceof HTMLButtonElement ? submitter : undefined;
  const body = new FormData(form);
  if (button?.name) body.set(button.name, button.value);
  if (button) button.disabled = true; // a double press is one answer
  try {
    const answer = await fetch(form.action, { method: "POST", body, headers: { "X-Requested-With": "fetch" } });
    if (answer.status === 204) return hearing.onDiscarded();
    const result = answer.ok && !answer.redirected ? toElement(await answer.text()) : undefined;
    if (result) return hearing.onAnswered(result);
    hearing.onTrouble();
  } catch {
    hearing.onTrouble();
  }
  if (button) button.disabled = false;
}
