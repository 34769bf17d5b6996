/** A day's page: the arrow keys turn to the days beside it. */
document.addEventListener("keydown", ({ key, target, altKey, ctrlKey, metaKey }) => {
  if (altKey || ctrlKey || metaKey || (target instanceof Element && target.closest("input, textarea, select"))) return;
  const rel = { ArrowLeft: "prev", ArrowRight: "next" }[key];
  if (rel) document.querySelector<HTMLAnchorElement>(`a[rel=${rel}]`)?.click();
});
