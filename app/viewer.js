// Owns the viewer: one picture of the wall over all else, with its facts and what can be done with it.
// Must not know how a picture is made, changed or deleted: the studio is asked for that.
import { remove } from "./bin.js";

export { press } from "./many.js";

const { bridge } = globalThis;
const find = (id) => document.getElementById(id);
const viewer = find("viewer");
const stage = find("stage");
const lang = document.documentElement.lang;

const NEAREST = 8;
const STEP = 1.5;
const ARROW = 80;
/** Pixels after which a finger's way across is a turn of the page. */
const SWIPE = 50;

let tile;
let picture;
/** Whether the whole window was asked for because of the viewer. */
let lifted = false;
let after;
let held;

const tiles = () => [...document.querySelectorAll(".tile > [data-url]")].map(({ parentNode }) => parentNode);
/** The next tile of a picture, that way round: of five hundred not all are looked through for it. */
const beside = (from, by) => {
  if (!from.isConnected) return tiles()[0];
  let at = from;
  do at = by > 0 ? (at.nextElementSibling ?? at.parentNode.firstElementChild) : (at.previousElementSibling ?? at.parentNode.lastElementChild);
  while (!at.querySelector("[data-url]"));
  return at;
};

// How near the picture is, and where its middle lies.
let zoom = 1;
let x = 0;
let y = 0;
const place = () => {
  for (const [name, value] of Object.entries({ zoom, x: `${x}px`, y: `${y}px` })) stage.style.setProperty(`--${name}`, value);
  stage.toggleAttribute("data-near", zoom > 1);
};
const pan = (dx, dy) => {
  const within = (at, side) => Math.max(-1, Math.min(1, at / ((side * (zoom - 1)) / 2 || 1))) * ((side * (zoom - 1)) / 2);
  x = within(x + dx, stage.clientWidth);
  y = within(y + dy, stage.clientHeight);
  place();
};
/** As it lies when it is opened: nothing is measured for that, which would be felt. */
const whole = () => {
  if (zoom === 1) return;
  [zoom, x, y] = [1, 0, 0];
  place();
};
/** Goes nearer or further off; what lies under this point of the window stays there. */
const near = (to, { clientX, clientY } = {}) => {
  const box = stage.getBoundingClientRect();
  const px = clientX === undefined ? 0 : clientX - box.x - box.width / 2;
  const py = clientY === undefined ? 0 : clientY - box.y - box.height / 2;
  const by = Math.max(1, Math.min(NEAREST, to)) / zoom;
  zoom *= by;
  pan((px - x) * (1 - by), (py - y) * (1 - by));
};

const fact = (name, text) => {
  const place = viewer.querySelector(`[data-fact=${name}]`);
  place.textContent = text;
  place.parentNode.hidden = !text;
};
// Made once: each takes longer than all else that a turn of the page does.
const date = new Intl.DateTimeFormat(lang, { dateStyle: "medium", timeStyle: "short" });
const [kilobytes, megabytes] = ["kilobyte", "megabyte"].map((unit) => new Intl.NumberFormat(lang, { style: "unit", unit, maximumSignificantDigits: 2 }));

const letGo = () => {
  if (held) URL.revokeObjectURL(held);
  held = undefined;
};

/** The frame after the next: until the next is on the screen, nothing else is in its way. */
const later = () => new Promise((then) => requestAnimationFrame(() => requestAnimationFrame(then)));

/** The original, over the copy that is there at once. */
const sharpen = async (own) => {
  const { url } = own.dataset;
  const shown = stage.firstElementChild;
  const full = new Image();
  full.alt = own.alt;
  try {
    const kept = await bridge.own?.(url);
    if (picture !== own) return;
    full.src = kept ? (held = URL.createObjectURL(kept)) : url;
    await full.decode();
    if (stage.firstElementChild === shown) shown.replaceWith(full);
  } catch {
    // It has gone from the edge: the copy is what there is.
  }
};

