const STYLES: Record<string, Intl.DateTimeFormatOptions> = {
  time: { timeStyle: "short" },
  date: { dateStyle: "long" },
  "": { dateStyle: "medium", timeStyle: "short" },
};

/** Show the moments that the server marked with `data-local` on this device's own clock. */
export function showLocalTimes(within: ParentNode = document): void {
  for (const element of within.querySelectorAll<HTMLTimeElement>("time[datetime][data-local]")) {
    const moment = new Date(element.dateTime);
    if (Number.isNaN(moment.getTime())) continue;
    const style = STYLES[element.dataset["local"] ?? ""] ?? STYLES[""];
    element.textContent = new Intl.DateTimeFormat(document.documentElement.lang, style).format(moment);
  }
}
