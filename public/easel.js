// Owns the element <easel-studio>: the space it takes, the frame in it, and what page and frame say to each other.
// Must not ask the network for anything before the element comes near the window, nor write an inline script or style:
// a page's policy needs `script-src EDGE; frame-src EDGE` and nothing else.
//
// Protocol 1; docs/messages.md has every word of it. A message is a flat object { easel: 1, type, … }. Each side checks
// origin and source, and drops what it does not know.
//   the frame's address   /studio/SITE?locale=LOCALE#easel=1&origin=PAGE&…look
//   page → frame          set {…look} · generate {prompt?} · cancel · clear · focus
//   frame → page          expand {expanded} · the events below, with their fields
//   look                  theme, prompt, accent, on-accent, surface, ink, radius, font, expanded

const EDGE = new URL(import.meta.url).origin;

/** The attributes, each with what its property says without it. */
const ATTRIBUTES = { site: "", theme: "auto", locale: "", prompt: "", loading: "lazy", name: "" };

/** The owner's custom properties, `--easel-accent` and so on. */
const PROPERTIES = "accent on-accent surface ink radius font".split(" ");

/** What the frame may tell. */
const EVENTS = "ready start progress picture done problem cancel download choose".split(" ");

/** What it may tell of it: an event never carries more. */
const FIELDS =
  "version count size quality elapsed_ms expected_ms index width height media_type pictures kind file".split(" ");

/** How long the frame may take before the element's children stand in for it. */
const PATIENCE_MS = 10000;

const style = new CSSStyleSheet();
style.replaceSync(
  // Whoever sizes the element decides, and the frame fills it. Contained, it does not count as shifted when it is lifted.
  `:host(:not([hidden])){display:block;position:relative}` +
    `dialog,iframe{all:unset;display:block;position:absolute;inset:0;width:100%;height:100%;contain:strict}` +
    `.wide{position:fixed;z-index:999999999}` +
    `:has(+slot){display:none}` +
    // Nothing tells of a custom property that changes, but a transition of it that begins.
    `iframe{transition:${PROPERTIES.map((name) => `--easel-${name} 1ms allow-discrete`)}}`,
);

class EaselStudio extends HTMLElement {
  static formAssociated = true;
  static observedAttributes = Object.keys(ATTRIBUTES);

  #internals = this.attachInternals();
  #dialog = document.createElement("dialog");
  #slot = document.createElement("slot"); // is there while the element's children stand in for the frame
  #frame;
  #timer;
  #near = false;
  #ready = false;
  #expanded = false;
  #waiting = []; // what was said to a frame that is not ready

  constructor() {
    super();
    const root = this.attachShadow({ mode: "open" });
    root.adoptedStyleSheets = [style];
    root.append(this.#dialog);
    this.#dialog.onclose = () => this.collapse(); // Esc outside of the frame, or a phone's way back
    new IntersectionObserver(
      ([{ isIntersecting }]) => {
        this.#near = isIntersecting;
        if (isIntersecting && !this.offsetHeight) this.style.minHeight = "40rem"; // nobody gave it a height
        this.#update();
      },
      { rootMargin: "100%" },
    ).observe(this);
  }

  generate(prompt) {
    this.#mount();
    this.#send("generate", { prompt });
  }

  cancel() {
    this.#send("cancel");
  }

  clear() {
    this.#send("clear");
  }

  focus() {
    this.#mount();
    this.#send("focus");
    this.#frame?.focus();
  }

  /** Lifts the studio over the whole window, without loading it again. */
  expand() {
    this.#mount();
    this.#lift(true);
  }

  collapse() {
    this.#lift(false);
  }

  connectedCallback() {
    // What a script set before the element was defined hides the properties.
    const early = { ...this };
    for (const name in early) delete this[name];
    Object.assign(this, early);
    this.#update();
  }

  disconnectedCallback() {
    this.#unmount();
  }

  /** Moved within the page by `moveBefore`: the frame lives on. */
  connectedMoveCallback() {}

  attributeChangedCallback(name, before, after) {
    if (before === after) return;
    if (/site|locale/.test(name)) this.#unmount();
    this.#update();
  }

  formResetCallback() {
    this.#internals.setFormValue(null);
  }

  /** Mounts the frame if its time has come, and tells it the whole look. */
  #update() {
    if (this.#near || this.loading === "eager") this.#mount();
    if (this.#frame) this.#send("set", this.#look());
  }

  #mount() {
    if (this.#frame || !this.site || !this.isConnected) return;
    const locale = this.locale || this.closest("[lang]")?.lang || "";
    const look = new URLSearchParams({ easel: 1, origin, ...this.#look() });
    const frame = (this.#frame = document.createElement("iframe"));
    frame.title = this.#dialog.ariaLabel = this.ariaLabel || (/^de/i.test(locale) ? "Bildstudio" : "Image studio");
    frame.allow = "clipboard-write; web-share; fullscreen";
    frame.src = `${EDGE}/studio/${this.site}?locale=${locale}#${look}`;
    frame.ontransitionrun = () => this.#update();
    addEventListener("message", this.#hear);
    this.#timer = setTimeout(() => this.innerHTML.trim() && this.#dialog.after(this.#slot), PATIENCE_MS);
    this.#dialog.append(frame);
  }

  #unmount() {
    this.#lift(false);
    clearTimeout(this.#timer);
    removeEventListener("message", this.#hear);
    this.#frame?.remove();
    this.#frame = null;
    this.#ready = false;
    this.#waiting = [];
    this.#slot.remove();
  }

  #look() {
    const look = { theme: this.theme, prompt: this.prompt, expanded: this.#expanded };
    for (const name of PROPERTIES) look[name] = getComputedStyle(this).getPropertyValue(`--easel-${name}`);
    return look;
  }

  #send(type, more) {
    this.#waiting.push({ easel: 1, type, ...more });
    if (this.#ready) for (const message of this.#waiting.splice(0)) this.#frame.contentWindow?.postMessage(message, EDGE);
  }

  #hear = ({ origin, source, data }) => {
    if (origin !== EDGE || source !== this.#frame.contentWindow || data?.easel !== 1) return;
    const { type } = data;
    if (type === "expand") this.#lift(data.expanded);
    if (!EVENTS.includes(type)) return;
    const detail = {};
    for (const field of FIELDS) if (field in data) detail[field] = data[field];
    if (type === "ready") {
      this.#ready = true;
      clearTimeout(this.#timer);
      this.#slot.remove();
      this.#update();
    }
    if (type === "choose") this.#internals.setFormValue(detail.file);
    this.dispatchEvent(new CustomEvent("easel:" + type, { bubbles: true, composed: true, detail }));
  };

  #lift(expanded) {
    if (!this.#frame || expanded === this.#expanded) return;
    this.#expanded = expanded;
    this.#dialog.className = expanded ? "wide" : "";
    const page = document.documentElement;
    page.style.scrollbarGutter = expanded && innerWidth > page.clientWidth ? "stable" : "";
    page.style.overflow = expanded ? "hidden" : "";
    this.#update();
    // Without a top layer `position: fixed` has to do. Closed, the focus goes back to where it was.
    this.#dialog[expanded ? "showModal" : "close"]?.();
  }
}

for (const name in ATTRIBUTES) {
  Object.defineProperty(EaselStudio.prototype, name, {
    get() {
      return this.getAttribute(name) ?? ATTRIBUTES[name];
    },
    set(value) {
      if (value == null) this.removeAttribute(name);
      else this.setAttribute(name, value);
    },
  });
}

if (!customElements.get("easel-studio")) customElements.define("easel-studio", EaselStudio);
