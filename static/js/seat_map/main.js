// The park map: fetches a day, draws it, and follows the slider without leaving the page.

import { Pen } from "./drawing.js";
import { layOut } from "./layout.js";
import { Park, number } from "./park.js";
import { Walker, isFloorOrSeat, listen } from "./pointing.js";
import { Viewport } from "./viewport.js";

const AT_ONCE = 250; // milliseconds: days that follow each other faster wait for the last
const OTHER_SHAPE = 1.3; // how much wider or narrower a canvas is to be laid out anew
const WHAT = { gained: 1, lost: 2, changed: 3, other: 4 };

const frame = document.getElementById("park");
const canvas = document.getElementById("park-canvas");
const readout = document.getElementById("park-readout");
const opener = document.getElementById("park-open");
const words = JSON.parse(document.getElementById("park-words").textContent);

frame.hidden = false;
const pen = new Pen(canvas);
const park = new Park(words);
const viewport = new Viewport();
const walker = new Walker(viewport);
const shown = { day: frame.dataset.day, since: frame.dataset.since };
let floors = null; // as the legend gives them …
let aspect = 1; // … and the width to height of the canvas for which they are laid out
let target = null;
let isTouched = false; // by a finger, which cannot point without touching
let isDrawing = false;
let asked = null; // what is being fetched; another day stops it
let timer = 0;
let latest = -Infinity; // when a day was chosen
let isSliding = false; // the slider is on its way …
let isFollowing = false; // … and the map goes after it

function draw() {
  if (isDrawing || !park.day) return;
  isDrawing = true;
  requestAnimationFrame(() => {
    isDrawing = false;
    canvas.classList.toggle("in", !viewport.isWhole);
    pen.draw(viewport, park, target);
  });
}

function point(box) {
  target = box;
  readout.textContent = box ? park.describe(box) : "\u00a0";
  const isOffered = isTouched && box !== null && isFloorOrSeat(box);
  opener.hidden = !isOffered;
  if (isOffered) opener.href = pageOf(box);
  draw();
}

function pageOf(box) {
  const { id } = box.floor || box;
  const since = shown.since ? `&from=${shown.since}` : "";
  return `${frame.dataset.floor.replace("/0/", `/${id}/`)}?on=${shown.day}${since}`;
}

// A floor opens its page on the same day; of what is larger, one goes in.
function open(box) {
  if (isFloorOrSeat(box)) location.assign(pageOf(box));
  else {
    walker.target = box;
    walker.into();
    point(walker.target);
  }
}

// A finger says what there is first; the page of it is offered beside.
function touch(box) {
  isTouched = true;
  if (box && !isFloorOrSeat(box)) open(box);
  else point(box);
}

function pointByMouse(box) {
  isTouched = false;
  point(box);
}

function resize() {
  const { clientWidth, clientHeight } = canvas;
  const ratio = window.devicePixelRatio || 1;
  canvas.width = Math.round(clientWidth * ratio);
  canvas.height = Math.round(clientHeight * ratio);
  if (park.scene) {
    takeShape(clientWidth / clientHeight);
    viewport.fit(clientWidth, clientHeight, park.scene);
  }
  draw();
}

// A phone that is turned: while the whole park is in sight, it is laid out for the new shape.
function takeShape(now) {
  const isOther = Math.max(now / aspect, aspect / now) > OTHER_SHAPE;
  if (!isOther || !viewport.isWhole) return;
  park.lay(laidOut(now));
  walker.target = null;
  point(null);
}

function laidOut(now) {
  aspect = now;
  return layOut(floors, now);
}

async function fetched(address, day, signal, read) {
  const response = await fetch(`${address}?on=${day}`, { signal });
  if (!response.ok) throw new Error(`${response.status} from ${response.url}`);
  return response[read]();
}

// The runs of the day, and of the day that it is compared with; the first time, also the floors.
async function fetchDay(signal) {
  const { map, legend } = frame.dataset;
  const { day, since } = shown;
  const [now, was, names] = await Promise.all([
    fetched(map, day, signal, "arrayBuffer"),
    since ? fetched(map, since, signal, "arrayBuffer") : null,
    park.scene ? null : fetched(legend, day, signal, "json"),
  ]);
  if (names) {
    park.name(names.holders);
    floors = names.floors;
    const scene = laidOut(canvas.clientWidth / canvas.clientHeight);
    park.show(scene, now, was);
    viewport.fit(canvas.clientWidth, canvas.clientHeight, scene);
  } else {
    park.show(park.scene, now, was);
  }
  showCounts();
  point(target);
}

