/** The charts of the journal. */
import { load, type Days, type Packed, type Patterns } from "./charts/data";
import { Chart } from "./charts/engine";
import { goesList } from "./charts/goes";
import { calendar, calendarHeight, when } from "./charts/grid";
import { EMOTIONS } from "./charts/look";
import { tableOf } from "./charts/table";
import { mixture, valence } from "./charts/time";
import { need } from "./find";
import { word } from "./words";

const MOST_AREAS = 120;

class History {
  private readonly status: HTMLElement;
  private readonly charts = new Map<string, Chart>();

  constructor(private readonly root: HTMLElement) {
    this.status = need("[data-status]", root);
    for (const place of root.querySelectorAll<HTMLElement>("[data-chart]")) {
      this.charts.set(place.dataset["chart"] ?? "", new Chart(place, (day) => this.open(day)));
    }
    need("[data-ranges]", root).addEventListener("change", () => void this.guarded(() => this.time()));
  }

  async begin(): Promise<void> {
    await this.guarded(async () => {
      await this.time();
      await Promise.all([this.years(), this.patterns()]);
    });
  }

  private get range(): string {
    return need<HTMLInputElement>("[name=range]:checked", this.root).value;
  }

  private async guarded(draw: () => Promise<void>): Promise<void> {
    this.status.textContent = word("loading");
    try {
      await draw();
      if (this.status.textContent === word("loading")) this.status.textContent = "";
    } catch (error) {
      this.status.textContent = word("trouble");
      throw error;
    }
  }

  private async time(): Promise<void> {
    const query = `?range=${this.range}`;
    history.replaceState(null, "", query);
    need<HTMLAnchorElement>("[data-csv]", this.root).href = (this.root.dataset["csvUrl"] ?? "") + query;
    const packed = await load<Packed>((this.root.dataset["url"] ?? "") + query);
    if (packed.at.length === 0) this.status.textContent = word("empty");
    this.charts.get("valence")?.show(() => valence(packed));
    const areas = await this.coarser(packed, query);
    this.charts.get("mixture")?.show(() => mixture(areas));
    this.table("valence", valenceTable(packed));
    this.table("mixture", mixtureTable(areas));
  }

  /** Areas by the week where there are more days than a chart has room for. */
  private async coarser(packed: Packed, query: string): Promise<Packed> {
    if (packed.grain !== "day" || packed.at.length <= MOST_AREAS) return packed;
    return load<Packed>(`${this.root.dataset["url"] ?? ""}${query}&grain=week`);
  }

  private async years(): Promise<void> {
    const days = await load<Days>(this.root.dataset["calendarUrl"] ?? "");
    need<HTMLElement>("[data-chart=year]", this.root).style.blockSize = `${calendarHeight(days)}px`;
    this.charts.get("year")?.show(() => calendar(days));
  }

  private async patterns(): Promise<void> {
    const patterns = await load<Patterns>(this.root.dataset["patternsUrl"] ?? "");
    this.charts.get("when")?.show(() => when(patterns));
    const rows = patterns.when.map(([day, hour, value, count]) => [weekday(day), `${hour}:00`, (value / patterns.scale).toFixed(2), String(count)]);
    this.table("when", tableOf([word("day"), word("hour"), word("valence"), word("count")], rows));
    need("[data-goes]", this.root).replaceChildren(goesList(patterns.goes, patterns.scale));
    need("[data-goes-none]", this.root).hidden = patterns.goes.length > 0;
  }

  private table(name: string, table: HTMLElement): void {
    need(`[data-table=${name}]`, this.root).replaceChildren(table);
  }

  private open(day: string): void {
    location.assign((this.root.dataset["dayUrl"] ?? "").replace(/[^/]+$/, day));
  }
}

function weekday(day: number): string {
  return new Intl.DateTimeFormat(document.documentElement.lang, { weekday: "long" }).format(new Date(2024, 0, 1 + day));
}

function valenceTable({ at, valence: values, said, scale }: Packed): HTMLElement {
  const rows = at.flatMap((day, number) => {
    const value = values[number];
    return value === null || value === undefined ? [] : [[day, (value / scale).toFixed(2), word(said[number] ? "said" : "camera")]];
  });
  return tableOf([word("day"), word("valence"), word("source")], rows);
}

function mixtureTable({ at, mixture: mixtures, scale }: Packed): HTMLElement {
  const rows = at.flatMap((day, number) => {
    const shares = mixtures[number];
    return shares ? [[day, ...shares.map((share) => `${Math.round((share / scale) * 100)} %`)]] : [];
  });
  return tableOf([word("day"), ...EMOTIONS.map((emotion) => word(`emotion_${emotion}`))], rows);
}

const root = document.querySelector<HTMLElement>("[data-history]");
if (root) void new History(root).begin();
