// Owns the pictures that the visitor gives, by button, drop or paste, or takes from the wall: their Blobs lie here, under
// numbers, until the studio lets go of them. And the way to the bytes of a picture of the wall, wherever they are.
// Must not decide how many may be given or when one is sent, and keeps nothing as it came: `shrink.js` makes each anew.
const find = (id) => document.getElementById(id);

/** By number: the file as it came, then the blob to send and the URL that shows it. */
const held = new Map();
let last = 0;
/** What can be done with pictures of the wall: app/src/browser/pictures.rs has the same list. */
const acts = { change: 0, vary: 1, remove: 2, undo: 3, over: 4, lose: 5, keep: 6 };
// Before the studio is there, numbers wait.
let given = () => {};
let taken;
let ready;

const give = (files) => {
  const first = last + 1;
  for (const file of files) held.set(++last, { file });
  if (last >= first) given(first, files.length);
};

addEventListener("change", ({ target }) => {
  if (target.id !== "add") return;
  give([...target.files]);
  // The same file can be chosen again.
  target.value = "";
});

// Text that is dragged or pasted is not ours.
const drop = (then) => (event) => {
  if (!event.dataTransfer?.types.includes("Files")) return;
  event.preventDefault();
  event.dataTransfer.dropEffect = "copy";
  document.documentElement.toggleAttribute("data-drop", !then);
  then?.(event.dataTransfer.files);
};
addEventListener("dragover", drop());
addEventListener("drop", drop(give));
addEventListener("dragleave", ({ relatedTarget }) => {
  if (!relatedTarget) document.documentElement.removeAttribute("data-drop");
});

addEventListener("paste", (event) => {
  const { files, types } = event.clipboardData;
  const pictures = [...files].filter(({ type }) => type.startsWith("image/"));
  // A word processor's text comes with a picture of itself.
  if (!pictures.length || (types.includes("text/plain") && types.includes("text/html"))) return;
  event.preventDefault();
  give(pictures);
});

/**
 * The very bytes of a picture of the wall, with the name that the edge gave them: this device's, or the edge's. What something
 * in between answers is no picture, whatever its status is.
 */
const original = async (url, how) => {
  const own = await pictures.own?.(url);
  if (own) return own;
  const answer = await fetch(url, how);
  if (!answer.ok || !/^image\//.test(answer.headers.get("content-type"))) throw answer;
  const [, name = "picture"] = /filename="(.+)"/.exec(answer.headers.get("content-disposition")) ?? [];
  const blob = await answer.blob();
  return new File([blob], name, { type: blob.type });
};

// One after the other: a phone's memory holds few large pictures that are decoded.
let turn = Promise.resolve();
const small = async (id, url) => {
  const own = held.get(id);
  if (!own) return;
  const { shrink } = await import("%asset:shrink.js%");
  // The site says how large a picture may be: each model that may be asked takes that.
  const { max_input_side: longest } = JSON.parse(document.getElementById("site").textContent);
  own.blob = await shrink(own.file ?? (await original(url)), longest);
  own.file = undefined;
  if (held.has(id)) own.url = URL.createObjectURL(own.blob);
};

export const pictures = {
  hear(onGiven, onTaken, onAct) {
    [given, taken] = [onGiven, onTaken];
    /** Does something with a picture of the wall. */
    pictures.act = (act, picture) => {
      const [serial, index] = picture?.parentNode.dataset.place.split("-") ?? [0, 0];
      onAct(acts[act], serial * 16 + +index);
    };
    ready();
    if (last) given(1, last);
  },

  /** When the studio is there. */
  heard: new Promise((then) => (ready = then)),

  original,

  number: () => ++last,

  take(id, url) {
    if (url) held.set(id, {});
    turn = turn.then(() => small(id, url)).then(
      () => taken(id, 1),
      () => taken(id, 0),
    );
  },

  letGo(id) {
    URL.revokeObjectURL(held.get(id)?.url);
    held.delete(id);
  },

  show(ids) {
    const { dataset } = find("composer");
    const prompt = find("prompt");
    const changes = ids.length > 0;
    if (changes !== "changes" in dataset) {
      [prompt.placeholder, prompt.dataset.other] = [prompt.dataset.other, prompt.placeholder];
      if (changes) dataset.changes = "";
      else delete dataset.changes;
    }
    const slots = [...find("references").children];
    const left = slots.find((slot) => slot.contains(document.activeElement));
    slots.forEach((slot, at) => {
      const url = held.get(ids[at])?.url;
      slot.hidden = at >= ids.length;
      slot.classList.toggle("reference_waiting", !url);
      const picture = slot.querySelector("img");
      if (url) picture.src = url;
      else picture.removeAttribute("src");
    });
    // Who has removed the last one goes on beside it.
    if (left?.hidden) (slots[ids.length - 1]?.querySelector("button") ?? find("add")).focus();
  },

  change(shape) {
    document.querySelector(`[name=size][value="${shape}"]`)?.click();
    find("prompt").focus();
    find("prompt").select();
  },

  form(json, ids) {
    const form = new FormData();
    form.append("request", json);
    for (const id of ids) form.append("picture", held.get(id).blob);
    return form;
  },
};
