// Owns what a picture of the wall gets from the document: its bytes, and the bar that lies on it.
// Must not know what happens when that is pressed: wall.js does, which comes with the first picture.
import { pictures } from "./given.js";

/** Hangs the picture of a tile. */
export const hang = (picture) => {
  const { url, facts } = picture.dataset;
  const bar = document.getElementById("bar").content.firstElementChild.cloneNode(true);
  const [open, save] = bar.children;
  open.ariaLabel = open.dataset.open.replace("{n}", () => picture.alt);
  save.href = `${url}?download`;
  save.dataset.type = facts.split("\n")[6];
  picture.after(bar);
  picture.loading = "lazy";
  picture.decoding = "async";
  const own = pictures.copy?.(url);
  picture.src = own ?? url;
  if (!own) return;
  // It is here already: nothing is waited for, and nothing moves. Five hundred that arrive would be a layer each.
  const tile = picture.closest(".tile");
  picture.dataset.here = "now";
  tile.dataset.hangs = "";
  tile.classList.remove("tile_waiting");
};

// Neither of these events bubbles, and neither reaches the window. A picture develops when its last byte is here.
document.addEventListener("load", async ({ target }) => {
  target.dataset.here ??= "";
  target.closest?.(".tile")?.classList.remove("tile_waiting");
  if (target.dataset.url) (await import("%asset:wall.js%")).hung(target);
}, true);
document.addEventListener("error", ({ target }) => target.dataset?.url && pictures.act("lose", target), true);
