// Choosing a run of seats on the map of a floor: with the mouse, and with the keyboard alone. The
// typed fields beside the map do the same without this.
"use strict";

const SEAT = 19;
const map = document.getElementById("floor-map");
const form = document.getElementById("selection");
const readout = document.getElementById("seat-readout");
const lines = JSON.parse(map.dataset.lines);
const runs = [...map.querySelectorAll("[data-first]")];
let cursor = 0; // where the keyboard is
let anchor = 0; // where a selection began
let reached = 0; // how far it was dragged
let isOpen = false; // it is being drawn and not taken yet
let dragging = false;
let dragged = false;

// Where seats are

function placeOf(seat) {
  const line = lines.find(([first, length]) => first <= seat && seat < first + length);
  const [first, , x, y, dx, dy] = line;
  return { x: x + (seat - first) * dx, y: y + (seat - first) * dy };
}

function seatAt(event) {
  const point = new DOMPoint(event.clientX, event.clientY);
  const { x, y } = point.matrixTransform(map.getScreenCTM().inverse());
  for (const [first, length, left, top, dx, dy] of lines) {
    for (let n = 0; n < length; n += 1) {
      const inX = x - (left + n * dx);
      const inY = y - (top + n * dy);
      if (inX >= -1 && inX <= SEAT + 1 && inY >= -1 && inY <= SEAT + 1) return first + n;
    }
  }
  return 0;
}

function runOf(seat) {
  return runs.find((run) => Number(run.dataset.first) <= seat && seat <= Number(run.dataset.last));
}

// The same rectangles as the page was drawn with: lines of the same width are one.
function shapes(first, last) {
  const found = [];
  for (const [start, length, x, y, dx, dy] of lines) {
    const begin = Math.max(0, first - start);
    const end = Math.min(length - 1, last - start);
    if (begin > end) continue;
    const left = Math.min(x + begin * dx, x + end * dx);
    const top = Math.min(y + begin * dy, y + end * dy);
    const width = SEAT + (end - begin) * Math.abs(dx);
    found.push([left, top, width, SEAT + (end - begin) * Math.abs(dy)]);
  }
  return found;
}

// What is shown

function rectangle([x, y, width, height], more, isPattern) {
  const rect = document.createElementNS("http://www.w3.org/2000/svg", "rect");
  if (isPattern) rect.setAttribute("transform", `translate(${x} ${y})`);
  else {
    rect.setAttribute("x", x - more);
    rect.setAttribute("y", y - more);
  }
  rect.setAttribute("width", width + 2 * more);
  rect.setAttribute("height", height + 2 * more);
  return rect;
}

function drawSelection(first, last) {
  const drawn = first ? shapes(first, last) : [];
  const paper = drawn.map((shape) => rectangle(shape, 1, false));
  for (const rect of paper) rect.setAttribute("class", "x-floorpaper");
  const ring = document.getElementById("map-ring");
  ring.replaceChildren(...drawn.map((shape) => rectangle(shape, 4, false)), ...paper);
  const dots = drawn.map((shape) => rectangle(shape, 0, true));
  document.getElementById("map-dots").replaceChildren(...dots);
}

function label(seat) {
  return `${map.dataset.floor}-${String(seat).padStart(3, "0")}`;
}

function say(seat, isKeyboard) {
  const run = runOf(seat);
  readout.setAttribute("aria-live", isKeyboard ? "polite" : "off");
  readout.textContent = [label(seat), run?.dataset.said].filter(Boolean).join(" · ");
}

function sayChosen(first, last) {
  const run = `${label(first)} — ${String(last).padStart(3, "0")}`;
  readout.textContent = readout.dataset.chosen
    .replace("{run}", run)
    .replace("{seats}", (last - first + 1).toLocaleString("en"));
}

function showCursor() {
  const ring = document.getElementById("map-cursor");
  if (cursor) {
    const { x, y } = placeOf(cursor);
    ring.setAttribute("x", x - 2);
    ring.setAttribute("y", y - 2);
  }
  ring.setAttribute("visibility", cursor ? "visible" : "hidden");
}

// Choosing

function extend(seat) {
  reached = seat;
  isOpen = true;
  const [first, last] = [Math.min(anchor, seat), Math.max(anchor, seat)];
  drawSelection(first, last);
  sayChosen(first, last);
}

function take(seat) {
  isOpen = false;
  const begin = anchor || seat;
  form.elements.first.value = Math.min(begin, seat);
  form.elements.last.value = Math.max(begin, seat);
  drawTyped();
  htmx.trigger(form, "take");
}

