// Loads the element <easel-studio> from an edge, once a page. The loader itself always comes from the edge: its origin is
// the one that the studio speaks to.

/** What the release writes in here: the loader's path at the edge, and the hash of its bytes if it is released. */
const PATH = "%path%";
const INTEGRITY = "%integrity%";

let loading;

/** Loads the element; resolves once it is defined. A second edge on one page is refused, since the element has one. */
export function loadEasel(edge) {
  const { origin } = new URL(edge, globalThis.location?.href);
  if (loading !== undefined) {
    if (loading.origin !== origin) throw new Error(`easel-studio: this page loads it from ${loading.origin} already`);
    return loading.defined;
  }
  const script = document.createElement("script");
  script.type = "module";
  script.src = origin + PATH;
  script.crossOrigin = "anonymous";
  if (INTEGRITY !== "") script.integrity = INTEGRITY;
  const defined = new Promise((done, fail) => {
    script.onload = () => done(customElements.whenDefined("easel-studio").then(() => undefined));
    script.onerror = () => {
      loading = undefined; // another attempt may succeed
      script.remove();
      fail(new Error(`easel-studio: ${script.src} cannot be loaded`));
    };
  });
  loading = { origin, defined };
  document.head.append(script);
  return defined;
}

/** The events of the element, without what they begin with, `easel:`. */
export const EVENTS = ["ready", "start", "progress", "picture", "done", "problem", "cancel", "download", "choose"];

/** Its attributes. */
export const ATTRIBUTES = ["site", "theme", "locale", "prompt", "loading", "name", "required"];
