import { word } from "../words";

const MOST = 400;

/** The numbers behind a chart, for those who would rather read, or listen. */
export function tableOf(heads: readonly string[], rows: readonly (readonly string[])[]): HTMLElement {
  const details = document.createElement("details");
  const summary = document.createElement("summary");
  summary.textContent = word("numbers");
  const scroll = document.createElement("div");
  scroll.className = "table-scroll";
  scroll.tabIndex = 0;
  const table = document.createElement("table");
  table.className = "table";
  table.createTHead().append(row(heads, "th"));
  const body = table.createTBody();
  for (const cells of rows.slice(-MOST)) body.append(row(cells, "td"));
  scroll.append(table);
  details.append(summary, scroll);
  return details;
}

function row(cells: readonly string[], kind: "th" | "td"): HTMLTableRowElement {
  const line = document.createElement("tr");
  for (const text of cells) {
    const cell = document.createElement(kind);
    if (kind === "th") cell.setAttribute("scope", "col");
    cell.textContent = text;
    line.append(cell);
  }
  return line;
}
