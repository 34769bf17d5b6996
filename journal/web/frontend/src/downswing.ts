/** The page about the person's usual: its chart, and the breathing exercise. */
import { Breathe } from "./breathe";
import { load } from "./charts/data";
import { Chart } from "./charts/engine";
import { usual, type Usual } from "./charts/usual";
import { need } from "./find";
import { word } from "./words";

async function draw(place: HTMLElement): Promise<void> {
  const chart = new Chart(place, (day) => location.assign(`/days/${day}`));
  try {
    const found = await load<Usual>(place.dataset["url"] ?? "");
    chart.show((width) => usual(found, width));
  } catch (error) {
    need("[data-status]").textContent = word("trouble");
    throw error;
  }
}

const place = document.querySelector<HTMLElement>("[data-usual]");
if (place) void draw(place);
for (const root of document.querySelectorAll<HTMLElement>("[data-breathe]")) new Breathe(root);
