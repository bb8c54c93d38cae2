// Owns what the visitor has begun to write and to choose: it outlives a reload of the tab and a crash, and the field grows
// with it. And the way to put all of it into the form.
// Must not store anything before the visitor acts, nor on a site that keeps nothing.
const find = (id) => document.getElementById(id);

/** How long typing stops before it is written down, in milliseconds. */
const STOPS = 500;

let key;
let touched = false;
let timer;

/** Puts these into the form, by name; what is no longer on offer stays as it is. */
export const fill = (entries) => {
  const { elements } = find("composer");
  for (const [name, value] of entries) {
    const field = elements[name];
    if (!field) continue;
    if (field.type === "checkbox") field.checked = value === field.value;
    // A single shape or quality is no choice: its value is the site's.
    else if (field.type !== "radio") field.value = value;
    if (field.selectedIndex < 0) field.selectedIndex = 0;
  }
  for (const field of elements) if (field.checked || field.name === "background") field.dispatchEvent(new Event("change", { bubbles: true }));
};

// Storage may be blocked: then a reload forgets.
const write = () => {
  if (!touched || !key) return;
  try {
    sessionStorage.setItem(key, JSON.stringify([...new FormData(find("composer"))]));
  } catch {}
};

// What a page round the frame puts into the prompt does not bubble: nobody has acted.
addEventListener("input", ({ target }) => {
  touched = true;
  clearTimeout(timer);
  timer = setTimeout(write, STOPS);
  // Where the stylesheet cannot do it.
  if (target.id === "prompt" && !CSS.supports("field-sizing", "content")) {
    target.style.height = "auto";
    target.style.height = `${target.scrollHeight}px`;
  }
});
addEventListener("pagehide", write);

addEventListener("DOMContentLoaded", () => {
  const { id, history } = JSON.parse(find("site").textContent);
  if (history === "off") return;
  key = `easel:draft:${id}`;
  try {
    const entries = JSON.parse(sessionStorage.getItem(key));
    if (!entries) return;
    touched = true;
    fill(entries);
  } catch {}
});
