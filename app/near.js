// Owns how much of a long wall is laid out: the rows near the screen, with room in the place of the others. What a tile holds the
// browser leaves alone while it is far off, but the tile itself costs with each frame: of five hundred every key is slower.
// Must not change what hangs, nor where: whatever is hidden here comes back in the place where it was.
const { bridge } = globalThis;
const gallery = document.getElementById("gallery");
const wall = gallery.querySelector(".wall");

/** Tiles from which on a wall is long. */
const LONG = 100;
/** Tiles that are laid out at once without a thought. */
const MANY = 20;
/** Screens that are laid out beyond each end of the screen, and how many of them may be used up before others are. */
const BEYOND = 1;
const USED = 0.5;
/** How long nothing has changed before it is measured, in milliseconds. */
const RESTS = 600;

let tiles = [];
/** Of each row: its first tile, and where it begins below the wall's top. Empty while all is laid out. */
let rows = [];
let first;
let last;
let gap = 0;
let timer;

/** Stands in the place of rows. An element of its own: the browser keeps every style that it ever gave to the wall and what is of it. */
const room = () => Object.assign(document.createElement("li"), { className: "room", ariaHidden: "true" });
const above = room();
const below = room();
wall.prepend(above);
wall.append(below);

/** Keeps so much room before and after what is laid out, in pixels. */
const keep = (before, after) => {
  for (const [{ style }, height] of [[above, before], [below, after]]) {
    // A gap lies between it and the next row.
    style.height = `${height - gap}px`;
    style.display = height ? "" : "none";
  }
  wall.toggleAttribute("data-cut", after > 0);
};
keep(0, 0);

/** Lays out these rows. */
const lay = (from, to) => {
  first = Math.max(0, from);
  last = Math.min(rows.length - 2, to);
  const end = rows[last + 1];
  tiles.forEach((tile, at) => {
    if (at < rows[first].at || at >= end.at) tile.dataset.far = "";
    else tile.removeAttribute("data-far");
  });
  keep(rows[first].top, rows.at(-1).top - end.top);
};

/** The row that lies there. */
const rowAt = (top) => rows.findLastIndex((row) => row.top <= top);

const look = () => {
  if (!rows.length) return;
  const top = -wall.getBoundingClientRect().top;
  const lies = (screens) => [rowAt(top - screens * innerHeight), rowAt(top + (1 + screens) * innerHeight)];
  const [from, to] = lies(BEYOND - USED);
  if (Math.max(0, from) < first || Math.min(rows.length - 2, to) > last) lay(...lies(BEYOND));
};

const measure = () => {
  tiles = [...wall.querySelectorAll(".tile")];
  const long = tiles.length >= LONG;
  gallery.toggleAttribute("data-long", long);
  tiles.forEach((tile, at) => {
    tile.ariaPosInSet = long ? at + 1 : null;
    tile.ariaSetSize = long ? tiles.length : null;
  });
  if (!long) return;
  const { top: start, height } = wall.getBoundingClientRect();
  tiles.forEach((tile, at) => {
    const top = tile.getBoundingClientRect().top - start;
    if (top > (rows.at(-1)?.top ?? -1)) rows.push({ at, top });
  });
  // As if one more began below: the gap before it is not there.
  gap = parseFloat(getComputedStyle(wall).rowGap);
  rows.push({ at: tiles.length, top: height + gap });
  [first, last] = [Infinity, 0];
  look();
};

/** All is laid out, until it rests. Those near the screen stay as they are: a style that changes would let go of what somebody looks at. */
const open = () => {
  clearTimeout(timer);
  timer = setTimeout(measure, RESTS);
  if (!rows.length) return;
  rows = [];
  for (const tile of tiles) if ("far" in tile.dataset) tile.dataset.far = "open";
  keep(0, 0);
};

/** Gives the focus to the picture of a tile, however far it hangs. */
bridge.focus = (tile) => {
  if (tile?.matches(`[data-far=""]`)) {
    const row = rows.findLastIndex(({ at }) => at <= tiles.indexOf(tile));
    lay(row, row);
  }
  tile?.querySelector("[data-open]")?.focus();
};

let width;
new ResizeObserver(([{ contentRect }]) => {
  if (contentRect.width === width) return;
  width = contentRect.width;
  open();
}).observe(wall);
bridge.onWallChanged((added) => {
  // So many at once are the browser's to look at, tile by tile.
  if (added > MANY) delete gallery.dataset.long;
  open();
});
for (const type of ["scroll", "resize"]) addEventListener(type, look, { passive: true });
