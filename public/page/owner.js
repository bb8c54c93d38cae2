// Owns the owner's page: what is set in the configurator goes to the studios beside it, into the text to paste, and into the
// page's address. Must not know the studio from inside: it does what any owner's page can do, and asks the edge for a site's
// public facts.

import { COLOURS, OWN, PALETTES, SCHEMES, contrasts } from "./colours.js";
import { WHERE, recipe, twoLines } from "./recipes.js";

const find = (id) => document.getElementById(id);
const [settings, switches, recipes] = ["settings", "switches", "recipe"].map(find);
const [hero, preview] = ["hero", "preview"].map(find);
const edge = location.origin;
const chosen = structuredClone(OWN);

const value = (form, name) => new FormData(form).get(name);
const scheme = () => value(switches, "scheme");

/** Everything but the colours, by the names of its fields. */
const fields = () => ({ ...Object.fromEntries(new FormData(settings)), ...Object.fromEntries(new FormData(recipes)) });

/** What stands in the fields before anything is set. */
const AS_IT_IS = fields();

/** The custom properties that differ from the studio's own. */
function look() {
  const set = {};
  for (const name of COLOURS) {
    const [light, dark] = SCHEMES.map((one) => chosen[one][name]);
    if (light === OWN.light[name] && dark === OWN.dark[name]) continue;
    set[name] = light === dark ? light : `light-dark(${light}, ${dark})`;
  }
  const { radius, font } = fields();
  if (radius !== AS_IT_IS.radius) set.radius = `${radius}px`;
  if (font) set.font = font;
  return set;
}

/** The state as a link: what differs from how the page begins. The fragment reaches no server. */
function address() {
  const state = new URLSearchParams();
  for (const [name, set] of Object.entries(fields())) {
    if (!COLOURS.includes(name) && set !== AS_IT_IS[name]) state.set(name, set);
  }
  for (const one of SCHEMES)
    for (const name of COLOURS) if (chosen[one][name] !== OWN[one][name]) state.set(`${one}-${name}`, chosen[one][name]);
  return `${location.pathname}${location.search}${state.size ? `#${state}` : ""}`;
}

/** Sets what the address says, as far as a field can hold it. */
function restore() {
  for (const [name, set] of new URLSearchParams(location.hash.slice(1))) {
    const [, one, colour] = /^(light|dark)-([a-z-]+)$/.exec(name) ?? [];
    if (COLOURS.includes(colour) && /^#[0-9a-f]{6}$/.test(set)) chosen[one][colour] = set;
    const field = settings.elements[name] ?? recipes.elements[name];
    if (!field || !set || COLOURS.includes(name)) continue;
    if (field.type === "checkbox") field.checked = true;
    else field.value = set;
    if (field.type === "select-one" && field.value !== set) field.value = AS_IT_IS[name];
  }
}

/** A page's origin, by which the edge knows it. */
function originOf(page) {
  try {
    const { origin, protocol, hostname } = new URL(page.includes("://") ? page : `https://${page}`);
    // Some browsers encode a blank in a host's name, which no name can have.
    return /^https?:$/.test(protocol) && !hostname.includes("%") ? origin : null;
  } catch {
    return null;
  }
}

let asked = 0;

/** Asks the edge for the site: only one that is there is shown. It also says whether the page may show it. */
async function ask() {
  const turn = ++asked;
  const { site, page } = fields();
  const origin = page ? originOf(page) : null;
  const tell = (words, line = "") => {
    if (turn !== asked) return;
    find("listed").textContent = words;
    find("operator").hidden = !line;
    find("operator-line").textContent = line;
  };
  if (!settings.elements.site.validity.valid) return tell("A site’s id has small letters, digits and hyphens.");
  const query = origin ? `?origin=${encodeURIComponent(origin)}` : "";
  const answer = await fetch(`/v1/sites/${site}${query}`).catch(() => null);
  if (answer?.status === 404) return tell(`There is no site “${site}” here.`);
  if (!answer?.ok) return tell("The edge did not answer. Try again in a moment.");
  const { origin_listed: listed } = await answer.json();
  if (turn !== asked) return;
  for (const studio of [hero, preview]) if (studio.site !== site) studio.site = site;
  if (!page) tell("");
  else if (!origin) tell("Write the page’s address like https://www.example.com.");
  else if (listed) tell(`${origin} is listed: its pages may show the studio.`);
  else tell(`${origin} is not listed yet. This line is for the operator:`, `"${origin}", // add it to "origins" of the site "${site}"`);
}

function show() {
  recipes.elements.required.disabled = !recipes.elements.form.checked;
  const { site, theme, loading, locale, prompt, height, radius, kind, loader, ...extras } = fields();
  const set = look();
  for (const studio of [hero, preview])
    for (const name of [...COLOURS, "radius", "font"]) studio.style.setProperty(`--easel-${name}`, set[name] ?? "");
  preview.theme = scheme();
  const spoken = settings.elements.locale.validity.valid ? locale : "";
  if (preview.locale !== spoken) preview.locale = spoken;
  if (preview.prompt !== prompt) preview.prompt = prompt;
  preview.style.height = height === AS_IT_IS.height ? "" : `${height}rem`;
  Object.assign(find("stage").dataset, { scheme: scheme(), width: value(switches, "width") });
  find("scheme-word").textContent = scheme();
  const { shown, adjusted } = contrasts(chosen[scheme()], scheme());
  find("contrast").textContent = shown;
  find("adjusted").textContent = adjusted;
  find("radius-word").textContent = `${radius} px`;
  find("height-word").textContent = `${height} rem`;
  for (const name of COLOURS) settings.elements[name].value = chosen[scheme()][name];
  for (const button of find("palettes").children) {
    const same = SCHEMES.every((one) => COLOURS.every((name) => PALETTES[button.title][one][name] === chosen[one][name]));
    button.ariaPressed = String(same);
  }
  const { version, integrity } = find("code").dataset;
  const { analytics, form, required } = extras;
  const choice = { edge, site, theme, loading, locale: spoken, prompt, height, look: set, version, integrity, kind, loader, analytics, form, required };
  find("code").textContent = recipe(choice);
  find("two-lines").textContent = twoLines(choice);
  find("policy").textContent = `script-src ${edge}; frame-src ${edge}`;
  find("where").textContent = WHERE[kind] + (form ? " Your server gets the picture as the field “picture”; the site needs choose: true." : "");
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
    changed();
  });
  find("palettes").append(button);
}

function changed() {
  show();
  history.replaceState(null, "", address());
}

settings.addEventListener("input", ({ target }) => {
  if (COLOURS.includes(target.name)) chosen[scheme()][target.name] = target.value;
  changed();
});
settings.addEventListener("change", ({ target }) => /^(site|page)$/.test(target.name) && ask());
for (const form of [settings, switches, recipes]) {
  form.addEventListener("change", changed);
  form.addEventListener("submit", (event) => event.preventDefault());
}

document.addEventListener("click", async ({ target }) => {
  const from = target.dataset?.copy;
  if (!from) return;
  const label = target.textContent;
  await navigator.clipboard.writeText(from === "address" ? location.href : find(from).textContent);
  find("said").textContent = target.textContent = "Copied";
  setTimeout(() => {
    find("said").textContent = "";
    target.textContent = label;
  }, 2000);
});

// The preview begins in the scheme that the visitor has.
if (matchMedia("(prefers-color-scheme: dark)").matches) switches.elements.scheme.value = "dark";
restore();
if (fields().site !== AS_IT_IS.site || fields().page) ask();
show();
