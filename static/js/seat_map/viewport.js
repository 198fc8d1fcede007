// Which part of the map is in sight: its scale in pixels a seat, and what is at the upper left.

const CLOSEST = 40;
const MARGIN = 12;

export class Viewport {
  constructor() {
    Object.assign(this, { width: 1, height: 1, scale: 1, x: 0, y: 0, scene: null });
  }

  // The canvas has another size, or the map another shape. What was in the middle stays there.
  fit(width, height, scene) {
    const wasWhole = this.scene !== scene || this.isWhole;
    const middle = this.world(this.width / 2, this.height / 2);
    Object.assign(this, { width, height, scene });
    if (wasWhole) this.whole();
    else this.#look(middle, this.scale);
  }

  get least() {
    const { width, height } = this.scene;
    const across = (this.width - 2 * MARGIN) / width;
    return Math.min(across, (this.height - 2 * MARGIN) / height);
  }

  get isWhole() {
    return !this.scene || this.scale <= this.least * 1.001;
  }

  whole() {
    this.#look({ x: this.scene.width / 2, y: this.scene.height / 2 }, this.least);
  }

  // Where a point of the canvas is on the map, and the other way round.
  world(px, py) {
    return { x: this.x + px / this.scale, y: this.y + py / this.scale };
  }

  screen(x, y) {
    return { x: (x - this.x) * this.scale, y: (y - this.y) * this.scale };
  }

  // Zoom while the point under the pointer stays there.
  zoom(factor, px = this.width / 2, py = this.height / 2) {
    const point = this.world(px, py);
    this.scale = Math.min(CLOSEST, Math.max(this.least, this.scale * factor));
    this.x = point.x - px / this.scale;
    this.y = point.y - py / this.scale;
    this.#keepInside();
  }

  pan(dx, dy) {
    this.x -= dx / this.scale;
    this.y -= dy / this.scale;
    this.#keepInside();
  }

  // Bring a box into sight as large as it goes, but not closer than `most` pixels a seat.
  show(box, most = CLOSEST) {
    const across = (this.width * 0.9) / box.width;
    const scale = Math.min(across, (this.height * 0.85) / box.height, most);
    const middle = { x: box.x + box.width / 2, y: box.y + box.height / 2 };
    this.#look(middle, Math.max(this.least, scale));
  }

  // Move only as far as it takes to have a box in sight.
  reveal(box) {
    const from = this.screen(box.x, box.y);
    const to = this.screen(box.x + box.width, box.y + box.height);
    const beyond = (low, high, size) =>
      low < MARGIN ? MARGIN - low : high > size - MARGIN ? size - MARGIN - high : 0;
    this.pan(beyond(from.x, to.x, this.width), beyond(from.y, to.y, this.height));
  }

  sees(box) {
    return (
      box.x < this.x + this.width / this.scale &&
      box.x + box.width > this.x &&
      box.y < this.y + this.height / this.scale &&
      box.y + box.height > this.y
    );
  }

  #look(middle, scale) {
    this.scale = scale;
    this.x = middle.x - this.width / 2 / scale;
    this.y = middle.y - this.height / 2 / scale;
    this.#keepInside();
  }

  // The map does not leave the canvas; where it is smaller, it stands in the middle.
  #keepInside() {
    const within = (start, seen, size) => {
      const margin = MARGIN / this.scale;
      if (seen >= size + 2 * margin) return (size - seen) / 2;
      return Math.min(Math.max(start, -margin), size + margin - seen);
    };
    this.x = within(this.x, this.width / this.scale, this.scene.width);
    this.y = within(this.y, this.height / this.scale, this.scene.height);
  }
}
