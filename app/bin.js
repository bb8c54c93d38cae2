// Owns the toast: what was deleted can come back for as long as it stands there.
// Must not delete anything for good: the studio does, when this says that the time is over.
const { bridge } = globalThis;
const find = (id) => document.getElementById(id);

/** How long it stands, at least. */
const STANDS = 6000;

const toast = find("toast");
const undo = find("undo");
let deleted = [];
let timer;
let back;

const hide = () => {
  clearTimeout(timer);
  const focused = toast.contains(document.activeElement);
  toast.hidden = true;
  deleted = [];
  return focused;
};

/** The time is over. */
const over = () => {
  if (!deleted.length) return;
  bridge.send("undo-expired");
  bridge.drop?.(deleted.map(({ url }) => url));
  if (!hide()) return;
  const first = document.querySelector("[data-open]");
  if (first) bridge.focus(first.closest(".tile"));
  else find("prompt").focus();
};

const wait = () => {
  clearTimeout(timer);
  timer = setTimeout(over, STANDS);
};

/** Deletes the pictures of these tiles, and offers to undo it. `then` hears of the first that came back. */
export const remove = (tiles, then) => {
  const gone = tiles.map((tile) => ({ place: tile.dataset.place, url: tile.querySelector("[data-url]").dataset.url }));
  deleted.push(...gone);
  bridge.send("remove", gone.map(({ place }) => place).join(" "));
  back = then;
  const text = find("deleted");
  text.textContent = deleted.length === 1 ? text.dataset.one : text.dataset.many.replace("{n}", deleted.length);
  (document.querySelector("dialog[open]") ?? document.body).append(toast);
  toast.hidden = false;
  wait();
};

undo.addEventListener("click", () => {
  const [{ place }] = deleted;
  bridge.send("undo");
  hide();
  // The wall hangs it again first.
  setTimeout(() => {
    const tile = document.querySelector(`[data-place="${place}"]`);
    if (back) back(tile);
    else bridge.focus(tile);
  });
});

// Who is about to press it has the time for that.
for (const type of ["pointerenter", "focusin"]) toast.addEventListener(type, () => toast.matches(":hover, :has(:focus-visible)") && clearTimeout(timer));
for (const type of ["pointerleave", "focusout"]) toast.addEventListener(type, () => deleted.length && wait());
addEventListener("pagehide", over);
bridge.flushUndo = over;
