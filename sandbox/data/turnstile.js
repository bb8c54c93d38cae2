// A stand-in for the script of Cloudflare Turnstile: explicit rendering, one visible button, tokens from the sandbox.
// It needs its own origin in `script-src` and `connect-src`, no inline style, no innerHTML.
(() => {
  "use strict";

  const source = new URL(document.currentScript.src);
  const widgets = new Map();
  let count = 0;

  // Site keys whose challenge is solved without a click: Cloudflare's test keys, and keys that contain `auto`.
  const passesAlone = (key) => key.includes("auto") || /^[12]x0/.test(key);

  async function fetchToken({ sitekey, action = "", cData = "" }) {
    const query = new URLSearchParams({ sitekey, action, cdata: cData, hostname: location.hostname });
    const answer = await fetch(`${source.origin}/turnstile/v0/token?${query}`, { credentials: "omit" });
    const { token, expires_in_ms: life, error } = await answer.json();
    if (!answer.ok) throw error;
    return { token, life };
  }

  function show(widget, text, pressed) {
    widget.button.textContent = text;
    widget.button.setAttribute("aria-pressed", String(pressed));
  }

  // Resets the challenge. A token that is still being fetched is discarded when it arrives.
  function restart(widget) {
    widget.round += 1;
    widget.token = undefined;
    widget.expired = false;
    clearTimeout(widget.timer);
    show(widget, "I am human", false);
    if (passesAlone(widget.params.sitekey)) solve(widget);
  }

  async function solve(widget) {
    if (widget.busy === widget.round || widget.token) return;
    const round = widget.round;
    widget.busy = round;
    let solved;
    try {
      solved = await fetchToken(widget.params);
    } catch (error) {
      if (round !== widget.round) return;
      widget.busy = undefined;
      // A key whose challenge always fails must not retry without end.
      show(widget, "Try again", false);
      const code = typeof error === "string" ? error : "200500";
      const handled = widget.params["error-callback"]?.(code);
      if (!handled) console.warn(`[sandbox turnstile] error ${code}`);
      return;
    }
    if (round !== widget.round) return;
    widget.busy = undefined;
    widget.token = solved.token;
    widget.timer = setTimeout(() => expire(widget), solved.life);
    show(widget, "You are human", true);
    widget.params.callback?.(solved.token);
  }

  function expire(widget) {
    widget.params["expired-callback"]?.();
    restart(widget);
    widget.expired = true;
  }

  function find(id) {
    if (id === undefined) return widgets.values().next().value;
    return widgets.get(id);
  }

  window.turnstile = {
    render(container, params = {}) {
      const element = typeof container === "string" ? document.querySelector(container) : container;
      if (!(element instanceof Element)) throw new TypeError("[sandbox turnstile] no such container");
      if (!params.sitekey) throw new TypeError("[sandbox turnstile] no sitekey");
      count += 1;
      const id = `cf-chl-widget-${count}`;
      const button = document.createElement("button");
      button.type = "button";
      button.id = id;
      button.dataset.theme = params.theme ?? "auto";
      const widget = { params, button, round: 0, token: undefined, expired: false };
      button.addEventListener("click", () => solve(widget));
      widgets.set(id, widget);
      element.append(button);
      restart(widget);
      return id;
    },
    reset(id) {
      const widget = find(id);
      if (widget) restart(widget);
    },
    remove(id) {
      const widget = find(id);
      if (!widget) return;
      widget.round += 1;
      clearTimeout(widget.timer);
      widget.button.remove();
      widgets.delete(widget.button.id);
    },
    getResponse(id) {
      return find(id)?.token;
    },
    isExpired(id) {
      return find(id)?.expired ?? false;
    },
    ready(callback) {
      queueMicrotask(callback);
    },
  };

  const onload = source.searchParams.get("onload");
  if (onload) queueMicrotask(() => window[onload]?.());
})();
