// Owns what the form does before, and without, the studio's wasm: it keeps a submit, sends on Enter, fills in ideas,
// shows the times of the chosen shape, unfolds.
// Must not talk to the edge or store anything. The studio takes `data-kept` from the form, sets `data-ready`, and listens by itself.
import { pictures } from "./given.js";
import { host } from "./host.js";
import { fill } from "./draft.js";
import { tools } from "./hang.js";
import { sharpen } from "./sharpen.js";

// What the studio calls.
globalThis.pictures = Object.assign(pictures, { sharpen, fill });
globalThis.host = host;

const find = (id) => document.getElementById(id);

addEventListener("submit", (event) => {
  event.preventDefault();
  const { dataset } = find("composer");
  if ("ready" in dataset || !find("broken").hidden || !find("prompt").value.trim()) return;
  dataset.kept = "";
  find("said").textContent = find("said").dataset.moment;
});

addEventListener("keydown", (event) => {
  // Held down on Create it would press Cancel next.
  if (event.repeat && event.target.id === "create") event.preventDefault();
  // 229: Safari's Enter that ends a composition comes after `isComposing` has ended.
  if (event.target.id !== "prompt" || event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229) return;
  event.preventDefault();
  if (!event.repeat) find("composer").requestSubmit();
});

addEventListener("click", ({ target }) => {
  if (target.id === "more") target.ariaExpanded = !(find("options").hidden = !find("options").hidden);
  const idea = target.closest?.("[data-prompt]")?.dataset.prompt;
  if (idea === undefined) return;
  const field = find("prompt");
  field.value = idea;
  field.focus();
  field.dispatchEvent(new Event("input", { bubbles: true }));
});

addEventListener("change", ({ target }) => {
  // A JPEG cannot be transparent.
  const jpeg = document.querySelector("[name=format] [value=jpeg]");
  if (jpeg && target.name === "background") {
    jpeg.disabled = target.checked;
    const { options } = jpeg.parentElement;
    if (target.checked && jpeg.selected) [...options].find((option) => option !== jpeg).selected = true;
  }
  // A time beside a quality is that of the shape which is chosen.
  if (target.name === "size") for (const time of document.querySelectorAll("[data-size]")) time.hidden = time.dataset.size !== target.value;
});

const parsed = new Promise((resolve) => addEventListener("DOMContentLoaded", resolve));

// Who has let the studio keep pictures on this device finds them again. A browser that stores nothing may throw.
pictures.heard.then(() => {
  const keep = find("keep");
  try {
    if (keep && localStorage[keep.dataset.name]) tools();
  } catch {}
});
Promise.all([import("%asset:studio.js%"), parsed])
  .then(([studio]) => studio.default({ module_or_path: "%asset:studio.wasm%" }))
  .catch(() => parsed.then(() => {
    delete find("composer").dataset.kept;
    find("said").textContent = "";
    find("broken").hidden = false;
  }));
