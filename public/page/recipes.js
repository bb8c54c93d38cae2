// Owns the texts that an owner pastes. Pure: from what was chosen to what it says. Must not touch the page.

const INDENT = "  ";

/** What is told to `dataLayer`: names, counts and kinds; never the prompt, and not the picture. */
const HOOK = `for (const name of ["ready", "start", "picture", "done", "problem", "cancel", "download", "choose"]) {
  document.addEventListener("easel:" + name, ({ detail: { file, ...facts } }) => {
    (window.dataLayer ??= []).push({ event: "easel_" + name, ...facts });
  });
}`;

/** The same in a module that a server may load too. */
const ONCE = HOOK.replace("document.addEventListener", "globalThis.document?.addEventListener");

/** Where each recipe goes. */
export const WHERE = {
  html: "Into the page, where the studio shall stand.",
  wordpress: "Into a “Custom HTML” block of the page. Where your role may not use scripts, put the first line into the theme’s header.",
  webflow: "Into an Embed element. With several studios on a site, the script belongs once into Site settings, Custom code.",
  react: "A component: React 19 passes attributes and properties to custom elements by itself.",
  vue: "A component; tell Vite’s vue plug-in that the tag is not Vue’s: isCustomElement: (tag) => tag === \"easel-studio\".",
};

/** The address and hash of the loader. */
function source({ edge, loader, version, integrity }) {
  return loader === "pinned" ? { src: `${edge}/v/${version}/easel.js`, integrity } : { src: `${edge}/easel.js` };
}

function scriptTag(choice) {
  const { src, integrity } = source(choice);
  const checked = integrity ? `\n${INDENT}integrity="${integrity}" crossorigin="anonymous"` : "";
  return `<script type="module" src="${src}"${checked}></script>`;
}

/** The element's attributes in order, without those that say what is so anyway. */
function attributes({ site, theme, locale, prompt, loading, form, required }) {
  const all = { site };
  if (theme !== "auto") all.theme = theme;
  if (locale) all.locale = locale;
  if (prompt) all.prompt = prompt;
  if (loading !== "lazy") all.loading = loading;
  if (form) all.name = "picture";
  if (form && required) all.required = "";
  return all;
}

/** A value as it stands in a quoted attribute, in HTML and in JSX. */
const escaped = (value) => value.replaceAll("&", "&amp;").replaceAll('"', "&quot;").replaceAll("<", "&lt;");

const written = (all) => Object.entries(all).map(([name, value]) => ` ${name}${value && `="${escaped(value)}"`}`).join("");

const declarations = (look) => Object.entries(look).map(([name, value]) => `--easel-${name}:${value}`);

function element(choice) {
  const style = ["display:block", `min-height:${choice.height}rem`, ...declarations(choice.look)].join(";").replaceAll('"', "'");
  return `<easel-studio${written(attributes(choice))} style="${style}"></easel-studio>`;
}

function inForm(choice, studio) {
  if (!choice.form) return studio;
  return `<form method="post" enctype="multipart/form-data" action="/order">\n${INDENT}${studio}\n${INDENT}<button>Send</button>\n</form>`;
}

const indented = (text, by) => text.replaceAll(/^(?=.)/gm, INDENT.repeat(by));

function html(choice) {
  const hook = choice.analytics ? `\n<script>\n${indented(HOOK, 1)}\n</script>` : "";
  return `${scriptTag(choice)}\n${inForm(choice, element(choice))}${hook}`;
}

/** A module script with a hash has to be an element; a rolling one is loaded once by `import`. Neither on a server that renders. */
function loading(choice) {
  const { src, integrity } = source(choice);
  if (!integrity) return `if (globalThis.document) import(/* @vite-ignore */ "${src}");`;
  const script = JSON.stringify({ type: "module", src, integrity, crossOrigin: "anonymous" }, null, 2);
  return `globalThis.document?.head.append(Object.assign(document.createElement("script"), ${script}));`;
}

function react(choice) {
  const look = Object.entries(choice.look).map(([name, value]) => `, "--easel-${name}": ${JSON.stringify(value)}`);
  const style = `{{ display: "block", minHeight: "${choice.height}rem"${look.join("")} }}`;
  const studio = `<easel-studio${written(attributes(choice))} style=${style} />`;
  const shown = inForm(choice, studio).replace('enctype="', 'encType="');
  const hook = choice.analytics ? `\n${ONCE}\n` : "";
  return `${loading(choice)}\n${hook}\nexport function Studio() {\n  return (\n${indented(shown, 2)}\n  );\n}`;
}

function vue(choice) {
  // Not `setup`: that runs for every studio, and each would tell `dataLayer` of all of them.
  const hook = choice.analytics ? `\n\n${ONCE}` : "";
  return `<script>\n${loading(choice)}${hook}\n</script>\n\n<template>\n${indented(inForm(choice, element(choice)), 1)}\n</template>`;
}

const RECIPES = { html, wordpress: html, webflow: html, react, vue };

/** The text to paste. */
export function recipe(choice) {
  return RECIPES[choice.kind](choice);
}

/** The two lines, and nothing more. */
export function twoLines(choice) {
  return `${scriptTag({ edge: choice.edge })}\n${element({ ...choice, form: null })}`;
}
