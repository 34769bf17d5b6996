const OWN_KEYS = "input, textarea, select, button, summary, a[href], audio, video, [contenteditable], [role=button]";

/** Whether a press of the space bar is meant for the shutter, and not for the control that has the focus. */
export function isShutterKey(event: KeyboardEvent): boolean {
  if (event.key !== " " || event.repeat || event.defaultPrevented) return false;
  if (event.ctrlKey || event.altKey || event.metaKey || event.shiftKey) return false;
  return !(event.target instanceof Element && event.target.closest(OWN_KEYS));
}
