// Owns what hangs on the wall: each picture's small copy, which takes the place of its original, which of them a pointer
// rests on, and the way to the viewer and to the tools for many. Loaded after the first picture.
// Must not hold originals: who needs one asks for it, and lets go of it.
import "./near.js";

const { bridge } = globalThis;
const find = (id) => document.getElementById(id);
const wall = document.querySelector(".wall");

/** Pixels of a copy's longer side. */
const LONG = devicePixelRatio > 1 ? 768 : 512;

let worker;
let last = 0;
const calls = new Map();

/** Has the worker do a job of paint.js; the page itself does it where there is no worker. */
const work = async (...job) => {
  const here = async () => {
    const [name, ...rest] = job;
    return (await import("%asset:paint.js%")).jobs[name](...rest);
  };
  if (worker === undefined) {
    try {
      worker = new Worker("%asset:paint.js%", { type: "module" });
      worker.onmessage = ({ data: [id, result] }) => calls.get(id)(result);
      worker.onerror = () => {
        worker = null;
        for (const answer of calls.values()) answer();
      };
    } catch {
      worker = null;
    }
  }
  if (!worker) return here();
  const id = ++last;
  const result = await new Promise((answer) => {
    calls.set(id, answer);
    worker.postMessage([id, ...job]);
  });
  calls.delete(id);
  return result ?? here();
};

/** By picture: its copy, and the URL that shows it. */
const copies = new Map();
const seen = new WeakSet();
const idle = () => new Promise((then) => (globalThis.requestIdleCallback ?? setTimeout)(then, { timeout: 2000 }));

const copy = async (picture) => {
  await idle();
  await Promise.allSettled(picture.getAnimations().map(({ finished }) => finished));
  if (!picture.isConnected) return;
  const file = await bridge.original(picture.dataset.url);
  const blob = await work("copy", file, +picture.getAttribute("width") > +picture.getAttribute("height"), LONG);
  const url = URL.createObjectURL(blob);
  const early = new Image();
  early.src = url;
  await early.decode();
  // It is decoded: shown at once, there is no moment without a picture.
  picture.decoding = "sync";
  const place = bridge.placeOf(picture);
  bridge.send("thumbnail", place, url);
  copies.set(picture, { blob, url, place });
};

// One after the other, when there is nothing else to do.
let turn = Promise.resolve();

/** A picture hangs: its copy takes its place. One that cannot be copied stays as it is. */
export const hung = (picture) => {
  // What this device keeps has its copy already.
  if (seen.has(picture) || picture.src.startsWith("blob:")) return turn;
  seen.add(picture);
  return (turn = turn.then(() => copy(picture)).catch(() => {}));
};

/** The copy of a picture, if there is one. */
const copyOf = (picture) => copies.get(picture)?.blob;

bridge.onWallChanged(() => {
  for (const [picture, { url, place }] of copies) {
    if (picture.isConnected) continue;
    bridge.send("thumbnail-gone", place);
    URL.revokeObjectURL(url);
    copies.delete(picture);
  }
});

/** How long a pointer is on a tile before that tells what can be done with it, in milliseconds. */
const RESTS = 80;
let resting;
let timer;
const rest = (tile) => {
  clearTimeout(timer);
  timer = setTimeout(() => {
    resting?.removeAttribute("data-rests");
    resting = tile;
    resting?.setAttribute("data-rests", "");
  }, RESTS);
};
wall.addEventListener("pointerover", ({ target }) => rest(target.closest(".tile")));
wall.addEventListener("pointerleave", () => rest());
// It may have come before this did, and lie still.
rest(wall.querySelector(".tile:hover"));

let viewer;
/** Once they are there without another task: `import` takes one each time, and the frame that answers a press would come before. */
const tools = async () => (viewer ??= await import("%asset:viewer.js%"));

addEventListener("click", async ({ target }) => {
  const opens = target.dataset.url || target.closest("[data-open]");
  if (!opens && !target.closest("#manage")) return;
  const own = viewer ?? (await tools().catch(bridge.broken));
  if (opens) own?.open(target.closest(".tile"));
  else own?.press(target.closest("[data-do]")?.dataset.do, work);
});

if (find("keep")) import("%asset:kept.js%").then(({ start }) => start(hung, copyOf));
// The first press finds the viewer there.
idle().then(tools);
