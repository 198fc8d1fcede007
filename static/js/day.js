// The strip of a year: range control, date field and words say the same day while one slides.
// Sliding then goes to that day; a page that can show it without going there says so by
// preventing `day:chosen`.
"use strict";

const A_DAY = 86_400_000;
const WHILE_KEYS_GO_ON = 600; // milliseconds
const FOCUSED = "day:range";
let isByKey = false;
let timer = 0;

function dayOf(range) {
  const first = Date.parse(range.dataset.first);
  return new Date(first + Number(range.value) * A_DAY).toISOString().slice(0, 10);
}

function inWords(day) {
  const language = document.documentElement.lang === "en" ? "en-GB" : "zh-CN";
  const words = new Intl.DateTimeFormat(language, { dateStyle: "long", timeZone: "UTC" });
  return words.format(new Date(day));
}

function chosen(form, day, isSliding) {
  const detail = { day, since: form.elements.from.value, isSliding };
  return form.dispatchEvent(
    new CustomEvent("day:chosen", { bubbles: true, cancelable: true, detail }),
  );
}

document.addEventListener("input", (event) => {
  if (!event.target.matches("#day .x-range")) return;
  const { form } = event.target;
  form.elements.on.value = dayOf(event.target);
  document.getElementById("day-said").textContent = inWords(form.elements.on.value);
  chosen(form, form.elements.on.value, true);
});

// Each key is a change of its own: the page of a day is fetched when they rest.
document.addEventListener("change", (event) => {
  if (!event.target.matches("#day .x-range")) return;
  const { form } = event.target;
  clearTimeout(timer);
  if (!chosen(form, form.elements.on.value, false)) return;
  timer = setTimeout(() => goTo(form), isByKey ? WHILE_KEYS_GO_ON : 0);
});

document.addEventListener("keydown", () => {
  isByKey = true;
});
document.addEventListener("pointerdown", () => {
  isByKey = false;
});

// Who goes elsewhere meanwhile is not called back.
document.addEventListener("click", (event) => {
  if (event.target.closest("a, button")) clearTimeout(timer);
});

// Whoever slides with keys goes on sliding on the page that comes.
function goTo(form) {
  if (isByKey) sessionStorage.setItem(FOCUSED, location.pathname);
  form.requestSubmit();
}

if (sessionStorage.getItem(FOCUSED) === location.pathname) {
  document.querySelector("#day .x-range")?.focus({ preventScroll: true });
}
sessionStorage.removeItem(FOCUSED);

document.addEventListener("submit", (event) => {
  if (event.target.id !== "day" || !event.target.elements.slide) return;
  const { on } = event.target.elements;
  if (on.value && !chosen(event.target, on.value, false)) event.preventDefault();
});

// With scripts the date field says the day; the others are for pages without.
document.addEventListener("formdata", (event) => {
  if (event.target.id !== "day") return;
  for (const name of ["slide", "slid", "year"]) event.formData.delete(name);
  if (!event.formData.get("from")) event.formData.delete("from");
});
