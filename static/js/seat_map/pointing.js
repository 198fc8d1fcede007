// Mouse, finger and keyboard on the map: what is pointed at, zooming and moving.

import { detailAt } from "./drawing.js";

const A_CLICK = 6; // pixels that a pointer may move and still click
const STEP = 1.5;
const SEAT_SCALE = 14;
const INSIDE = ["zone", "building", "floor", "seat"];

// What is at a point of the canvas at this level of detail; null beside everything.
export function hit(viewport, px, py) {
  const { x, y } = viewport.world(px, py);
  const holds = (box) =>
    x >= box.x && x < box.x + box.width && y >= box.y && y < box.y + box.height;
  const detail = detailAt(viewport);
  if (detail === "zone") return viewport.scene.zones.find(holds) || null;
  const building = viewport.scene.buildings.find(holds);
  if (!building || detail === "building") return building || null;
  const floor = building.inside.find(holds);
  if (!floor || detail === "floor") return floor || null;
  const place = Math.floor(y - floor.y) * floor.columns + Math.floor(x - floor.x);
  return place < floor.seats ? seatAt(floor, place) : floor;
}

export function seatAt(floor, place) {
  const x = floor.x + (place % floor.columns);
  const y = floor.y + Math.floor(place / floor.columns);
  return { type: "seat", floor, place, x, y, width: 0.82, height: 0.82 };
}

// The keyboard's way: arrows to the neighbours, + into a box, − out of it.
export class Walker {
  constructor(viewport) {
    this.viewport = viewport;
    this.target = null;
  }

  begin() {
    this.target ||= this.viewport.scene.zones[0] || null;
  }

  step(key) {
    if (!this.target) return this.begin();
    this.target = this.target.type === "seat" ? this.#nextSeat(key) : this.#neighbour(key);
    this.viewport.reveal(this.target);
  }

  #nextSeat(key) {
    const { floor, place } = this.target;
    const by = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -floor.columns, ArrowDown: floor.columns };
    const next = place + by[key];
    return next >= 0 && next < floor.seats ? seatAt(floor, next) : this.target;
  }

  #neighbour(key) {
    const boxes = this.viewport.scene[`${this.target.type}s`];
    const at = boxes.indexOf(this.target);
    const by = key === "ArrowLeft" || key === "ArrowUp" ? -1 : 1;
    return boxes[Math.min(boxes.length - 1, Math.max(0, at + by))];
  }

  into() {
    this.begin();
    if (!this.target || this.target.type === "seat") return;
    const { target } = this;
    if (target.type === "floor") {
      this.target = seatAt(target, 0);
      this.viewport.show(target, SEAT_SCALE);
      this.viewport.reveal(this.target);
    } else {
      this.viewport.show(target);
      [this.target] = target.inside;
    }
  }

  outOf() {
    const { target } = this;
    if (!target) return this.viewport.whole();
    this.target = target.floor || target.building || target.zone || null;
    const parent = this.target && (this.target.building || this.target.zone);
    if (parent) this.viewport.show(parent);
    else this.viewport.whole();
  }
}

// Calls back: point(box or null), touch(box or null), open(box), walked(box), changed().
export function listen(canvas, viewport, walker, on) {
  const pointers = new Map();
  let moved = 0;
  let spread = 0;

  const at = (event) => {
    const box = canvas.getBoundingClientRect();
    return { x: event.clientX - box.left, y: event.clientY - box.top };
  };
  const zoomTo = (factor, x, y) => {
    viewport.zoom(factor, x, y);
    on.changed();
  };

  canvas.addEventListener(
    "wheel",
    (event) => {
      const isOut = event.deltaY > 0;
      if (isOut && viewport.isWhole) return; // the page scrolls on
      event.preventDefault();
      const { x, y } = at(event);
      zoomTo(Math.exp(-event.deltaY * 0.002), x, y);
      on.point(hit(viewport, x, y)); // another thing may be there now
    },
    { passive: false },
  );
  canvas.addEventListener("pointerdown", (event) => {
    pointers.set(event.pointerId, at(event));
    canvas.setPointerCapture(event.pointerId);
    if (pointers.size === 1) moved = 0;
    spread = spreadOf(pointers);
  });
  canvas.addEventListener("pointermove", (event) => {
    const here = at(event);
    const before = pointers.get(event.pointerId);
    if (!before) return on.point(hit(viewport, here.x, here.y));
    pointers.set(event.pointerId, here);
    moved += Math.hypot(here.x - before.x, here.y - before.y);
    if (pointers.size === 2) {
      const [one, other] = [...pointers.values()];
      const now = spreadOf(pointers);
      viewport.pan((here.x - before.x) / 2, (here.y - before.y) / 2);
      if (spread > 0) viewport.zoom(now / spread, (one.x + other.x) / 2, (one.y + other.y) / 2);
      spread = now;
    } else if (moved >= A_CLICK) {
      canvas.classList.add("moving");
      viewport.pan(here.x - before.x, here.y - before.y);
    }
    on.changed();
  });
  const lift = (event) => {
    const here = pointers.get(event.pointerId);
    pointers.delete(event.pointerId);
    canvas.classList.remove("moving");
    const isClick = event.type === "pointerup" && here && pointers.size === 0 && moved < A_CLICK;
    if (!isClick) return;
    const box = hit(viewport, here.x, here.y);
    if (event.pointerType === "touch") return on.touch(box);
    on.point(box);
    if (box) on.open(box);
  };
  canvas.addEventListener("pointerup", lift);
  canvas.addEventListener("pointercancel", lift);
  canvas.addEventListener("pointerleave", (event) => {
    if (event.pointerType !== "touch") on.point(null);
  });
  canvas.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key.startsWith("Arrow")) walker.step(event.key);
    else if (event.key === "+" || event.key === "=") walker.into();
    else if (event.key === "-" || event.key === "Escape") walker.outOf();
    else if (event.key === "0" || event.key === "Home") viewport.whole();
    else if (event.key === "Enter" && walker.target) on.open(walker.target, walker);
    else return;
    event.preventDefault();
    on.walked(walker.target);
  });
  canvas.addEventListener("focus", () => {
    if (!canvas.matches(":focus-visible")) return;
    walker.begin();
    on.walked(walker.target);
  });
  return { zoomIn: () => zoomTo(STEP), zoomOut: () => zoomTo(1 / STEP) };
}

function spreadOf(pointers) {
  if (pointers.size !== 2) return 0;
  const [one, other] = [...pointers.values()];
  return Math.hypot(one.x - other.x, one.y - other.y);
}

export function isFloorOrSeat(box) {
  return INSIDE.indexOf(box.type) >= 2;
}
