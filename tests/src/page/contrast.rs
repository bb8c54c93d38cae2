//! The contrast of everything that is seen, from the styles that Chromium has computed.
//!
//! Owns what is text, what is a mark, and on which ground it stands. Must not know which colours an owner has set.

/// Defines `contrast.faults(accents, surfaces)`: sets the owner's accent and surface pair by pair, in light and dark, and
/// tells of each part below its bound how often it is, and its worst case. Bounds are 4.5:1 for text (3:1 where it is
/// large), and 3:1 for icons, dots, and the box of a field. A button's box is no mark: its words or its icon are.
/// `contrast.seen` counts what was measured of the last pair.
pub const DEFINE: &str = r"
globalThis.contrast = (() => {
  const canvas = new OffscreenCanvas(1, 1).getContext('2d', { willReadFrequently: true });
  const read = new Map();
  /** A colour as four parts from 0 to 1, and its luminance by the definition of contrast. */
  const parts = (colour) => {
    if (!read.has(colour)) {
      canvas.clearRect(0, 0, 1, 1);
      canvas.fillStyle = '#000';
      canvas.fillStyle = colour;
      canvas.fillRect(0, 0, 1, 1);
      read.set(colour, [...canvas.getImageData(0, 0, 1, 1).data].map((part) => part / 255));
    }
    return read.get(colour);
  };
  const over = ([r, g, b, a], under) => [r, g, b].map((part, at) => part * a + under[at] * (1 - a)).concat(1);
  const linear = (part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4);
  const luminance = ([r, g, b]) => 0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b);
  const ratio = (one, other) => {
    const [dark, light] = [luminance(one), luminance(other)].sort((a, b) => a - b);
    return (light + 0.05) / (dark + 0.05);
  };
  const WHITE = [1, 1, 1, 1], BLACK = [0, 0, 0, 1];
  const isSeen = (one) => {
    const { width, height } = one.getBoundingClientRect();
    if (width <= 1 || height <= 1 || !one.checkVisibility({ opacityProperty: true, visibilityProperty: true })) return false;
    for (let node = one; node; node = node.parentElement) {
      const { clipPath, overflow } = getComputedStyle(node);
      if (clipPath !== 'none') return false;
    }
    return true;
  };
  /** Whether a picture lies below an element: then its ground can have any colour. */
  const isOnPicture = (one) => {
    const { left, top, width, height } = one.getBoundingClientRect();
    return document.elementsFromPoint(left + width / 2, top + height / 2).some((other) => /^(IMG|CANVAS)$/.test(other.tagName) && !other.contains(one) && other !== one);
  };
  /** The grounds of an element's content: one, or two where a picture lies below. */
  const grounds = (one, onPicture) => {
    const layers = [];
    for (let node = one; node; node = node.parentElement) {
      const colour = parts(getComputedStyle(node).backgroundColor);
      if (colour[3] > 0) layers.unshift(colour);
      if (colour[3] === 1) break;
    }
    const opaque = layers[0]?.[3] === 1;
    const bases = onPicture && !(opaque && layers.length === 1) ? [WHITE, BLACK] : [opaque ? layers.shift() : WHITE];
    if (onPicture && opaque && bases.length === 2) layers.shift();
    return bases.map((base) => layers.reduce((under, layer) => over(layer, under), base));
  };
  const opacity = (one) => {
    let all = 1;
    for (let node = one; node; node = node.parentElement) all *= Number(getComputedStyle(node).opacity);
    return all;
  };
  const worst = (colour, all, alpha = 1) => Math.min(...all.map((ground) => ratio(over([...colour.slice(0, 3), colour[3] * alpha], ground), ground)));
  /** What there is to measure. Setting a colour changes none of it. */
  const collect = () => {
    const found = [];
    for (const one of document.body.querySelectorAll('*')) {
      if (!isSeen(one) || one.closest(':disabled, [aria-disabled=true], template, noscript')) continue;
      const name = `${one.localName}.${one.classList[0] ?? one.id} “${(one.ariaLabel ?? one.innerText ?? one.value ?? '').trim().slice(0, 24)}”`;
      const onPicture = isOnPicture(one), alpha = opacity(one);
      const isField = /^(select|input|textarea)$/.test(one.localName) && !/^(radio|checkbox|file|range)$/.test(one.type);
      const hasText = isField || [...one.childNodes].some(({ nodeType, data }) => nodeType === 3 && data.trim());
      const { fontSize, fontWeight, borderTopWidth, borderTopStyle } = getComputedStyle(one);
      const large = parseFloat(fontSize) >= 24 || (parseFloat(fontSize) >= 18.66 && fontWeight >= 700);
      const add = (what, bound, value) => found.push({ what: `${what} ${name}`, bound, value });
      if (hasText) add('text', large ? 3 : 4.5, () => worst(parts(getComputedStyle(one).color), grounds(one, onPicture), alpha));
      if (one.placeholder) add('placeholder', 4.5, () => worst(parts(getComputedStyle(one, '::placeholder').color), grounds(one, onPicture), alpha));
      if (one.localName === 'svg') add('icon', 3, () => worst(parts(getComputedStyle(one).color), grounds(one, onPicture), alpha));
      const dot = getComputedStyle(one, '::after');
      if (dot.content !== 'none' && parts(dot.backgroundColor)[3] && Number(dot.opacity))
        add('dot', 3, () => worst(parts(getComputedStyle(one, '::after').backgroundColor), grounds(one, onPicture), alpha));
      const boxed = borderTopStyle === 'solid' && parseFloat(borderTopWidth) > 0;
      if (isField && boxed && !onPicture)
        add('box', 3, () => {
          const { borderTopColor, backgroundColor } = getComputedStyle(one);
          const [around] = grounds(one.parentElement, false);
          return Math.max(worst(parts(borderTopColor), [around]), worst(parts(backgroundColor), [around]));
        });
    }
    return found;
  };
  const still = new CSSStyleSheet();
  still.replaceSync('*, ::before, ::after { transition: none !important; animation: none !important }');
  const self = {
    seen: 0,
    faults(pairs) {
      document.adoptedStyleSheets = [still];
      const { style } = document.documentElement;
      const faults = new Map(), found = collect();
      self.seen = found.length;
      for (const scheme of ['light', 'dark']) {
        style.colorScheme = scheme;
        for (const [accent, surface] of pairs) {
          style.setProperty('--easel-accent', accent);
          style.setProperty('--easel-surface', surface);
          for (const { what, bound, value } of found) {
            const measured = value();
            // A part has 256 steps: the measure is not finer than that.
            if (measured >= bound - 0.02) continue;
            const fault = faults.get(what) ?? { count: 0, least: Infinity };
            fault.count += 1;
            if (measured < fault.least) Object.assign(fault, { least: measured, where: `${accent} on ${surface}, ${scheme}` });
            faults.set(what, fault);
          }
        }
      }
      style.colorScheme = '';
      for (const name of ['accent', 'surface']) style.removeProperty(`--easel-${name}`);
      document.adoptedStyleSheets = [];
      return [...faults].map(([what, { count, least, where }]) => `${what}: ${count} times, at worst ${least.toFixed(2)} with ${where}`);
    },
  };
  return self;
})(); 0";
