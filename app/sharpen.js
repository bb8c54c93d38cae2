// Owns how a running picture sharpens: each preview is decoded out of sight, then laid over the one before; the last one
// lies under the finished picture until that has developed.
// Must not know which previews there are: the studio tells.

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
  if (newest[place] === url) document.querySelector(`[data-place="${place}"] .tile__wait`)?.before(picture);
};

// What has developed hides what lies under it.
addEventListener("animationend", ({ target }) => {
  if (target.matches(".tile img")) while (target.previousElementSibling) target.previousElementSibling.remove();
});

// A tile that takes another's place does not arrive, and takes over what lies there, before anything is painted.
const moved = (records) => {
  const tiles = (list) => records.flatMap((record) => [...record[list]]).filter((node) => node.dataset?.place);
  for (const old of tiles("removedNodes")) {
    const tile = tiles("addedNodes").find(({ dataset }) => dataset.place === old.dataset.place);
    if (!tile) continue;
    tile.dataset.stays = "";
    const early = old.querySelector(".tile__early:last-of-type");
    if (!early) continue;
    // It has developed already.
    early.dataset.stays = "";
    tile.prepend(early);
  }
};
document.addEventListener("DOMContentLoaded", () => {
  new MutationObserver(moved).observe(document.getElementById("gallery"), { childList: true, subtree: true });
});
