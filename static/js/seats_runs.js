// Choosing runs of a request: the sum and the buttons follow what one ticks and types.
"use strict";

function seatNumber(text) {
  const digits = text.normalize("NFKC").replace(/[\s,]/g, "");
  return /^\d+$/.test(digits) ? Number(digits) : NaN;
}

function countChosen(form) {
  const rows = form.querySelectorAll('[data-run="main"]');
  return [...rows].reduce((sum, row) => {
    const [tick, first, last] = row.querySelectorAll("input");
    const length = seatNumber(last.value) - seatNumber(first.value) + 1;
    return tick.checked && length > 0 ? sum + length : sum;
  }, 0);
}

function showChosen(form) {
  const line = form.querySelector("[data-wish]");
  if (!line) return;
  const count = countChosen(form);
  const written = count.toLocaleString("en");
  const output = line.querySelector("output");
  output.textContent = output.dataset.chosen.replace("#", written);
  output.className = `x-st ${count === Number(line.dataset.wish) ? "done" : "look"}`;
  for (const button of form.querySelectorAll("button[data-verb]")) {
    button.textContent = count ? button.dataset.verb.replace("#", written) : button.dataset.none;
  }
}

// Who types a seat means that run: it is ticked by itself.
document.addEventListener("input", (event) => {
  const row = event.target.closest("[data-run]");
  if (!row) return;
  const tick = row.querySelector("input");
  if (event.target !== tick) tick.checked = true;
  showChosen(row.closest("form"));
});
