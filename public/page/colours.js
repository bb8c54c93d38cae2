// Owns the palettes of the configurator, and what is said of the contrast of colours. Must not change a field or a studio.

export const SCHEMES = ["light", "dark"];
export const COLOURS = ["accent", "on-accent", "surface", "ink"];

/** The studio's own look: this page stands on the same tokens. A colour field takes nothing but hexadecimal digits. */
export const OWN = Object.fromEntries(SCHEMES.map((scheme) => [scheme, own(scheme)]));

function own(scheme) {
  const probe = document.body.appendChild(document.createElement("i"));
  const canvas = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true });
  const read = (token) => {
    Object.assign(probe.style, { colorScheme: scheme, color: `var(${token})` });
    canvas.fillStyle = getComputedStyle(probe).color;
    canvas.fillRect(0, 0, 1, 1);
    const parts = [...canvas.getImageData(0, 0, 1, 1).data].slice(0, 3);
    return `#${parts.map((part) => part.toString(16).padStart(2, "0")).join("")}`;
  };
  const tokens = ["--accent", "--on-accent", "--paper", "--ink"];
  const look = Object.fromEntries(COLOURS.map((name, at) => [name, read(tokens[at])]));
  probe.remove();
  return look;
}

export const PALETTES = {
  "The studio's own": OWN,
  Clay: {
    light: { accent: "#a8432a", "on-accent": "#ffffff", surface: "#faf3ec", ink: "#2c1c14" },
    dark: { accent: "#f0906f", "on-accent": "#2a0f07", surface: "#1d1512", ink: "#f3e7df" },
  },
  Ink: {
    light: { accent: "#1c2b4a", "on-accent": "#ffffff", surface: "#ffffff", ink: "#10141d" },
    dark: { accent: "#b8caf2", "on-accent": "#0d1424", surface: "#0e121b", ink: "#e6ebf6" },
  },
  Plum: {
    light: { accent: "#7a2e6a", "on-accent": "#ffffff", surface: "#f8f3f7", ink: "#261722" },
    dark: { accent: "#e2a3d2", "on-accent": "#2b0d24", surface: "#1a1218", ink: "#f2e6ef" },
  },
  Moss: {
    light: { accent: "#4c6420", "on-accent": "#ffffff", surface: "#f4f5ea", ink: "#1d2112" },
    dark: { accent: "#bdd487", "on-accent": "#182006", surface: "#14160e", ink: "#e9eddd" },
  },
};

/** The luminance by which contrast is defined. */
function luminance(hex) {
  const parts = [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16) / 255);
  const [red, green, blue] = parts.map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(one, other) {
  const [dark, light] = [one, other].map(luminance).sort((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
}

/** The contrast of a scheme's colours, what the studio changes so that all can be seen, and what an owner has to change. */
export function contrasts(colours, scheme) {
  const { accent, surface, ink, "on-accent": text } = colours;
  const own = text === OWN[scheme]["on-accent"];
  const told = (ratio) => `${ratio.toFixed(1)}:1`;
  const said = [];
  const [mark, word, body] = [contrast(accent, surface), contrast(text, accent), contrast(ink, surface)];
  const best = Math.max(contrast("#000000", accent), contrast("#ffffff", accent));
  const shown = `Text on the accent ${told(own && word < 4.5 ? best : word)}, ink on the surface ${told(body)}, accent on the surface ${told(mark)}.`;
  if (mark < 3) {
    const way = luminance(surface) > 0.179 ? "darker" : "lighter";
    said.push(`The accent has ${told(mark)} against the surface: what is drawn in it is made ${way}, and buttons get an edge.`);
  }
  if (own && word < 4.5) said.push("The text on the accent becomes black or white, whichever stands out more.");
  if (!own && word < 4.5) said.push(`The text on the accent has ${told(word)}, and 4.5:1 can be read by all: it is shown as you set it.`);
  if (body < 4.5) said.push(`The ink has ${told(body)} on the surface, and 4.5:1 can be read by all: it is shown as you set it.`);
  return { shown, adjusted: said.join(" ") };
}