function showCounts() {
  const { totals } = park;
  const legend = document.getElementById("map-legend");
  for (const item of legend.querySelectorAll("[data-kind], [data-what]")) {
    const isOfKind = item.dataset.kind !== undefined;
    if (isOfKind === Boolean(park.what)) continue; // the other legend comes with the page's parts
    const code = isOfKind ? Number(item.dataset.kind) : WHAT[item.dataset.what];
    item.querySelector("b").textContent = number(totals[code]);
  }
}

// Names of who has seats on the day, and the parts of the page that say it in words.
async function fetchRest(signal) {
  const { legend } = frame.dataset;
  const days = [shown.day, shown.since].filter(Boolean);
  const [page, ...names] = await Promise.all([
    fetch(address(), { signal, headers: { "HX-Request": "true" } }),
    ...days.map((day) => fetched(legend, day, signal, "json")),
  ]);
  for (const { holders } of names) park.name(holders);
  if (!page.ok) throw new Error(`${page.status} from ${page.url}`);
  const parts = new DOMParser().parseFromString(await page.text(), "text/html");
  if (!parts.getElementById("map-day")) throw new Error("signed out");
  replaceParts(parts);
  point(target);
}

function replaceParts(parts) {
  const { title } = parts.getElementById("map-day").dataset;
  const focused = document.activeElement;
  const inDay = focused?.closest("#day");
  const selector = focused?.name ? `[name="${focused.name}"]` : focused?.rel && `[rel="${focused.rel}"]`;
  for (const id of ["day", "map-legend", "map-twin"]) {
    document.getElementById(id).replaceWith(parts.getElementById(id));
  }
  if (inDay && selector) document.querySelector(`#day ${selector}`)?.focus();
  document.querySelector("h1").textContent = title;
}

function address() {
  const query = new URLSearchParams(location.search);
  for (const name of ["slide", "slid", "year"]) query.delete(name);
  query.set("on", shown.day);
  if (shown.since) query.set("from", shown.since);
  else query.delete("from");
  return `${location.pathname}?${query}`;
}

// While one slides the map follows, one day after the other, as fast as they come. The rest of the
// page follows the day on which the slider rests.
function show(day, since, isOnTheWay) {
  const isHurried = performance.now() - latest < AT_ONCE;
  Object.assign(shown, { day, since });
  clearTimeout(timer);
  if (isOnTheWay || isHurried) slide();
  if (isOnTheWay) return;
  latest = performance.now();
  timer = setTimeout(settle, isHurried ? AT_ONCE : 0);
}

async function slide() {
  isSliding = true;
  if (isFollowing) return;
  isFollowing = true;
  let seen;
  do {
    seen = shown.day;
    await whole(() => fetchDay(begun()));
  } while (isSliding && seen !== shown.day);
  isFollowing = false;
}

function settle() {
  isSliding = false;
  history.replaceState(null, "", address() + location.hash);
  frame.dataset.since = shown.since; // on paper
  const signal = begun();
  return whole(() => Promise.all([fetchDay(signal), fetchRest(signal)]));
}

// Stops what is being fetched; what is fetched now can be stopped in its turn.
function begun() {
  asked?.abort();
  asked = new AbortController();
  return asked.signal;
}

async function whole(work) {
  const failed = document.getElementById("park-failed");
  try {
    await work();
    failed.hidden = true;
  } catch (error) {
    if (error.name !== "AbortError") failed.hidden = false;
  }
}

document.addEventListener("day:chosen", (event) => {
  const { day, since, isSliding } = event.detail;
  event.preventDefault();
  show(day, since, isSliding);
});
document.addEventListener("click", (event) => {
  const link = event.target.closest("#day a[href^='?on=']");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  const query = new URLSearchParams(link.getAttribute("href"));
  show(query.get("on"), query.get("from") || "", false);
});

const zoom = listen(canvas, viewport, walker, {
  point: pointByMouse,
  touch,
  open,
  changed: draw,
  walked: pointByMouse,
});
frame.addEventListener("click", (event) => {
  const way = event.target.closest("[data-zoom]")?.dataset.zoom;
  if (!way || !park.scene) return;
  if (way === "in") zoom.zoomIn();
  else if (way === "out") zoom.zoomOut();
  else {
    viewport.whole();
    draw();
  }
});
new ResizeObserver(resize).observe(canvas);

// Names of who had seats on the other day come after the map.
async function begin(signal) {
  await fetchDay(signal);
  if (!shown.since) return;
  const { holders } = await fetched(frame.dataset.legend, shown.since, signal, "json");
  park.name(holders);
}

whole(() => begin(begun()));
