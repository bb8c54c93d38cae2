// Owns what is done with several pictures at once: selecting, deleting, saving as a zip of the very bytes.
// Must not hold those bytes: a zip is composed of Blobs, which are the browser's.
import { remove } from "./bin.js";

const { bridge } = globalThis;
const find = (id) => document.getElementById(id);
const manage = find("manage");
const selected = find("selected");

let on = false;

const picks = () => [...document.querySelectorAll(".tile__pick")];
const chosen = () => picks().filter(({ checked }) => checked);

const count = () => {
  const { length } = chosen();
  selected.textContent = length === 1 ? selected.dataset.one : selected.dataset.many.replace("{n}", length);
  for (const button of manage.querySelectorAll("[data-some]")) button.disabled = !length;
};

/** Gives each picture its box. */
const mark = () => {
  for (const picture of document.querySelectorAll(".tile:not(:has(.tile__pick)) > [data-url]")) {
    const pick = document.createElement("input");
    pick.type = "checkbox";
    pick.className = "tile__pick";
    pick.ariaLabel = picture.alt;
    picture.after(pick);
  }
  count();
};

const turn = (to) => {
  on = to;
  manage.toggleAttribute("data-on", on);
  if (on) mark();
  else for (const pick of picks()) pick.remove();
  manage.querySelector(on ? "[data-do=all]" : "[data-do=select]").focus();
};

addEventListener("change", ({ target }) => target.matches(".tile__pick") && count());
bridge.onWallChanged(() => on && mark());
addEventListener("keydown", (event) => {
  if (!on || event.key !== "Escape" || event.defaultPrevented || document.querySelector("dialog[open]")) return;
  // Before the studio hears of it, which would give the whole window back.
  event.preventDefault();
  turn(false);
}, true);

/** Numbers as a zip has them: pairs of a value and its bytes. */
const numbers = (...pairs) => {
  const bytes = new Uint8Array(pairs.reduce((sum, [, size]) => sum + size, 0));
  let at = 0;
  for (const [value, size] of pairs) for (let byte = 0; byte < size; byte++) bytes[at++] = (value / 256 ** byte) & 255;
  return bytes;
};

/** A zip of these, stored as they are: headers, the files themselves, and what lies where. */
const zip = async (files, work) => {
  const now = new Date();
  const time = (now.getHours() << 11) | (now.getMinutes() << 5) | (now.getSeconds() >> 1);
  const day = ((now.getFullYear() - 1980) << 9) | ((now.getMonth() + 1) << 5) | now.getDate();
  const parts = [];
  const list = [];
  let at = 0;
  let listed = 0;
  for (const { name, blob } of files) {
    const own = new TextEncoder().encode(name);
    // Version 2.0, names in UTF-8, stored.
    const facts = [[20, 2], [0x800, 2], [0, 2], [time, 2], [day, 2], [await work("sum", blob), 4], [blob.size, 4], [blob.size, 4], [own.length, 2], [0, 2]];
    const head = numbers([0x04034b50, 4], ...facts);
    const entry = numbers([0x02014b50, 4], [20, 2], ...facts, [0, 2], [0, 2], [0, 2], [0, 4], [at, 4]);
    parts.push(head, own, blob);
    list.push(entry, own);
    at += head.length + own.length + blob.size;
    listed += entry.length + own.length;
  }
  const end = numbers([0x06054b50, 4], [0, 4], [files.length, 2], [files.length, 2], [listed, 4], [at, 4], [0, 2]);
  return new Blob([...parts, ...list, end], { type: "application/zip" });
};

const save = async (work) => {
  const files = [];
  const told = [];
  for (const { previousElementSibling: picture } of chosen()) {
    const { url } = picture.dataset;
    const { quality, size, model, credentials, since } = bridge.facts(picture) ?? {};
    let blob;
    try {
      blob = await bridge.original(url);
    } catch {
      bridge.say("away");
      continue;
    }
    // Two of one description have one name.
    let { name } = blob;
    for (let at = 2; files.some((file) => file.name === name); at++) name = `${at}-${blob.name}`;
    files.push({ name, blob });
    told.push({
      file: name,
      ai_generated: true,
      prompt: picture.alt,
      quality,
      size,
      model,
      asked: +since ? new Date(+since).toISOString() : null,
      width: +picture.getAttribute("width"),
      height: +picture.getAttribute("height"),
      bytes: blob.size,
      content_credentials: Boolean(credentials),
    });
  }
  if (!files.length) return;
  const manifest = new Blob([JSON.stringify({ ai_generated: true, pictures: told }, null, 2)]);
  const blob = await zip([...files, { name: "manifest.json", blob: manifest }], work);
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = `ai-generated-${new Date().toISOString().slice(0, 10)}.zip`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
};

const does = {
  select: () => turn(true),
  done: () => turn(false),
  all() {
    const all = picks();
    const to = chosen().length < all.length;
    for (const pick of all) pick.checked = to;
    count();
  },
  async zip(work) {
    if (manage.ariaBusy) return;
    manage.ariaBusy = "true";
    await save(work);
    manage.ariaBusy = null;
  },
  remove() {
    const tiles = chosen().map((pick) => pick.parentNode);
    turn(false);
    remove(tiles);
    find("undo").focus();
  },
};

/** One of the buttons was pressed; `work` is what wall.js has. */
export const press = (button, work) => does[button]?.(work);
