// Owns what a picture of the wall gets from the document: its bytes, the bar that lies on it, and wall.js, which comes after the first.
// Must not know what happens when any of that is pressed: wall.js does.
import { pictures } from "./given.js";

/** How long after a picture's last byte nothing else begins that would hold up its way to the screen, in milliseconds. */
const SHOWS = 100;
let wall;
/** The paths of pictures that did not load. */
const lost = new Set();
/** Brings what pictures are looked at and worked on with. */
export const tools = async () => (wall ??= await import("%asset:wall.js%"));

/** Says that something of the studio did not come, wherever the visitor is. */
pictures.broken = () => {
  const told = document.getElementById("broken");
  told.hidden = false;
  told.scrollIntoView({ block: "center" });
};

/** Loads a picture that did not load: past what the browser has kept of it, which may be what somebody else has answered. */
const again = async (picture, url) => {
  try {
    await pictures.original(url, { cache: "reload" });
    lost.delete(url);
    picture.src = pictures.copy?.(url) ?? url;
  } catch {
    if (picture.isConnected) pictures.act("lose", picture);
  }
};

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
  const own = !lost.has(url) && pictures.copy?.(url);
  if (lost.has(url)) return again(picture, url);
  picture.src = own || url;
  if (!own) return;
  // It is here already: nothing is waited for, and nothing moves. Five hundred that arrive would be a layer each.
  const tile = picture.closest(".tile");
  picture.dataset.here = "now";
  tile.dataset.hangs = "";
  tile.classList.remove("tile_waiting");
};

// Neither of these events bubbles, and neither reaches the window. A picture develops when its last byte is here.
document.addEventListener("load", ({ target }) => {
  target.dataset.here ??= "";
  target.closest?.(".tile")?.classList.remove("tile_waiting");
  if (target.dataset.url) setTimeout(async () => (await tools()).hung(target), SHOWS);
}, true);
// Somebody is quicker than that, or than the network.
addEventListener("click", async ({ target }) => {
  const own = target.closest("[data-url], [data-open], #manage button");
  if (wall || !own) return;
  if (await tools().catch(pictures.broken)) own.click();
});
document.addEventListener("error", ({ target }) => {
  const url = target.dataset?.url;
  if (!url) return;
  lost.add(url);
  pictures.act("lose", target);
}, true);
