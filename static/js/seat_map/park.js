// What the map knows of a day: every seat, what it is compared with, sums by box; and its words.

import { ParkDay, VOID, compared, countByFloor } from "./runs.js";

const LARGEST_SEAT_GROUP = 5;

export class Park {
  constructor(words) {
    this.words = words;
    this.names = new Map();
    this.scene = null;
    this.day = null;
    this.what = null;
    this.sums = new Map();
  }

  show(scene, now, was) {
    this.day = new ParkDay(now);
    this.before = was ? new ParkDay(was) : null;
    this.what = this.before ? compared(this.before, this.day) : null;
    this.lay(scene);
  }

  // The same day, where everything stands elsewhere.
  lay(scene) {
    this.scene = scene;
    this.sums = this.#sums(this.what || this.day.kinds);
    this.kindSums = this.what ? this.#sums(this.day.kinds) : this.sums;
  }

  name(holders) {
    for (const { id, name } of holders) this.names.set(id, name);
  }

  // All seats of the park by code: of kinds, or of what became of them.
  get totals() {
    const totals = new Uint32Array(LARGEST_SEAT_GROUP);
    for (const zone of this.scene.zones) {
      this.sums.get(zone).forEach((count, code) => (totals[code] += count));
    }
    return totals;
  }

  #sums(codes) {
    const byFloor = countByFloor(codes, this.day);
    const sums = new Map();
    const nothing = new Uint32Array(LARGEST_SEAT_GROUP);
    for (const floor of this.scene.floors) sums.set(floor, byFloor.get(floor.id) || nothing);
    for (const box of [...this.scene.buildings, ...this.scene.zones]) sums.set(box, added(box, sums));
    return sums;
  }

  // A line of text about a zone, building, floor or seat.
  describe(box) {
    return box.type === "seat" ? this.#seat(box) : this.#boxed(box);
  }

  #boxed(box) {
    const { words } = this;
    const sums = this.kindSums.get(box);
    const exist = sums.reduce((sum, count) => sum + count, 0) - sums[VOID];
    const parts = [this.#named(box)];
    if (exist === 0) return [...parts, words.absent].join(" · ");
    parts.push(filled(words.seats, number(exist)));
    // Whoever may not know who has seats is told how many are vacant, as on the other pages.
    const told = this.day.isWithheld ? [0] : [1, 2, 3, 0];
    const kinds = told.filter((code) => sums[code] > 0);
    const counted = kinds.map((code) => `${words.kinds[code]} ${number(sums[code])}`);
    if (counted.length) parts.push(counted.join(words.between));
    if (this.what) {
      const changes = this.sums.get(box);
      const changed = changes.reduce((sum, count) => sum + count, 0) - changes[0];
      parts.push(filled(words.changed, number(changed)));
    }
    return parts.join(" · ");
  }

  #named(box) {
    const { words } = this;
    if (box.type === "zone") return filled(words.zone, box.label);
    return box.type === "building" ? filled(words.building, box.label) : box.label;
  }

  #seat(seat) {
    const { floor, place } = seat;
    const label = `${floor.label}-${String(place + 1).padStart(3, "0")}`;
    const now = this.#state(this.day, floor.id, place);
    const was = this.before && this.#state(this.before, floor.id, place);
    const said = was && was !== now ? filled(this.words.was, was, now) : now;
    return `${label} · ${said}`;
  }

  #state(day, floor, place) {
    const start = day.starts.get(floor);
    if (start === undefined || place >= day.sizes.get(floor)) return this.words.kinds[VOID];
    const holder = this.names.get(day.holders[start + place]);
    const kind = this.words.kinds[day.kinds[start + place]];
    return holder ? `${kind} · ${holder}` : kind;
  }
}

function added(box, sums) {
  const total = new Uint32Array(LARGEST_SEAT_GROUP);
  const floors = box.inside.flatMap((one) => (one.type === "building" ? one.inside : [one]));
  for (const floor of floors) sums.get(floor).forEach((count, code) => (total[code] += count));
  return total;
}

export function filled(text, ...values) {
  return text.replace(/\{(\d)\}/g, (_whole, index) => values[index]);
}

export function number(value) {
  return value.toLocaleString("en");
}
