// Owns what the visitor has begun to write and to choose: it outlives a reload of the tab, and the field grows with it.
// Must not store anything before the visitor acts, nor on a site that keeps nothing.
const find = (id) => document.getElementById(id);
let key;
let touched = false;

addEventListener("input", ({ target, isTrusted }) => {
  touched ||= isTrusted;
  // Where the stylesheet cannot do it.
  if (target.id === "prompt" && !CSS.supports("field-sizing", "content")) {
    target.style.height = "auto";
    target.style.height = `${target.scrollHeight}px`;
  }
});

// Storage may be blocked: then a reload forgets.
addEventListener("pagehide", () => {
  if (!touched || !key) return;
  try {
    sessionStorage.setItem(key, JSON.stringify([...new FormData(find("composer"))]));
  } catch {}
});

addEventListener("DOMContentLoaded", () => {
  const { id, history } = JSON.parse(find("site").textContent);
  if (history === "off") return;
  key = `easel:draft:${id}`;
  const form = find("composer");
  try {
    for (const [name, value] of JSON.parse(sessionStorage.getItem(key)) ?? []) {
      const field = form.elements[name];
      if (!field) continue;
      touched = true;
      if (field.type === "checkbox") field.checked = true;
      else field.value = value;
      if (field.selectedIndex < 0) field.selectedIndex = 0; // no longer on offer
    }
  } catch {}
  if (touched) for (const field of form.elements) if (field.checked) field.dispatchEvent(new Event("change", { bubbles: true }));
});
