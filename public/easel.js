// Owns the element <easel-studio>: the space it takes, the frame in it, and what page and frame say to each other.
// Must not ask the network for anything before the element comes near the window, nor write an inline script or style:
// a page's policy needs `script-src EDGE; frame-src EDGE` and nothing else.
//
// Protocol 1; docs/messages.md has every word of it. A message is a flat object { easel: 1, type, … }. Each side checks
// origin and source, and drops what it does not know.
//   the frame's address   /studio/SITE?locale=LOCALE#easel=1&origin=PAGE&element=NAME&…look
//   page → frame          set {…look} · generate {prompt?} · cancel · clear · focus · reset
//   frame → page          painted · expand {expanded} · the events below, with their fields
//   look                  theme, prompt, accent, on-accent, surface, ink, radius, font, expanded

const EDGE = new URL(import.meta.url).origin;

/** The attributes, each with what its property says without it. */
const ATTRIBUTES = { site: "", theme: "auto", locale: "", prompt: "", loading: "lazy", name: "", required: false };

/** The owner's custom properties, `--easel-accent` and so on. */
const PROPERTIES = "accent on-accent surface ink radius font".split(" ");

/** The CSS property whose values a custom property takes; the others are colours. @type {Record<string, string>} */
const VALUES = { radius: "border-radius", font: "font-family" };

/** What the frame may tell. */
const EVENTS = "ready start progress picture done problem cancel download choose".split(" ");

/** What it may tell of it: an event never carries more. */
const FIELDS =
  "version count size quality elapsed_ms expected_ms index width height media_type pictures kind file".split(" ");

/** What the page is held still by while the studio is over it: the room of its scroll bar, and no scrolling. */
const STILL = "html:root{transition:none!important";

/** @param {string} text */
const sheet = (text) => {
  const made = new CSSStyleSheet();
  made.replaceSync(text);
  return made;
};

/**
 * Whoever sizes the element decides. Its children hold their place unseen, margins and all: nothing moves when they go, nor
 * when they stand in for the frame.
 */
const host = sheet(
  // The frame fills the element. Contained, and growing from its left, it does not count as shifted when it is lifted.
  ":host(:not([hidden])){display:block;position:relative}[inert]{visibility:hidden}[inert]::slotted(*){opacity:0!important}" +
    "dialog,iframe{all:unset;direction:ltr;display:block;position:absolute;inset:0;width:100%;height:100%;contain:strict}" +
    "[wide]{z-index:999999999;position:fixed}" +
    ":not([inert])+dialog{display:none}" +
    // Nothing tells of a custom property that changes, but a transition of it that begins.
    `iframe{transition:--easel-${PROPERTIES.join(" 1ms allow-discrete,--easel-")} 1ms allow-discrete}`,
);

/** The properties are made below, one for each attribute. @typedef {new () => HTMLElement & Record<string, any>} Base */

/**
 * A visitor who never comes near pays for a root, two elements in it and a place in the one observer: all else waits. The
 * order of the members is the one that compresses best.
 */
class EaselStudio extends /** @type {Base} */ (HTMLElement) {
  disconnectedCallback() {
    this.#unmount();
  }

