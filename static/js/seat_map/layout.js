// Where everything stands on the park map: zones hold buildings, buildings their floors one above
// the other, floors their seats in rows. One unit is one seat.

const FLOOR_GAP = 3;
const BUILDING_GAP = 8;
const BUILDING_HEAD = 8;
const ZONE_GAP = 14;
const ZONE_HEAD = 10;
const SHAPES = [3, 4, 5, 6, 8]; // width to height of a floor

// `floors` as the legend gives them, as one walks. `aspect`: width to height of the canvas.
// Of several shapes and widths, that which fills the canvas best.
export function layOut(floors, aspect) {
  let found;
  for (const shape of SHAPES) {
    const zones = zonesOf(floors, shape);
    for (const limit of limits(zones, aspect)) {
      const { width, height } = pack(zones, limit);
      const scale = Math.min(aspect / width, 1 / height);
      if (!found || scale > found.scale) found = { scale, zones, limit };
    }
  }
  return placed(found.zones, found.limit);
}

function zonesOf(floors, shape) {
  return grouped(floors, (floor) => floor.zone).map(([code, own]) => ({
    code,
    buildings: grouped(own, (floor) => floor.building).map(([label, storeys]) =>
      building(label, storeys, shape),
    ),
  }));
}

// How wide a row of buildings may get.
function limits(zones, aspect) {
  const buildings = zones.flatMap((zone) => zone.buildings);
  const widest = Math.max(...buildings.map((one) => one.width), 1);
  const area = buildings.reduce(
    (sum, one) => sum + (one.width + BUILDING_GAP) * (one.height + BUILDING_GAP),
    0,
  );
  const shares = Array.from({ length: 26 }, (_none, index) => 0.5 + index / 10);
  return shares.map((share) => Math.max(widest, Math.sqrt(area * aspect) * share));
}

function grouped(items, key) {
  const groups = new Map();
  for (const item of items) {
    const name = key(item);
    if (!groups.has(name)) groups.set(name, []);
    groups.get(name).push(item);
  }
  return [...groups];
}

function building(label, storeys, shape) {
  const most = Math.max(...storeys.map((floor) => floor.seats));
  const columns = Math.max(10, Math.round(Math.sqrt(most * shape) / 10) * 10);
  const floors = [...storeys]
    .sort((one, other) => other.level - one.level)
    .map((floor) => ({ ...floor, columns, rows: Math.ceil(floor.seats / columns) }));
  let y = BUILDING_HEAD;
  for (const floor of floors) {
    Object.assign(floor, { dx: 0, dy: y, width: columns, height: floor.rows });
    y += floor.rows + FLOOR_GAP;
  }
  return { label, floors, width: columns, height: y - FLOOR_GAP };
}

// Zones in rows, within each its buildings in rows.
function pack(zones, limit) {
  const inner = zones.map((zone) => shelves(zone.buildings, limit, BUILDING_GAP));
  const sizes = inner.map(({ width, height }) => ({ width, height: height + ZONE_HEAD }));
  return { ...shelves(sizes, limit, ZONE_GAP), inner };
}

function shelves(boxes, limit, gap) {
  const spots = [];
  let [x, y, tallest, width] = [0, 0, 0, 0];
  for (const box of boxes) {
    if (x > 0 && x + box.width > limit) {
      [x, y, tallest] = [0, y + tallest + gap, 0];
    }
    spots.push({ x, y });
    x += box.width + gap;
    tallest = Math.max(tallest, box.height);
    width = Math.max(width, x - gap);
  }
  return { spots, width, height: y + tallest };
}

function placed(zones, limit) {
  const packed = pack(zones, limit);
  const scene = { width: packed.width, height: packed.height, zones: [], buildings: [], floors: [] };
  zones.forEach((zone, number) => {
    const { x, y } = packed.spots[number];
    const { spots, width, height } = packed.inner[number];
    const here = { type: "zone", label: zone.code, x, y: y + ZONE_HEAD, width, height, inside: [] };
    scene.zones.push(here);
    zone.buildings.forEach((one, position) => addBuilding(scene, here, one, spots[position]));
  });
  return scene;
}

function addBuilding(scene, zone, one, spot) {
  const x = zone.x + spot.x;
  const y = zone.y + spot.y;
  const box = { type: "building", label: one.label, zone, inside: [] };
  const height = one.height - BUILDING_HEAD;
  Object.assign(box, { x, y: y + BUILDING_HEAD, width: one.width, height });
  scene.buildings.push(box);
  zone.inside.push(box);
  for (const { dx, dy, ...floor } of one.floors) {
    const at = { ...floor, type: "floor", building: box, zone, x: x + dx, y: y + dy };
    scene.floors.push(at);
    box.inside.push(at);
  }
}
