/** The reminders page: opens this browser to notifications, and follows a test until it has arrived. */
import { ability, current, fingerprint, subscribe } from "./browser";
import { token } from "./csrf";
import { need } from "./find";
import { pace } from "./pace";
import { fields } from "./subscription";

const card = need("[data-push]");
const open = need<HTMLButtonElement>("[data-push-open]", card);

function say(what: string): void {
  for (const name of ["insecure", "unable", "denied"]) need(`[data-push-${name}]`, card).hidden = name !== what;
}

function complain(words: string): void {
  const trouble = need("[data-push-trouble]", card);
  trouble.textContent = words;
  trouble.hidden = !words;
}

async function show(): Promise<void> {
  const can = ability();
  say(can);
  const subscription = can === "insecure" || can === "unable" ? undefined : await current();
  const own = subscription && card.querySelector<HTMLElement>(`[data-browser="${await fingerprint(subscription)}"]`);
  if (own) mark(own, subscription);
  open.hidden = can !== "able" || Boolean(own);
}

/** In the list, the browser that this is; removing it ends its subscription here too. */
function mark(own: HTMLElement, subscription: PushSubscription): void {
  need("[data-this]", own).hidden = false;
  const form = need<HTMLFormElement>("form", own);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    void subscription.unsubscribe().finally(() => form.submit());
  });
}

async function openThis(): Promise<void> {
  complain("");
  open.disabled = true;
  try {
    const subscription = await subscribe(card.dataset["key"] ?? "");
    const refusal = subscription && (await hand(subscription));
    if (refusal) complain(refusal);
    else if (subscription) location.reload();
    else say(ability());
  } catch {
    complain(card.dataset["trouble"] ?? "");
  }
  open.disabled = false;
}

/** Give the site the subscription; why it was refused, if it was. */
async function hand(subscription: PushSubscription): Promise<string> {
  const body = new URLSearchParams({ ...fields(subscription), csrfmiddlewaretoken: token() });
  const answer = await fetch(card.dataset["add"] ?? "", { method: "POST", body });
  const said = (await answer.json()) as { error?: { message: string } };
  return said.error?.message ?? "";
}

async function follow(list: HTMLElement): Promise<void> {
  const started = performance.now();
  while (list.querySelector(".trial--waiting")) {
    await new Promise((resolve) => setTimeout(resolve, Math.max(pace(performance.now() - started), 500)));
    const answer = await fetch(list.dataset["trial"] ?? "", { cache: "no-store" }).catch(() => undefined);
    const html = answer?.ok && !answer.redirected ? await answer.text() : "";
    if (html && html.trim() !== list.innerHTML.trim()) list.innerHTML = html;
  }
}

open.addEventListener("click", () => void openThis());
void show();
const trials = need("[data-trial]");
// Whoever has this script needs no link to look again.
document.querySelector<HTMLElement>("[data-trial-again]")?.setAttribute("hidden", "");
void follow(trials);
