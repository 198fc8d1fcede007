// The binary answer of the park map, expanded: what every seat is, and whose.
// The format stands in the description of GET /api/v1/seat-map/.

export const FREE = 0;
export const VOID = 4;
export const GAINED = 1;
export const LOST = 2;
export const CHANGED = 3;
export const OTHER = 4;

const HEAD = 16;
const FLOOR = 8;
const RUN = 12;

// `kinds` and `holders` hold the seats of all floors one after the other; `starts` says where
// those of a floor begin.
export class ParkDay {
  constructor(buffer) {
    const view = new DataView(buffer);
    if (view.getUint8(0) !== 1) throw new Error("a version of the map that is not known");
    this.isWithheld = view.getUint8(1) === 1;
    const floors = view.getUint32(8, true);
    const runs = view.getUint32(12, true);
    this.starts = new Map();
    this.sizes = new Map();
    const absent = [];
    let total = 0;
    for (let at = HEAD; at < HEAD + FLOOR * floors; at += FLOOR) {
      const number = view.getUint32(at, true);
      const size = view.getUint16(at + 4, true);
      this.starts.set(number, total);
      this.sizes.set(number, size);
      if (view.getUint8(at + 6) === 0) absent.push([total, total + size]);
      total += size;
    }
    this.kinds = new Uint8Array(total);
    this.holders = new Uint32Array(total);
    for (const [start, end] of absent) this.kinds.fill(VOID, start, end);
    this.#expand(view, HEAD + FLOOR * floors, runs);
  }

  #expand(view, from, runs) {
    for (let at = from; at < from + RUN * runs; at += RUN) {
      const first = view.getUint32(at, true);
      const start = this.starts.get(first >>> 12);
      if (start === undefined) continue;
      const index = start + (first & 4095);
      const end = index + view.getUint16(at + 4, true);
      this.kinds.fill(view.getUint8(at + 6), index, end);
      this.holders.fill(view.getUint32(at + 8, true), index, end);
    }
  }
}

// What became of every seat of `now` since `was`: 0 where nothing did.
export function compared(was, now) {
  const found = new Uint8Array(now.kinds.length);
  for (const [floor, start] of now.starts) {
    const before = was.starts.get(floor);
    const size = now.sizes.get(floor);
    for (let place = 0; place < size; place++) {
      const known = before !== undefined && place < was.sizes.get(floor);
      const kind = known ? was.kinds[before + place] : VOID;
      const holder = known ? was.holders[before + place] : 0;
      const index = start + place;
      if (kind === now.kinds[index] && holder === now.holders[index]) continue;
      found[index] = became(kind, now.kinds[index]);
    }
  }
  return found;
}

function became(was, now) {
  const hadSomebody = was === 1 || was === 2;
  const hasSomebody = now === 1 || now === 2;
  if (hadSomebody) return hasSomebody ? CHANGED : LOST;
  return hasSomebody ? GAINED : OTHER;
}

// How many seats of each code there are, floor by floor.
export function countByFloor(codes, day) {
  const counts = new Map();
  for (const [floor, start] of day.starts) {
    const sums = new Uint32Array(5);
    const end = start + day.sizes.get(floor);
    for (let index = start; index < end; index++) sums[codes[index]]++;
    counts.set(floor, sums);
  }
  return counts;
}
