// Draws what is in sight: seats where they have two pixels, else bars of a floor, a building or a
// zone by kind. Every kind has a pattern beside its colour where there is room for one.

const SEATS_FROM = 2; // pixels a seat
const CELLS_FROM = 5; // from here on seats stand apart
const MARKS_FROM = 9;
const FLOORS_FROM = 9; // pixels in height
const BUILDINGS_FROM = 36;
const FLOOR_GAP = 3; // seats
const NAMES_FROM = 1.2; // pixels a seat, for those of buildings
const TEXT = 12;

// Which boxes are told apart at this scale.
export function detailAt(viewport) {
  const { scale, scene } = viewport;
  if (scale >= SEATS_FROM) return "seat";
  if (scene.floors.some((floor) => floor.height * scale >= FLOORS_FROM)) return "floor";
  const building = scene.buildings.some((one) => one.width * scale >= BUILDINGS_FROM);
  return building ? "building" : "zone";
}

export class Pen {
  constructor(canvas) {
    this.canvas = canvas;
    this.context = canvas.getContext("2d");
    const styles = getComputedStyle(document.documentElement);
    this.colour = (name) => styles.getPropertyValue(`--x-${name}`).trim();
    this.font = `${TEXT}px ${getComputedStyle(document.body).fontFamily}`;
    this.kinds = this.#kinds();
    this.what = this.#what();
  }

  // In the order of bars: code, fill, line, mark.
  #kinds() {
    const c = this.colour;
    return [
      { code: 1, fill: c("firm"), line: c("firm") },
      { code: 2, fill: this.#hatch(c("hold"), c("hold-line"), 1), line: c("hold-line") },
      { code: 3, fill: c("closed"), line: c("closed-line"), isCrossed: true },
      { code: 0, fill: c("free"), line: c("free-line") },
      { code: 4, fill: null, line: c("void-line"), isDotted: true },
    ];
  }

  #what() {
    const c = this.colour;
    return [
      { code: 1, fill: c("s1"), line: c("s1") },
      { code: 2, fill: this.#hatch(c("free"), c("ink-2"), -1), line: c("ink-2") },
      { code: 3, fill: this.#bars(c("act-wash"), c("s2")), line: c("s1") },
      { code: 4, fill: c("closed"), line: c("closed-line"), isCrossed: true },
      { code: 0, fill: c("sunk"), line: c("rule") },
    ];
  }

  #tile(size, paint) {
    const ratio = window.devicePixelRatio || 1;
    const tile = document.createElement("canvas");
    tile.width = tile.height = Math.round(size * ratio);
    const context = tile.getContext("2d");
    context.scale(tile.width / size, tile.height / size);
    paint(context);
    const pattern = this.context.createPattern(tile, "repeat");
    pattern.setTransform(new DOMMatrix().scale(size / tile.width));
    return pattern;
  }

