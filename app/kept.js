// Owns what this device keeps: pictures, their copies and what is told of them, in IndexedDB, from the moment when the
// visitor agrees until they delete them.
// Must not write anything before that, and must not promise what a browser does not: it may refuse, be full, or drop it all.
const { bridge } = globalThis;
const find = (id) => document.getElementById(id);
const keep = find("keep");
const { name } = keep.dataset;

// What wall.js has.
let hung;
let copyOf;

/** How long after a failure a picture is asked for again, in milliseconds. */
const AGAIN = 15_000;

let database;
const open = () =>
  (database ??= new Promise((then, fail) => {
    const asked = indexedDB.open(name, 1);
    asked.onupgradeneeded = () => asked.result.createObjectStore("pictures", { keyPath: "url" });
    asked.onsuccess = () => then(asked.result);
    asked.onerror = asked.onblocked = () => fail(asked.error);
  }));

/** Does something with what is stored; it is done when it is on the disk. */
const stored = async (mode, what) => {
  const transaction = (await open()).transaction("pictures", mode);
  const asked = what(transaction.objectStore("pictures"));
  return new Promise((then, fail) => {
    transaction.oncomplete = () => then(asked?.result);
    transaction.onabort = transaction.onerror = () => fail(transaction.error ?? asked?.error);
  });
};

/** By path: what is kept of a picture. */
let kept = new Map();
let on = false;

/** Shows one of the parts, or nothing. */
const show = (state) => {
  keep.hidden = !state;
  for (const part of keep.children) part.hidden = part.dataset.state !== state;
};

const failed = (error) => {
  on = false;
  show(error?.name === "QuotaExceededError" ? "full" : "not");
};

/** Keeps the picture of a tile. */
const take = async (picture) => {
  const { url } = picture.dataset;
  if (!on || kept.has(url)) return;
  try {
    const file = await bridge.original(url);
    await hung(picture);
    const told = bridge.facts(picture);
    if (!told) return;
    const record = {
      url,
      // As it has always been stored.
      facts: [told.quality, told.size, told.model, told.bytes, told.credentials ? 1 : "", told.since, told.media_type, told.format, told.background].join("\n"),
      file: new Blob([file], { type: file.type }),
      copy: copyOf(picture) ?? file,
      file_name: file.name,
      prompt: picture.alt,
      width: +picture.getAttribute("width"),
      height: +picture.getAttribute("height"),
    };
    if (!on || !picture.isConnected) return;
    await stored("readwrite", (all) => all.put(record));
    kept.set(url, record);
  } catch (error) {
    // One that the edge no longer has cannot be kept; what the browser says counts for all. What something else has answered counts
    // for nothing: another time it may be the picture.
    if (error instanceof DOMException) failed(error);
    else if (!/^application\/problem/.test(error.headers?.get("content-type"))) setTimeout(look, AGAIN);
  }
};

let turn = Promise.resolve();
const pictured = () => document.querySelectorAll(".tile > [data-url]");
const look = () => {
  for (const picture of pictured()) {
    if (on && !kept.has(picture.dataset.url)) turn = turn.then(() => take(picture));
  }
};
bridge.onWallChanged(look);

/** The copy of a picture, if it is here. */
bridge.copy = (url) => {
  const record = kept.get(url);
  return record && (record.shown ??= URL.createObjectURL(record.copy));
};

/** The very bytes of a picture, if they are here. */
bridge.own = async (url) => {
  const record = kept.get(url);
  return record && new File([record.file], record.file_name, { type: record.file.type });
};

/** Deletes these, or all. */
bridge.drop = (urls = [...kept.keys()]) => {
  const gone = urls.filter((url) => kept.has(url));
  for (const url of gone) {
    URL.revokeObjectURL(kept.get(url).shown);
    kept.delete(url);
  }
  if (gone.length) stored("readwrite", (all) => void gone.forEach((url) => all.delete(url))).catch(failed);
};

/** Hangs what is kept, job by job. */
bridge.rehang = () => {
  const jobs = Map.groupBy(kept.values(), ({ url }) => url.split("/")[3]);
  for (const [id, records] of jobs) {
    const job = { id, pictures: [] };
    for (const { url, facts, prompt, width, height, file } of records) {
      const [quality, size, model, bytes, credentials, since, , format, background] = facts.split("\n");
      const request = { prompt, size, quality, format: format || undefined, background: background || undefined };
      Object.assign(job, { model, since: +since, request });
      job.pictures.push({ index: +url.split("/").at(-1), url, media_type: file.type, width, height, bytes: +bytes, credentials: Boolean(credentials) });
    }
    bridge.send("device", "", JSON.stringify(job));
  }
};

const begin = async () => {
  try {
    // A browser that stores nothing says so here: then there is no mark, or nothing that it could stand for.
    await open();
    localStorage[name] = 1;
    for (const record of await stored("readonly", (all) => all.getAll())) kept.set(record.url, record);
    bridge.rehang();
    on = true;
    show("on");
    look();
  } catch (error) {
    failed(error);
  }
};

/** Takes from the wall what nobody else has; what the edge still has hangs there as that. */
const unhang = () => {
  bridge.flushUndo?.();
  const gone = [];
  for (const picture of pictured()) {
    const { url } = picture.dataset;
    if (!kept.has(url)) continue;
    const place = bridge.placeOf(picture);
    if ((bridge.facts(picture)?.since ?? 0) + bridge.site().retention_minutes * 60_000 < Date.now()) gone.push(place);
    // The edge's own, in the place of the copy that goes.
    else bridge.send("thumbnail", place, url);
  }
  bridge.send("remove", gone.join(" "));
  bridge.send("undo-expired");
};

const does = {
  keep: begin,
  later: () => show(),
  stop: () => show("stop"),
  on: () => show("on"),
  async over() {
    on = false;
    unhang();
    bridge.drop();
    delete localStorage[name];
    (await open()).close();
    database = undefined;
    indexedDB.deleteDatabase(name);
    show("offer");
  },
};

keep.addEventListener("click", async ({ target }) => {
  const { do: what } = target.dataset;
  if (!what) return;
  await does[what]();
  // Whoever pressed a button that goes finds the next one, or else the last picture, which stands right before.
  const next = keep.querySelector(":scope > div:not([hidden]) button");
  const last = [...document.querySelectorAll("[data-open]")].at(-1);
  if (next) next.focus();
  else if (last) bridge.focus(last.closest(".tile"));
  else find("prompt").focus();
});

// What is kept can be saved when the edge has it no more.
addEventListener("click", (event) => {
  const record = kept.get(event.target.closest("a[download]")?.pathname);
  if (!record) return;
  event.preventDefault();
  const link = document.createElement("a");
  link.href = URL.createObjectURL(record.file);
  link.download = record.file_name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
});

/** Begins where the visitor has agreed, else offers it. */
export const start = (...own) => {
  [hung, copyOf] = own;
  let agreed;
  try {
    agreed = localStorage[name];
  } catch {
    // Whoever agrees is told that nothing can be kept.
  }
  if (agreed) begin();
  else show("offer");
};
