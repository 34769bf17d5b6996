/** The charts of the journal. */
import { load, type Days, type Packed, type Patterns } from "./charts/data";
import { Chart, type Option } from "./charts/engine";
import { goesList } from "./charts/goes";
import { calendar, calendarHeight, when } from "./charts/grid";
import { EMOTIONS } from "./charts/look";
import { tableOf } from "./charts/table";
import { mixture, valence } from "./charts/time";
import { need } from "./find";
import { word } from "./words";

/** Areas side by side need this many pixels each, or they are noise. */
const AREA = 3;

class History {
  private readonly status: HTMLElement;
  private readonly ranges: HTMLFormElement;
  private readonly charts = new Map<string, Chart>();
  /** Ends the question about time that is still open, so that no older answer comes after a newer one. */
  private asked = new AbortController();
  private drawing = 0;

  constructor(private readonly root: HTMLElement) {
    this.status = need("[data-status]", root);
    for (const place of root.querySelectorAll<HTMLElement>("[data-chart]")) {
      this.charts.set(place.dataset["chart"] ?? "", new Chart(place, (day) => this.open(day)));
    }
    this.ranges = need<HTMLFormElement>("[data-ranges]", root);
    this.ranges.addEventListener("change", () => void this.guarded(() => this.time()));
  }

  async begin(): Promise<void> {
    await this.guarded(async () => {
      await this.time();
      await Promise.all([this.years(), this.patterns()]);
    });
  }

  /** The question that the form asks, as the end of an address. */
  private get query(): string {
    const form = new FormData(this.ranges);
    const asked = new URLSearchParams({ range: String(form.get("range")) });
    const names = form.get("range") === "own" ? ["from", "to", "grain"] : ["grain"];
    for (const name of names) if (form.get(name)) asked.set(name, String(form.get(name)));
    return `?${asked.toString()}`;
  }

  private async guarded(draw: () => Promise<void>): Promise<void> {
    this.status.textContent = word("loading");
    this.drawing += 1;
    try {
      await draw();
      if (this.drawing === 1 && this.status.textContent === word("loading")) this.status.textContent = "";
    } catch (error) {
      this.status.textContent = word("trouble");
      throw error;
    } finally {
      this.drawing -= 1;
    }
  }

  /** Draw the time that the form asks for, unless it asks for another before the answer is there. */
  private async time(): Promise<void> {
    this.asked.abort();
    const { signal } = (this.asked = new AbortController());
    try {
      await this.timeOf(this.query, signal);
    } catch (error) {
      if (!signal.aborted) throw error;
    }
  }

  private async timeOf(query: string, signal: AbortSignal): Promise<void> {
    history.replaceState(null, "", query);
    need<HTMLAnchorElement>("[data-csv]", this.root).href = (this.root.dataset["csvUrl"] ?? "") + query;
    const packed = await load<Packed>((this.root.dataset["url"] ?? "") + query, signal);
    this.show("valence", packed.valence.some((value) => value !== null), (width) => valence(packed, width));
    const areas = await this.coarser(packed, query, signal);
    this.show("mixture", areas.mixture.some((shares) => shares !== null), (width) => mixture(areas, width));
    this.table("valence", valenceTable(packed));
    this.table("mixture", mixtureTable(areas));
  }

  /** Areas by the week, or the month, where there are more steps than the chart has room for. */
  private async coarser(packed: Packed, query: string, signal: AbortSignal): Promise<Packed> {
    const room = Math.max(100, this.root.clientWidth / AREA);
    if (packed.grain === "hour" || packed.at.length <= room || query.includes("grain=")) return packed;
    const weeks = packed.grain === "week" ? packed : await load<Packed>(`${this.root.dataset["url"] ?? ""}${query}&grain=week`, signal);
    return weeks.at.length <= room ? weeks : load<Packed>(`${this.root.dataset["url"] ?? ""}${query}&grain=month`, signal);
  }

  private async years(): Promise<void> {
    const days = await load<Days>(this.root.dataset["calendarUrl"] ?? "");
    need<HTMLElement>("[data-chart=year]", this.root).style.blockSize = `${calendarHeight(days)}px`;
    this.show("year", days.days.length > 0, () => calendar(days));
    this.table("year", monthTable(days));
    // On a small screen the year opens where it is now.
    const frame = need("[data-holds=year]", this.root);
    frame.scrollLeft = (frame.scrollWidth * (new Date().getMonth() + 1)) / 12 - frame.clientWidth;
  }

  private async patterns(): Promise<void> {
    const patterns = await load<Patterns>(this.root.dataset["patternsUrl"] ?? "");
    this.show("when", patterns.when.length > 0, () => when(patterns));
    this.ends("when", patterns.reach / patterns.scale);
    const rows = patterns.when.map(([day, hour, value, count]) => [weekday(day), `${hour}:00`, (value / patterns.scale).toFixed(2), String(count)]);
    this.table("when", tableOf([word("day"), word("hour"), word("valence"), word("count")], rows));
    need("[data-goes]", this.root).replaceChildren(goesList(patterns.goes, patterns.scale));
    need("[data-goes-none]", this.root).hidden = patterns.goes.length > 0;
  }

  /** Draw a chart, or say instead what will become of it. */
  private show(name: string, holds: boolean, make: (width: number) => Option): void {
    const frame = this.root.querySelector(`[data-holds=${name}]`) ?? need(`[data-chart=${name}]`, this.root);
    (frame as HTMLElement).hidden = !holds;
    need(`[data-empty=${name}]`, this.root).hidden = holds;
    if (holds) this.charts.get(name)?.show(make);
  }

  /** Say beside a chart's colours how far they reach. */
  private ends(name: string, reached: number): void {
    for (const end of this.root.querySelectorAll<HTMLElement>(`[data-colours=${name}] [data-end]`)) end.textContent = ((end.dataset["end"] === "low" ? -1 : 1) * reached).toFixed(1);
  }

  private table(name: string, table: HTMLElement): void {
    const place = need(`[data-table=${name}]`, this.root);
    place.replaceChildren(table);
    place.hidden = !table.querySelector("td");
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

/** Years in pixels as one line a month: what can be listened to. */
function monthTable({ days, scale }: Days): HTMLElement {
  const months = new Map<string, number[]>();
  for (const [day, value] of days) months.set(day.slice(0, 7), [...(months.get(day.slice(0, 7)) ?? []), value / scale]);
  const mean = (values: readonly number[]) => values.reduce((total, value) => total + value, 0) / values.length;
  const rows = [...months].map(([month, values]) => [month, mean(values).toFixed(2), String(values.length)]);
  return tableOf([word("month"), word("valence"), word("days")], rows);
}

function mixtureTable({ at, mixture: mixtures }: Packed): HTMLElement {
  const rows = at.flatMap((day, number) => {
    // As the chart has them: shares of their own sum.
    const shares = mixtures[number];
    const sum = shares?.reduce((total, share) => total + share, 0) ?? 0;
    return shares && sum ? [[day, ...shares.map((share) => `${Math.round((share / sum) * 100)} %`)]] : [];
  });
  return tableOf([word("day"), ...EMOTIONS.map((emotion) => word(`emotion_${emotion}`))], rows);
}

const root = document.querySelector<HTMLElement>("[data-history]");
if (root) void new History(root).begin();
