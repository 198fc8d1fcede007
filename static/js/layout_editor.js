// Drawing a floor's layout cell by cell. The text with the cells stays what is sent; without this
// it is typed.
"use strict";

const tools = document.getElementById("layout-tools");
const grid = document.getElementById("layout-cells");
const text = document.querySelector("#layout textarea[name='cells']");
const names = {};
const MOST = 200;
let rows = [];
let at = { row: 0, column: 0 };
let isDrawing = false;

function read() {
  const lines = text.value.split(/\r?\n/);
  const width = Math.min(MOST, Math.max(1, ...lines.map((line) => line.length)));
  rows = lines.slice(0, MOST).map((line) => [...line.padEnd(width, ".").slice(0, width)].map(sign));
}

function sign(letter) {
  if (/[Ss席座口□Ｓｓ]/u.test(letter)) return "S";
  return /[#Xx×■柱墙＃]/u.test(letter) ? "#" : ".";
}

function write() {
  text.value = rows.map((row) => row.join("")).join("\n");
  count();
}

function count() {
  const drawn = rows.flat().filter((cell) => cell === "S").length;
  const seats = Number(tools.dataset.seats);
  const output = document.getElementById("layout-count");
  output.textContent = tools.dataset.count.replace("{drawn}", drawn).replace("{seats}", seats);
  output.className = `x-st ${drawn === seats ? "done" : "look"}`;
}

function named(row, column) {
  return tools.dataset.cell
    .replace("{row}", row + 1)
    .replace("{column}", column + 1)
    .replace("{cell}", names[rows[row][column]]);
}

function cellOf(row, column) {
  return grid.firstChild?.children[row]?.children[column];
}

function draw() {
  const table = document.createElement("div");
  table.className = "x-cells";
  table.setAttribute("role", "grid");
  table.setAttribute("aria-label", tools.dataset.grid);
  rows.forEach((row, y) => {
    const line = document.createElement("div");
    line.setAttribute("role", "row");
    row.forEach((cell, x) => {
      const square = document.createElement("span");
      square.setAttribute("role", "gridcell");
      square.dataset.cell = cell;
      square.dataset.row = y;
      square.dataset.column = x;
      square.tabIndex = y === at.row && x === at.column ? 0 : -1;
      square.setAttribute("aria-label", named(y, x));
      line.append(square);
    });
    table.append(line);
  });
  grid.replaceChildren(table);
  count();
}

function paint(square, cell) {
  const { row, column } = square.dataset;
  if (rows[row][column] === cell) return;
  rows[row][column] = cell;
  square.dataset.cell = cell;
  square.setAttribute("aria-label", named(Number(row), Number(column)));
  write();
}

function tool() {
  return tools.querySelector("[name='tool']:checked").value;
}

function go(row, column) {
  const square = cellOf(row, column);
  if (!square) return;
  cellOf(at.row, at.column).tabIndex = -1;
  at = { row, column };
  square.tabIndex = 0;
  square.focus();
}

const MOVES = {
  ArrowUp: [-1, 0],
  ArrowDown: [1, 0],
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
};

grid.addEventListener("keydown", (event) => {
  const square = event.target.closest("[role='gridcell']");
  if (!square || event.ctrlKey || event.altKey || event.metaKey) return;
  const cell = { " ": tool(), s: "S", S: "S", ".": ".", "#": "#", x: "#" }[event.key];
  const step = MOVES[event.key];
  if (!cell && !step) return;
  event.preventDefault();
  if (cell) paint(square, cell);
  else go(at.row + step[0], at.column + step[1]);
});

grid.addEventListener("pointerdown", (event) => {
  const square = event.target.closest("[role='gridcell']");
  if (!square || event.button || event.pointerType === "touch") return;
  isDrawing = true;
  event.preventDefault();
  go(Number(square.dataset.row), Number(square.dataset.column));
  paint(square, tool());
});
grid.addEventListener("pointerover", (event) => {
  const square = isDrawing && event.target.closest("[role='gridcell']");
  if (square) paint(square, tool());
});
// A finger moves the page: one touch draws one cell.
grid.addEventListener("click", (event) => {
  const square = event.target.closest("[role='gridcell']");
  if (square && event.pointerType === "touch") paint(square, tool());
});
document.addEventListener("pointerup", () => {
  isDrawing = false;
});

tools?.addEventListener("click", (event) => {
  const what = event.target.dataset.add;
  if (what === "row" && rows.length < MOST) rows.push(rows[0].map(() => "."));
  if (what === "column" && rows[0].length < MOST) for (const row of rows) row.push(".");
  if (!what) return;
  write();
  draw();
});

if (tools) {
  for (const radio of tools.querySelectorAll("[name='tool']"))
    names[radio.value] = radio.parentElement.textContent.trim();
  text.addEventListener("input", () => {
    read();
    draw();
  });
  read();
  draw();
  tools.hidden = false;
}
