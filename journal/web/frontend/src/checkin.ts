/** A check-in being written. */
import { Autosave } from "./autosave";
import { need } from "./find";
import { NewTag } from "./newtag";
import { Offer } from "./offer";
import { Slider } from "./sliders";

/** This device's time as a datetime-local field has it. */
function localNow(): string {
  const now = new Date();
  return new Date(now.getTime() - now.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}

function begin(form: HTMLFormElement): void {
  const autosave = new Autosave(form);
  const at = need<HTMLInputElement>("[name=at]", form);
  const state = need("[data-state]", form);
  const sliders = () => [...form.querySelectorAll<HTMLElement>("[data-slider]")].map((root) => new Slider(root));
  const changed = () => {
    // From the first word on, its moment stands; the person may still change it.
    if (!at.value) at.value = localNow();
    autosave.changed();
  };
  const restored = autosave.takeUp();
  sliders();
  new Offer(need("[data-emotions]", form));
  new NewTag(need("[data-tags]", form), changed, (words) => (state.textContent = words));
  form.addEventListener("input", ({ target }) => {
    if (target instanceof Element && !target.closest("[data-new-tag]")) changed();
  });
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (!at.value) at.value = localNow();
    if (await autosave.flush()) location.assign(`${form.action}/done`);
  });
  if (restored) void autosave.flush();
}

const form = document.querySelector<HTMLFormElement>("[data-checkin]");
if (form) begin(form);