/** What is told of the picture, and what is done with it by a link. */
const tell = () => {
  const { quality, size: shape, model, bytes, credentials, since, usd } = bridge.facts(picture) ?? {};
  find("shown").textContent = picture.alt;
  fact("shape", document.querySelector(`[value="${shape}"]`)?.parentNode.title ?? shape);
  fact("quality", find(`word-${quality}`)?.textContent ?? quality);
  fact("model", model);
  fact("cost", usd);
  fact("made", +since && date.format(+since));
  fact("pixels", `${picture.getAttribute("width")} × ${picture.getAttribute("height")}`);
  fact("file", +bytes && (bytes < 1e6 ? kilobytes.format(bytes / 1e3) : megabytes.format(bytes / 1e6)));
  viewer.querySelector("[data-fact=credentials]").parentNode.hidden = !credentials;
  const link = tile.querySelector("[download]");
  const save = viewer.querySelector("[download]");
  save.href = link.href;
};

/** Shows the picture of a tile: what is there at once with the frame that answers the press, all else with the next. */
const show = async (next) => {
  letGo();
  tile = next;
  const own = (picture = tile.querySelector("[data-url]"));
  const early = new Image();
  early.alt = picture.alt;
  early.src = picture.src;
  stage.replaceChildren(early);
  whole();
  say("");
  await later();
  if (picture !== own || !viewer.open) return;
  delete viewer.dataset.bare;
  viewer.toggleAttribute("data-alone", beside(tile, 1) === tile);
  tell();
  sharpen(own);
};

const step = (by) => show(beside(tile, by));

const say = (text) => (viewer.querySelector("[role=status]").textContent = text);
const copied = (copying) => copying.then(() => bridge.say("copied"), () => bridge.say("not-copied"));
const leave = (then) => {
  after = then;
  viewer.close();
};

/** The picture as a clipboard takes it: the only place where it is painted anew. */
const png = async () => {
  const file = await bridge.original(picture.dataset.url);
  if (file.type === "image/png") return file;
  const bitmap = await createImageBitmap(file);
  const canvas = new OffscreenCanvas(bitmap.width, bitmap.height);
  canvas.getContext("bitmaprenderer").transferFromImageBitmap(bitmap);
  return canvas.convertToBlob();
};

const does = {
  close: () => viewer.close(),
  previous: () => step(-1),
  next: () => step(1),
  picture: () => copied(navigator.clipboard.write([new ClipboardItem({ "image/png": png() })])),
  prompt: () => copied(navigator.clipboard.writeText(picture.alt)),
  async share() {
    try {
      await navigator.share({ files: [await bridge.original(picture.dataset.url)] });
    } catch {
      // Nobody was chosen.
    }
  },
  reuse() {
    const place = bridge.placeOf(picture);
    leave(() => bridge.send("reuse", place));
  },
  change() {
    const place = bridge.placeOf(picture);
    leave(() => bridge.send("change", place));
  },
  vary() {
    const place = bridge.placeOf(picture);
    leave(() => {
      bridge.send("vary", place);
      scrollTo(0, 0);
      find("create").focus();
    });
  },
  remove() {
    const all = tiles();
    const next = all[all.indexOf(tile) + 1] ?? all.at(-2);
    const old = tile;
    if (next) show(next);
    else leave(() => find("undo").focus());
    remove([old], (back) => (viewer.open ? (show(back), viewer.focus()) : bridge.focus(back)));
  },
};

viewer.addEventListener("click", ({ target }) => {
  does[target.closest("[data-do]")?.dataset.do]?.();
  if (target.closest("[download]")) bridge.send("download", bridge.placeOf(picture));
  if (target.closest("[data-choose]")) bridge.send("use", bridge.placeOf(picture));
});

viewer.addEventListener("close", () => {
  letGo();
  stage.replaceChildren();
  document.body.append(find("toast"));
  if (lifted) bridge.expand(false);
  lifted = false;
  const way = after ?? (() => bridge.focus(document.querySelector(`[data-place="${tile.dataset.place}"]`)));
  after = undefined;
  way();
  // What is deleted later is not held on to.
  tile = picture = undefined;
});

