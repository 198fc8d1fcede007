// Entries that must add up say what is missing while one types: {% sum_group %}.
"use strict";

function whole(text) {
  const digits = text.normalize("NFKC").replace(/[\s,]/g, "");
  return /^\d+$/.test(digits) ? Number(digits) : 0;
}

function addUp(group) {
  const goal = group.dataset.totalOf
    ? document.getElementById(group.dataset.totalOf).value
    : group.dataset.total;
  const entries = [...group.querySelectorAll("input")];
  const typed = entries.reduce((sum, entry) => sum + whole(entry.value), 0);
  const untouched = group.dataset.untouched && entries.every((entry) => !entry.value.trim());
  const missing = goal ? whole(goal) - typed : 0;
  const state = missing === 0 ? "done" : missing > 0 ? "wait" : "stop";
  const kind = untouched ? "untouched" : state;
  const output = group.querySelector("output");
  output.className = untouched ? "q" : `x-st ${state}`;
  output.textContent = group.dataset[kind].replace(
    "#",
    (Math.abs(missing) || typed).toLocaleString("en"),
  );
}

// What others saved, or what followed from what was typed, comes without anybody typing it.
document.addEventListener("htmx:afterSettle", () =>
  document.querySelectorAll("[data-sum]").forEach(addUp),
);

document.addEventListener("input", (event) => {
  const group = event.target.closest("[data-sum]");
  if (group) addUp(group);
  document
    .querySelectorAll(`[data-total-of="${CSS.escape(event.target.id || "-")}"]`)
    .forEach(addUp);
});
