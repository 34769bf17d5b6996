/** Where the server couldn't tell in which country a visitor is, let the device's time zone say it. */
export function askDevice(): void {
  if (document.querySelector("[data-ask-device]") === null) return;
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  if (zone) location.replace(`?zone=${encodeURIComponent(zone)}`);
}
