// Owns the owner's page: what is set in the configurator goes to the studio beside it and into the text to paste.
// Must not know the studio from inside: it does what any owner's page can do.

import { WHERE, recipe, twoLines } from "./recipes.js";

const SCHEMES = ["light", "dark"];
const COLOURS = ["accent", "on-accent", "surface", "ink"];

/** The studio's own look: this page stands on the same tokens. A colour field takes nothing but hexadecimal digits. */
const OWN = Object.fromEntries(SCHEMES.map((scheme) => [scheme, own(scheme)]));

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

const PALETTES = {
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

const find = (id) => document.getElementById(id);
const [settings, switches, recipes] = ["settings", "switches", "recipe"].map(find);
const preview = find("preview");
const edge = location.origin;
const chosen = structuredClone(OWN);

const value = (form, name) => new FormData(form).get(name);
const scheme = () => value(switches, "scheme");

/** The custom properties that differ from the studio's own. */
function look() {
  const set = {};
  for (const name of COLOURS) {
    const [light, dark] = SCHEMES.map((one) => chosen[one][name]);
    if (light === OWN.light[name] && dark === OWN.dark[name]) continue;
    set[name] = light === dark ? light : `light-dark(${light}, ${dark})`;
  }
  const { radius, font } = Object.fromEntries(new FormData(settings));
  if (radius !== "14") set.radius = `${radius}px`;
  if (font) set.font = font;
  return set;
}

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

/** What the studio changes so that a colour can be seen, and what an owner has to change. */
function adjusted() {
  const { accent, surface, ink, "on-accent": text } = chosen[scheme()];
  const own = text === OWN[scheme()]["on-accent"];
  const told = (ratio) => `${ratio.toFixed(1)}:1`;
  const said = [];
  const [mark, word, body] = [contrast(accent, surface), contrast(text, accent), contrast(ink, surface)];
  if (mark < 3) {
    const way = luminance(surface) > 0.179 ? "darker" : "lighter";
    said.push(`The accent has ${told(mark)} against the surface: what is drawn in it is made ${way}, and buttons get an edge.`);
  }
  if (own && word < 4.5) said.push("The text on the accent becomes black or white, whichever stands out more.");
  if (!own && word < 4.5) said.push(`The text on the accent has ${told(word)}, and 4.5:1 can be read by all: it is shown as you set it.`);
  if (body < 4.5) said.push(`The ink has ${told(body)} on the surface, and 4.5:1 can be read by all: it is shown as you set it.`);
  return said.join(" ");
}

function show() {
  const { site, theme, loading, radius } = Object.fromEntries(new FormData(settings));
  const set = look();
  for (const name of [...COLOURS, "radius", "font"]) preview.style.setProperty(`--easel-${name}`, set[name] ?? "");
  preview.theme = scheme();
  if (settings.elements.site.validity.valid) preview.site = site;
  Object.assign(find("stage").dataset, { scheme: scheme(), width: value(switches, "width") });
  find("scheme-word").textContent = scheme();
  find("adjusted").textContent = adjusted();
  find("radius-word").textContent = `${radius} px`;
  for (const name of COLOURS) settings.elements[name].value = chosen[scheme()][name];
  for (const button of find("palettes").children) {
    const same = SCHEMES.every((one) => COLOURS.every((name) => PALETTES[button.title][one][name] === chosen[one][name]));
    button.ariaPressed = String(same);
  }

  const { version, integrity } = find("code").dataset;
  const extras = { analytics: recipes.elements.analytics.checked, form: recipes.elements.form.checked };
  const kind = value(recipes, "kind");
  const choice = { edge, site, theme, loading, look: set, version, integrity, kind, loader: value(recipes, "loader"), ...extras };
  find("code").textContent = recipe(choice);
  find("two-lines").textContent = twoLines(choice);
  find("policy").textContent = `script-src ${edge}; frame-src ${edge}`;
  find("where").textContent = WHERE[kind] + (extras.form ? " Your server gets the picture as the field “picture”; the site needs choose: true." : "");
}

for (const [name, palette] of Object.entries(PALETTES)) {
  const button = document.createElement("button");
  Object.assign(button, { type: "button", className: "palette", title: name, ariaLabel: name });
  for (const colour of [palette.light.accent, palette.light.surface, palette.dark.surface, palette.dark.accent]) {
    const part = document.createElement("span");
    part.style.background = colour;
    button.append(part);
  }
  button.addEventListener("click", () => {
    Object.assign(chosen, structuredClone(palette));
    show();
  });
  find("palettes").append(button);
}

settings.addEventListener("input", ({ target }) => {
  if (COLOURS.includes(target.name)) chosen[scheme()][target.name] = target.value;
  show();
});
for (const form of [settings, switches, recipes]) {
  form.addEventListener("change", show);
  form.addEventListener("submit", (event) => event.preventDefault());
}

document.addEventListener("click", async ({ target }) => {
  const from = target.dataset?.copy;
  if (!from) return;
  await navigator.clipboard.writeText(find(from).textContent);
  find("said").textContent = target.textContent = "Copied";
  setTimeout(() => {
    find("said").textContent = "";
    target.textContent = "Copy";
  }, 2000);
});

// The preview begins in the scheme that the visitor has.
if (matchMedia("(prefers-color-scheme: dark)").matches) switches.elements.scheme.value = "dark";
show();