// `showModal` would make all that lies behind inert, which costs with every picture of the wall. So the focus is held here.
document.addEventListener("focusin", ({ target }) => viewer.open && !viewer.contains(target) && viewer.focus());
const round = (back) => {
  const stops = [...viewer.querySelectorAll("button, a")].filter((one) => one.offsetParent);
  const [from, to] = back ? [stops[0], stops.at(-1)] : [stops.at(-1), stops[0]];
  const { activeElement } = document;
  if (activeElement !== from && (activeElement !== viewer || !back)) return false;
  to.focus();
  return true;
};

const WAYS = { ArrowLeft: [1, 0], ArrowRight: [-1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };
// Wherever the focus is: what had it may have gone.
document.addEventListener("keydown", (event) => {
  if (!viewer.open) return;
  const { key, ctrlKey, metaKey, altKey } = event;
  if (ctrlKey || metaKey || altKey) return;
  const way = WAYS[key];
  if (key === "Tab" && !round(event.shiftKey)) return;
  else if (key === "Escape") viewer.close();
  else if (key === "+" || key === "=") near(zoom * STEP);
  else if (key === "-") near(zoom / STEP);
  else if (key === "0") near(1);
  else if (way && zoom > 1) pan(way[0] * ARROW, way[1] * ARROW);
  else if (way?.[0]) step(document.dir === "rtl" ? way[0] : -way[0]);
  else return;
  event.preventDefault();
});

const fingers = new Map();
let from;
stage.addEventListener("pointerdown", (event) => {
  if (event.button) return;
  event.preventDefault();
  stage.setPointerCapture(event.pointerId);
  fingers.set(event.pointerId, event);
  from = fingers.size === 1 && zoom === 1 && event;
});
stage.addEventListener("pointermove", (event) => {
  const was = fingers.get(event.pointerId);
  if (!was) return;
  fingers.set(event.pointerId, event);
  const apart = (one) => Math.hypot(one.clientX - other.clientX, one.clientY - other.clientY);
  const other = [...fingers.values()].find((one) => one !== event);
  if (other) near((zoom * apart(event)) / (apart(was) || 1), { clientX: (event.clientX + other.clientX) / 2, clientY: (event.clientY + other.clientY) / 2 });
  else if (zoom > 1) pan(event.clientX - was.clientX, event.clientY - was.clientY);
});
for (const type of ["pointerup", "pointercancel"])
  stage.addEventListener(type, (event) => {
    fingers.delete(event.pointerId);
    const across = event.clientX - from?.clientX;
    if (from && zoom === 1 && Math.abs(across) > Math.max(SWIPE, Math.abs(event.clientY - from.clientY))) step(across < 0 === (document.dir !== "rtl") ? 1 : -1);
    from = null;
  });
stage.addEventListener("dragstart", (event) => event.preventDefault());
stage.addEventListener("dblclick", (event) => near(zoom > 1 ? 1 : 2 * STEP, event));
stage.addEventListener(
  "wheel",
  (event) => {
    event.preventDefault();
    near(zoom * Math.exp(event.deltaY * (event.ctrlKey ? -0.01 : -0.002)), event);
  },
  { passive: false },
);

viewer.querySelector("[data-do=share]").hidden = !navigator.canShare?.({ files: [new File([], "a.png", { type: "image/png" })] });
viewer.querySelector("[data-choose]").hidden = !bridge.isHosted() || !bridge.site().choose;

/** Opens it on the picture of this tile. */
export const open = async (on) => {
  viewer.dataset.bare = "";
  const shown = show(on);
  // Its own `show` moves the focus at once, for which the browser lays out all that was just changed.
  viewer.open = true;
  lifted = bridge.expand(true);
  await shown;
  if (viewer.open && !viewer.contains(document.activeElement)) viewer.querySelector("[autofocus]").focus();
};