// Escape leaves a run that is not taken yet; what is taken, it lets go.
function letGo() {
  if (!isOpen && form.elements.first.value) {
    form.elements.first.value = form.elements.last.value = "";
    htmx.trigger(form, "take");
  }
  anchor = 0;
  isOpen = false;
  drawTyped();
}

// With the mouse. A finger moves the page; it types, or touches a run.

map.addEventListener("pointerdown", (event) => {
  const seat = seatAt(event);
  if (!seat || event.button || event.pointerType === "touch") return;
  dragged = event.shiftKey;
  dragging = true;
  if (!event.shiftKey || !anchor) anchor = seat;
  if (event.shiftKey) extend(seat);
});

map.addEventListener("pointermove", (event) => {
  const seat = seatAt(event);
  if (!seat) return;
  if (!dragging) return say(seat, false);
  if (seat !== anchor) dragged = true;
  if (dragged) extend(seat);
});

document.addEventListener("pointerup", (event) => {
  if (!dragging) return;
  dragging = false;
  const isHere = event.target.closest?.("#floor-map");
  const seat = (isHere && seatAt(event)) || (dragged ? reached : 0);
  const isFree = seat && runOf(seat)?.hasAttribute("data-free");
  if (seat && (dragged || isFree)) take(seat);
});

// After a drag, and on free seats, a click leads nowhere: the seats are chosen.
map.addEventListener("click", (event) => {
  const run = event.target.closest("[data-first]");
  const isMouse = event.detail > 0 && event.pointerType !== "touch";
  if (isMouse && (dragged || run?.hasAttribute("data-free"))) event.preventDefault();
});
map.addEventListener("dragstart", (event) => event.preventDefault());

// With the keyboard: the numbers are walked like the letters of a text.

function above(seat, direction) {
  const here = placeOf(seat);
  let best = 0;
  let nearest = Infinity;
  for (const run of runs) {
    for (let n = Number(run.dataset.first); n <= Number(run.dataset.last); n += 1) {
      const there = placeOf(n);
      const down = (there.y - here.y) * direction;
      const far = down * 1000 + Math.abs(there.x - here.x);
      if (down > 0 && far < nearest) [best, nearest] = [n, far];
    }
  }
  return best;
}

function next(key, seat, run) {
  if (key === "ArrowRight") return seat + 1;
  if (key === "ArrowLeft") return seat - 1;
  if (key === "ArrowDown") return above(seat, 1);
  if (key === "ArrowUp") return above(seat, -1);
  if (key === "Home") return Number(run.dataset.first);
  if (key === "End") return Number(run.dataset.last);
  return 0;
}

function move(event, run) {
  const seat = next(event.key, cursor, run);
  if (!seat) return;
  event.preventDefault();
  const there = runOf(seat);
  if (!there) return;
  if (event.shiftKey && !anchor) anchor = cursor;
  if (!event.shiftKey) anchor = 0;
  cursor = seat;
  if (there !== run) there.focus({ preventScroll: true });
  showCursor();
  document.getElementById("map-cursor").scrollIntoView({ block: "nearest", inline: "nearest" });
  say(cursor, true);
  if (event.shiftKey) extend(cursor);
}

// Listened to on the frame: a drawing that listens to the focus itself would be a stop of its own.
map.parentElement.addEventListener("focusin", (event) => {
  const run = event.target.closest("[data-first]");
  if (!run || dragging) return;
  const isInside = Number(run.dataset.first) <= cursor && cursor <= Number(run.dataset.last);
  if (!isInside) cursor = Number(run.dataset.first);
  showCursor();
  say(cursor, true);
});

map.parentElement.addEventListener("focusout", (event) => {
  if (map.contains(event.relatedTarget)) return;
  document.getElementById("map-cursor").setAttribute("visibility", "hidden");
});

map.addEventListener("keydown", (event) => {
  const run = event.target.closest("[data-first]");
  if (!run || event.ctrlKey || event.altKey || event.metaKey) return;
  if (event.key === " ") {
    event.preventDefault();
    take(cursor);
    anchor = 0;
  } else if (event.key === "Escape") {
    letGo();
    say(cursor, true);
  } else move(event, run);
});

// What is typed beside the map is drawn on it.
function drawTyped() {
  const [first, last] = ["first", "last"].map((name) => Number(form.elements[name].value));
  const end = lines.at(-1)[0] + lines.at(-1)[1] - 1;
  const isRun = first >= 1 && (last || first) >= first && (last || first) <= end;
  drawSelection(isRun ? first : 0, last || first);
}
form.addEventListener("change", drawTyped);
