// Owns how a running picture sharpens: each preview is decoded out of sight, then laid over the one before; the last one
// lies under the finished picture until that has developed.
// Must not know which previews there are: the studio tells.

import { hang } from "./hang.js";

/** By place: the preview that was asked for last. */
const newest = {};

export const sharpen = async (place, url, words) => {
  newest[place] = url;
  const picture = new Image();
  picture.className = "tile__early";
  picture.alt = words;
  picture.src = url;
  try {
    await picture.decode();
  } catch {
    return; // It has gone, most likely because the picture itself is there.
  }
  const wait = newest[place] === url && document.querySelector(`[data-place="${place}"] .tile__wait`);
  if (!wait) return;
  wait.before(picture);
  picture.parentNode.classList.remove("tile_waiting");
};

// What has come is there; what has developed hides what lies under it.
addEventListener("animationend", ({ target }) => {
  if (target.matches(".tile")) target.dataset.hangs = "";
  if (!target.matches(".tile img")) return;
  if ("here" in target.dataset) target.dataset.here = "now";
  while (target.previousElementSibling) target.previousElementSibling.remove();
});

// A tile that takes another's place does not arrive, and takes over what lies there, before anything is painted.
const moved = (records) => {
  const tiles = (list) => records.flatMap((record) => [...record[list]]).filter((node) => node.dataset?.place);
  const added = tiles("addedNodes");
  for (const tile of added) {
    const picture = tile.querySelector("[data-url]:not([src])");
    if (picture) hang(picture);
  }
  for (const old of tiles("removedNodes")) {
    const tile = added.find(({ dataset }) => dataset.place === old.dataset.place);
    if (!tile) continue;
    tile.dataset.stays = "";
    // Somebody waits for this one: not even for the next frame.
    const picture = tile.querySelector("[data-url]");
    if (picture) picture.loading = "eager";
    if ("break" in old.dataset) tile.dataset.break = "";
    const early = old.querySelector(".tile__early:last-of-type");
    if (!early) continue;
    // It has developed already.
    early.dataset.stays = "";
    tile.classList.remove("tile_waiting");
    tile.prepend(early);
  }
  // Where somebody looks at what hangs further down, new pictures have rows of their own: the others stay where they are.
  const fresh = added.filter(({ dataset }) => !("stays" in dataset));
  const last = fresh.find(({ nextElementSibling: next }) => next?.dataset.place && !fresh.includes(next));
  if (!last) return;
  const below = document.getElementById("gallery").getBoundingClientRect().top < 0;
  if (!below) for (const tile of document.querySelectorAll("[data-break]")) delete tile.dataset.break;
  else last.dataset.break = "";
};
document.addEventListener("DOMContentLoaded", () => {
  new MutationObserver(moved).observe(document.getElementById("gallery"), { childList: true, subtree: true });
});
