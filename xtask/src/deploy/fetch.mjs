// HTTP for `cargo xtask deploy`: a JSON object a line on stdin, one on stdout with the same `id`, until stdin ends. Node is
// there for wrangler and speaks TLS; the build script would need a stack of its own for it. The token comes on stdin, so
// that no list of processes shows it, and no error's text goes out: it may quote a header.
import { createInterface } from "node:readline";

async function ask({ method, url, token, body, seconds }) {
  const headers = {};
  if (token) headers.authorization = `Bearer ${token}`;
  if (body) headers["content-type"] = "application/json";
  // Not followed: a redirect would take the token elsewhere.
  const options = { method, headers, redirect: "manual", signal: AbortSignal.timeout(seconds * 1000) };
  if (body) options.body = JSON.stringify(body);
  try {
    const answer = await fetch(url, options);
    return { status: answer.status, body: await answer.text() };
  } catch (error) {
    return { error: String(error.cause?.code ?? error.name) };
  }
}

createInterface({ input: process.stdin }).on("line", async (line) => {
  const asked = JSON.parse(line);
  console.log(JSON.stringify({ id: asked.id, ...(await ask(asked)) }));
});
