// Owns what the scripts that are not components yet (wall, viewer, many, bin, kept, near, paint) and the studio ask of each
// other: src/browser/bridge.rs has the other half. It goes when they do.
// Must not hold state of the studio. What these scripts change in its document, and nothing else: `li.room` in the wall and
// `data-far`, `aria-posinset`, `aria-setsize` on tiles (near); `.tile__pick` in a tile (many); `data-rests` on a tile and
// `decoding` of its picture (wall); what is in #viewer, #toast, #manage and #keep.

/** How long after a picture's last byte nothing else begins that would hold up its way to the screen, in milliseconds. */
const SHOWS = 100;
const find = (id) => document.getElementById(id);
const heard = [];
let tell = () => {};
let factsOf = () => {};
let wall;

/** Brings what pictures are looked at and worked on with. */
const tools = async () => (wall ??= await import("%asset:wall.js%"));

const bridge = (globalThis.bridge = {
  /** The studio has started. Who has let it keep pictures on this device finds them again; a browser that stores nothing may throw. */
  start(send, facts) {
    [tell, factsOf] = [send, facts];
    const keep = find("keep");
    try {
      if (keep && localStorage[keep.dataset.name]) tools().catch(bridge.broken);
    } catch {}
  },

  // What the studio calls. `flushUndo`, `rehang`, `copy` and `focus` are what a script has put in their place.

  wallChanged(added) {
    // The components change the document first.
    setTimeout(() => heard.forEach((then) => then(added)));
  },
  closeViewer: () => find("viewer").close?.(),
  flushUndo() {},
  rehang() {},
  /** The URL of a picture that this device keeps. */
  copy: () => undefined,
  focusTile(place) {
    const tile = document.querySelector(`[data-place="${place}"]`);
    bridge.focus(tile);
    return Boolean(tile);
  },

  // What the scripts call.

  /** Asks the studio for something, at a tile, with something more. */
  send: (act, place = "", more) => tell(act, place, more),
  onWallChanged: (then) => heard.push(then),
  placeOf: (element) => element.closest("[data-place]").dataset.place,
  /** What is told of a picture beside itself; nothing for one that has gone. */
  facts: (picture) => JSON.parse(factsOf(bridge.placeOf(picture)) ?? "null"),
  site: () => JSON.parse(find("site").textContent).site,
  isHosted: () => Boolean(globalThis.easel?.page),
  focus: (tile) => tile?.querySelector("[data-open]")?.focus(),

  /** Asks for the whole window, if it is not the frame's already, or gives it back; true if that was asked. */
  expand(whole) {
    if (!bridge.isHosted() || (whole && "expanded" in document.documentElement.dataset)) return false;
    bridge.send(whole ? "expand" : "collapse");
    return true;
  },

  /** Announces: what is over all else is all that is heard. */
  say(word) {
    const status = document.querySelector("dialog[open] [role=status]");
    if (status) status.textContent = status.getAttribute(`data-${word}`);
    else bridge.send(word);
  },

  /**
   * The very bytes of a picture, with the name that the edge gave them: this device's, or the edge's. What something in between
   * answers is no picture, whatever its status is.
   */
  async original(url, how) {
    const own = await bridge.own?.(url);
    if (own) return own;
    const answer = await fetch(url, how);
    if (!answer.ok || !/^image\//.test(answer.headers.get("content-type"))) throw answer;
    const [, name = "picture"] = /filename="(.+)"/.exec(answer.headers.get("content-disposition")) ?? [];
    const blob = await answer.blob();
    return new File([blob], name, { type: blob.type });
  },

  /** Says that a script did not come: a newer build was deployed, which has others; or something else is wrong. */
  async broken() {
    const answer = await fetch("%asset:wall.js%", { method: "HEAD", cache: "no-store" }).catch(() => {});
    if (answer?.status === 404) return bridge.send("part-missing");
    const told = find("broken");
    told.hidden = false;
    told.scrollIntoView({ block: "center" });
  },
});

// This event does not bubble, and does not reach the window.
document.addEventListener(
  "load",
  ({ target }) => {
    if (target.dataset?.url) setTimeout(() => tools().then(({ hung }) => hung(target), () => {}), SHOWS);
  },
  true,
);
// Somebody is quicker than that, or than the network.
addEventListener("click", async ({ target }) => {
  const own = target.closest?.("[data-url], [data-open], #manage button");
  if (!own || wall) return;
  if (await tools().catch(bridge.broken)) own.click();
});
