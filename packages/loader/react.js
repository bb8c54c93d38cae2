// <EaselStudio> for React 18 and newer: the element with its attributes as props and its events as callbacks.

import { createElement, forwardRef, useEffect, useImperativeHandle, useRef } from "react";
import { EVENTS, loadEasel } from "./index.js";

const callback = (name) => `on${name[0].toUpperCase()}${name.slice(1)}`;
const CALLBACKS = EVENTS.map(callback);

export const EaselStudio = forwardRef(function EaselStudio({ edge, ...props }, outer) {
  const element = useRef(null);
  const newest = useRef(props);
  newest.current = props;
  useImperativeHandle(outer, () => element.current, []);
  useEffect(() => {
    // A page without the element shows its children; the console says why.
    loadEasel(edge).catch(console.error);
  }, [edge]);
  useEffect(() => {
    const node = element.current;
    const stop = new AbortController();
    for (const name of EVENTS) {
      const hear = (event) => newest.current[callback(name)]?.(event);
      node.addEventListener(`easel:${name}`, hear, { signal: stop.signal });
    }
    return () => stop.abort();
  }, []);
  const attributes = Object.fromEntries(Object.entries(props).filter(([name]) => !CALLBACKS.includes(name)));
  // React 18 would write `false` as a text, and the attribute would be there.
  const required = props.required ? true : undefined;
  return createElement("easel-studio", { ...attributes, required, ref: element });
});
