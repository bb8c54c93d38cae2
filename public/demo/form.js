// What an owner's own script may do with a choice, also with one that is taken back: show it, and see it in the form's data.
// Nothing is sent anywhere.
const find = (id) => document.getElementById(id);

find("studio").addEventListener("easel:choose", ({ detail: { file } }) => {
  const picture = find("chosen");
  URL.revokeObjectURL(picture.src);
  if (file) picture.src = URL.createObjectURL(file);
  else picture.removeAttribute("src");
  picture.hidden = !file;
  find("none").hidden = Boolean(file);
});

find("order").addEventListener("submit", (event) => {
  event.preventDefault();
  const fields = [...new FormData(event.target)].map(([name, value]) =>
    value instanceof File ? `${name}: ${value.name || "nothing"}, ${value.size} bytes, ${value.type}` : `${name}: ${value}`,
  );
  find("sent").textContent = `Your server would receive\n${fields.join("\n")}`;
});