  /** @param {MessageEvent} message */
  #hear = ({ origin, source, data }) => {
    const type = source === this.#frame.contentWindow && origin === EDGE && data?.easel === 1 && data.type;
    if (!type) return;
    // A problem in place of `painted` is told by the page that says why there is no studio.
    const refused = type === "problem" && this.#frame.style.opacity;
    this.#frame.style.opacity = "";
    this.#slot.inert = !(refused && this.innerHTML.trim());
    if (type === "expand") this.#lift(data.expanded);
    if (!EVENTS.includes(type)) return;
    /** @type {Record<string, any>} */
    const detail = {};
    for (const field of FIELDS) if (field in data) detail[field] = data[field];
    if (type === "ready") {
      this.#ready = true;
      this.#update();
    }
    if (type === "choose") this.#choose(detail.file);
    this.dispatchEvent(new CustomEvent("easel:" + type, { bubbles: true, composed: true, detail }));
  };

  /** @param {string} name @param {string | null} before @param {string | null} after */
  attributeChangedCallback(name, before, after) {
    if (before === after) return;
    if (name === "locale" || name === "site") this.#unmount();
    this.#update();
  }

  /** @param {string} type @param {object} [more] */
  #send(type, more) {
    this.#waiting.push({ easel: 1, type, ...more });
    if (this.#ready)
      for (const message of this.#waiting.splice(0)) this.#frame.contentWindow?.postMessage(message, EDGE);
  }

  /** Mounts the frame if its time has come, and tells it the whole look. */
  #update() {
    if (this.#near || this.loading === "eager") this.#mount();
    if (this.#frame) this.#send("set", this.#look());
    this.#validate();
  }

  formResetCallback() {
    this.#send("reset");
    this.#choose(null);
  }

  /** The form's value; where it is required and there is none, the form is not sent. @param {File | null} file */
  #choose(file) {
    this.#file = file;
    this.#form.setFormValue(file);
    this.#validate();
  }

  static formAssociated = true;

  focus() {
    this.#mount();
    this.#send("focus");
    this.#frame?.focus();
  }

  #locale() {
    return this.locale || /** @type {any} */ (this.closest("[lang]"))?.lang || "";
  }

  /** @param {boolean} near */
  #come(near) {
    this.#near = near;
    if (near) {
      this.#slot.hidden = true;
      if (!this.offsetHeight) this.style.minHeight = "40rem"; // nobody gave it a height
      this.#slot.hidden = false;
    }
    this.#update();
  }

  #slot = document.createElement("slot"); // inert but while the element's children stand in for the frame

  #mount() {
    if (this.#frame || !this.site || !this.isConnected) return;
    // Which of a page's studios this is: each finds its own jobs and text again after a reload.
    const all = [...document.querySelectorAll("easel-studio")].filter((/** @type {any} */ it) => it.site === this.site);
    const element = this.id || this.name || all.indexOf(this);
    const look = new URLSearchParams({ easel: "1", origin, element, ...this.#look() });
    // Written as `<easel-studio />`, it holds the rest of the page.
    if (!this.nextSibling && this.querySelector("body>*>*")) console.warn("Missing </easel-studio>");
    const frame = (this.#frame = document.createElement("iframe"));
    frame.title = this.#dialog.ariaLabel = this.ariaLabel || (this.#german() ? "Bildstudio" : "Image studio");
    frame.allow = "clipboard-write; web-share; fullscreen";
    frame.src = `${EDGE}/studio/${this.site}?locale=${this.#locale()}#${look}`;
    frame.ontransitionrun = () => this.#update();
    // Until its form is painted the page shows through, not an empty document. It paints all the same: it is only transparent.
    frame.style.opacity = "0";
    addEventListener("message", this.#hear);
    // The element's children, or a note, stand in for a frame that says nothing. One that has loaded has a second: it is the
    // browser's own page, which tells that the studio was blocked.
    const standIn = () => {
      if (frame !== this.#frame || !frame.style.opacity) return;
      if (!this.innerHTML.trim()) this.textContent = frame.title + ": offline";
      this.#slot.inert = false;
    };
    frame.onload = () => setTimeout(standIn, 1000);
    setTimeout(standIn, 10000);
    this.#dialog.append(frame);
  }

  #validate() {
    const valueMissing = !(this.#file || !this.required || !this.name);
    // A browser says it at something that takes the focus.
    const message = this.#german() ? "Wählen Sie zuerst ein Bild." : "Choose a picture first.";
    this.#form.setValidity({ valueMissing }, message, this.#frame ?? undefined);
  }

  #german() {
    return /^de/i.test(this.#locale());
  }

  static observedAttributes = Object.keys(ATTRIBUTES);

  connectedCallback() {
    // What a script set before the element was defined hides the properties.
    for (const [name, early] of Object.entries(this)) {
      delete this[name];
      this[name] = early;
    }
    this.#update();
  }

  #dialog = /** @type {any} */ (document.createElement("dialog"));
  /** @type {any} */
  #frame;

  /** @param {boolean} expanded */
  #lift(expanded) {
    if (!this.#frame || expanded === this.#expanded) return;
    this.#expanded = expanded;
    this.#dialog.toggleAttribute("wide", expanded);
    const page = document.documentElement;
    const sheets = document.adoptedStyleSheets;
    if (expanded) {
      // Margins take the room of a scroll bar and of a gutter that is kept for one, on either side: the dialog covers them.
      const { left, right } = page.getBoundingClientRect();
      sheets.push(
        (this.#lid = sheet(
          `${STILL};scrollbar-gutter:auto!important;overflow:hidden!important;` +
            `margin-left:${left + scrollX}px!important;margin-right:${innerWidth - right - scrollX}px!important}`,
        )),
      );
    } else if (this.#lid) {
      this.#lid.replaceSync(STILL + "}");
      void page.clientWidth; // all is as it was before the page's own transitions come back
      sheets.splice(sheets.indexOf(this.#lid), 1);
    }
    this.#update();
    // Without a top layer `position: fixed` has to do. Closed, the focus goes back to where it was.
    this.#dialog[expanded ? "showModal" : "close"]?.();
  }

  cancel() {
    this.#send("cancel");
  }

  /** @type {File | null | undefined} */
  #file;

  #unmount() {
    this.#lift(false);
    removeEventListener("message", this.#hear);
    this.#frame?.remove();
    this.#frame = null;
    this.#ready = false;
    this.#waiting = [];
    this.#slot.inert = true;
  }

  /** @type {object[]} */
  #waiting = []; // what was said to a frame that is not ready
  /** @type {CSSStyleSheet | undefined} */
  #lid; // a stylesheet of the page while the studio has the window

  collapse() {
    this.#lift(false);
  }

  clear() {
    this.#send("clear");
  }

  #ready = false;

  #look() {
    /** @type {Record<string, any>} */
    const look = { theme: this.theme, prompt: this.prompt, expanded: this.#expanded };
    for (const name of PROPERTIES) {
      const value = getComputedStyle(this).getPropertyValue(`--easel-${name}`);
      // Another value, such as an address, does not reach the frame.
      look[name] = CSS.supports(VALUES[name] ?? "color", value) ? value : "";
    }
    return look;
  }

  static #watch = new IntersectionObserver(
    (seen) => {
      for (const one of seen) /** @type {any} */ (one.target).#come(one.isIntersecting);
    },
    { rootMargin: "100%" },
  );

  constructor() {
    super();
    this.#root.adoptedStyleSheets = [host];
    this.#slot.inert = true;
    // Esc outside of the frame, or a phone's way back. It is told late: `expand` may have opened it again.
    this.#dialog.onclose = () => this.#lift(this.#dialog.open);
    this.#root.append(this.#slot, this.#dialog);
    // There may be no frame yet.
    this.addEventListener("invalid", () => {
      this.#mount();
      this.#validate();
    });
    EaselStudio.#watch.observe(this);
  }

  #near = false;
  #form = this.attachInternals();
  /** Moved within the page by `moveBefore`: the frame lives on. */
  connectedMoveCallback() {}
  #root = this.attachShadow({ mode: "open" });

  /** @param {string} [prompt] */
  generate(prompt) {
    this.#mount();
    this.#send("generate", { prompt });
  }

  #expanded = false;

  /** Lifts the studio over the whole window, without loading it again. */
  expand() {
    this.#mount();
    this.#lift(true);
  }
}

for (const [name, absent] of Object.entries(ATTRIBUTES)) {
  const flag = absent === false;
  Object.defineProperty(EaselStudio.prototype, name, {
    get() {
      return flag ? this.hasAttribute(name) : (this.getAttribute(name) ?? absent);
    },
    set(value) {
      if (flag ? !value : value == null) this.removeAttribute(name);
      else this.setAttribute(name, flag ? "" : value);
    },
  });
}

if (!customElements.get("easel-studio")) customElements.define("easel-studio", EaselStudio);