  #hatch(ground, line, slope) {
    return this.#tile(6, (context) => {
      context.fillStyle = ground;
      context.fillRect(0, 0, 6, 6);
      context.strokeStyle = line;
      context.lineWidth = 1.5;
      for (const shift of [-6, 0, 6]) {
        context.moveTo(shift - 1, slope > 0 ? 7 : -1);
        context.lineTo(shift + 7, slope > 0 ? -1 : 7);
      }
      context.stroke();
    });
  }

  #bars(ground, line) {
    return this.#tile(4, (context) => {
      context.fillStyle = ground;
      context.fillRect(0, 0, 4, 4);
      context.fillStyle = line;
      context.fillRect(0, 0, 4, 1.6);
    });
  }

  // `park`: day, what (or null), sums by box. `target`: what the keyboard or the pointer is on.
  draw(viewport, park, target) {
    const ratio = window.devicePixelRatio || 1;
    const { context } = this;
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.clearRect(0, 0, viewport.width, viewport.height);
    context.font = this.font;
    this.kindsOf = park.what ? this.what : this.kinds;
    this.byCode = [];
    for (const kind of this.kindsOf) this.byCode[kind.code] = kind;
    const detail = detailAt(viewport);
    const boxes = { zone: "zones", building: "buildings" }[detail] || "floors";
    for (const box of viewport.scene[boxes]) {
      if (!viewport.sees(box)) continue;
      if (detail === "seat") this.#seats(viewport, box, park);
      else this.#bar(viewport, box, park.sums.get(box));
    }
    this.#labels(viewport, detail);
    if (target) this.#outline(viewport, target);
  }

  #place(viewport, box) {
    const from = viewport.screen(box.x, box.y);
    return { ...from, width: box.width * viewport.scale, height: box.height * viewport.scale };
  }

  #bar(viewport, box, sums) {
    const { x, y, width, height } = this.#place(viewport, box);
    const total = this.kindsOf.reduce((sum, { code }) => sum + sums[code], 0);
    let at = x;
    for (const kind of this.kindsOf) {
      const piece = (width * sums[kind.code]) / (total || 1);
      if (piece > 0) this.#fill(kind, at, y, piece, height, height >= MARKS_FROM);
      at += piece;
    }
    const isAbsent = !this.kindsOf.some(({ code, fill }) => fill && sums[code] > 0);
    this.context.strokeStyle = this.colour(isAbsent ? "void-line" : "rule-2");
    this.context.lineWidth = isAbsent ? 1 : 0.5;
    if (isAbsent) this.context.setLineDash([1.5, 2.5]);
    this.context.strokeRect(x, y, width, height);
    this.context.setLineDash([]);
  }

  #fill(kind, x, y, width, height, isMarked) {
    const { context } = this;
    if (kind.fill) {
      context.fillStyle = kind.fill;
      context.fillRect(x, y, width, height);
    }
    if (kind.isCrossed && isMarked && width >= MARKS_FROM) {
      context.strokeStyle = kind.line;
      context.lineWidth = 1;
      context.beginPath();
      const step = Math.min(height, 14);
      for (let left = x; left + step <= x + width + 0.5; left += step) {
        const inset = step * 0.25;
        const middle = y + height / 2 - step / 2;
        context.moveTo(left + inset, middle + inset);
        context.lineTo(left + step - inset, middle + step - inset);
        context.moveTo(left + step - inset, middle + inset);
        context.lineTo(left + inset, middle + step - inset);
      }
      context.stroke();
    }
  }

  #seats(viewport, floor, park) {
    const start = park.day.starts.get(floor.id);
    if (start === undefined) return;
    const codes = park.what || park.day.kinds;
    const { scale } = viewport;
    const { x, y } = viewport.screen(floor.x, floor.y);
    const rows = [Math.floor(-y / scale), Math.ceil((viewport.height - y) / scale)];
    const columns = [Math.floor(-x / scale), Math.ceil((viewport.width - x) / scale)];
    const firstRow = Math.max(0, rows[0]);
    const lastRow = Math.min(floor.rows, rows[1]);
    const first = Math.max(0, columns[0]);
    const last = Math.min(floor.columns, columns[1]);
    const drawRow = scale >= CELLS_FROM ? this.#cells : this.#strokes;
    for (let row = firstRow; row < lastRow; row++) {
      const beginning = row * floor.columns;
      const end = Math.min(beginning + last, floor.seats);
      const one = { x, y: y + row * scale, scale, start, beginning, first: beginning + first, end };
      drawRow.call(this, codes, one);
    }
  }

  // Seats that are the same thing, side by side, in one piece.
  #strokes(codes, { x, y, scale, start, beginning, first, end }) {
    let from = first;
    for (let place = first; place < end; place++) {
      const code = codes[start + place];
      if (place + 1 < end && codes[start + place + 1] === code) continue;
      const kind = this.byCode[code];
      const left = x + (from - beginning) * scale;
      const width = (place + 1 - from) * scale;
      if (kind.fill) {
        this.context.fillStyle = kind.fill;
        this.context.fillRect(left, y, width, scale * 0.86);
      }
      if (!kind.fill || kind.code === 0) {
        if (kind.isDotted) this.context.setLineDash([1.5, 2.5]);
        this.context.strokeStyle = kind.line;
        this.context.lineWidth = 0.4;
        this.context.strokeRect(left, y, width, scale * 0.86);
        this.context.setLineDash([]);
      }
      from = place + 1;
    }
  }

  #cells(codes, { x, y, scale, start, beginning, first, end }) {
    const { context } = this;
    const size = scale * 0.82;
    for (let place = first; place < end; place++) {
      const kind = this.byCode[codes[start + place]];
      const left = x + (place - beginning) * scale;
      if (kind.fill) {
        context.fillStyle = kind.fill;
        context.fillRect(left, y, size, size);
      }
      context.strokeStyle = kind.line;
      context.lineWidth = 0.8;
      if (kind.isDotted) context.setLineDash([1.5, 2.5]);
      context.strokeRect(left, y, size, size);
      context.setLineDash([]);
      if (kind.isCrossed && scale >= MARKS_FROM) this.#cross(left, y, size);
    }
  }

  #cross(x, y, size) {
    const { context } = this;
    const inset = size * 0.25;
    context.beginPath();
    context.moveTo(x + inset, y + inset);
    context.lineTo(x + size - inset, y + size - inset);
    context.moveTo(x + size - inset, y + inset);
    context.lineTo(x + inset, y + size - inset);
    context.stroke();
  }

  #labels(viewport, detail) {
    const { zones, buildings, floors } = viewport.scene;
    for (const zone of zones) this.#label(viewport, zone, TEXT + 3, "ink");
    if (detail === "zone") return;
    if (viewport.scale < NAMES_FROM) return;
    // A floor's label says its building: only one of them stands there.
    const areFloorsNamed = viewport.scale * FLOOR_GAP >= TEXT;
    for (const box of areFloorsNamed ? floors : buildings) this.#label(viewport, box, TEXT, "ink");
  }

  // Above the upper left of a box, where there is room for it.
  #label(viewport, box, size, colour) {
    if (!viewport.sees({ ...box, y: box.y - 20, height: box.height + 20 })) return;
    const { x, y, width } = this.#place(viewport, box);
    const { context } = this;
    context.font = this.font.replace(`${TEXT}px`, `${size}px`);
    if (context.measureText(box.label).width > width + 4) return;
    context.fillStyle = this.colour(colour);
    context.fillText(box.label, Math.max(x, 2), y - 4);
  }

  #outline(viewport, box) {
    const { x, y, width, height } = this.#place(viewport, box);
    this.context.strokeStyle = this.colour("ink");
    this.context.lineWidth = 2.5;
    this.context.strokeRect(x - 1.5, y - 1.5, width + 3, height + 3);
  }
}
