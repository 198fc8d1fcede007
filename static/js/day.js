// The strip of a year: range control, date field and words say the same day while one slides.
// Sliding then goes to that day; a page that can show it without going there says so by
// preventing `day:chosen`.
"use strict";

const A_DAY = 86_400_000;

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

document.addEventListener("change", (event) => {
  if (!event.target.matches("#day .x-range")) return;
  const { form } = event.target;
  if (chosen(form, form.elements.on.value, false)) form.requestSubmit();
});

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
