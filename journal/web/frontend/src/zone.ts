/** The browser's time zone, such as "Europe/Lisbon". */
export function zone(): string {
  return Intl.DateTimeFormat().resolvedOptions().timeZone || "UTC";
}

/** Tell forms that carry a hidden zone where this browser is. */
export function fillZones(): void {
  const hidden = 'input[type="hidden"][name="zone"]:not([data-keep-zone])';
  for (const input of document.querySelectorAll<HTMLInputElement>(hidden)) {
    input.value = zone();
  }
}
