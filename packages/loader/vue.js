// <EaselStudio> for Vue 3: the element with its attributes as props and its events as events.

import { defineComponent, h, onMounted, ref } from "vue";
import { ATTRIBUTES, EVENTS, loadEasel } from "./index.js";

export const EaselStudio = defineComponent({
  name: "EaselStudio",
  props: { edge: { type: String, required: true }, ...Object.fromEntries(ATTRIBUTES.map((name) => [name, String])), required: Boolean },
  emits: EVENTS,
  setup(props, { emit, expose, slots }) {
    const element = ref(null);
    expose({ element });
    // A page without the element shows its slot; the console says why.
    onMounted(() => loadEasel(props.edge).catch(console.error));
    const heard = Object.fromEntries(EVENTS.map((name) => [`onEasel:${name}`, (event) => emit(name, event)]));
    return () => {
      const given = ATTRIBUTES.filter((name) => props[name] !== undefined && props[name] !== false);
      const attributes = given.map((name) => [`^${name}`, props[name] === true ? "" : props[name]]);
      return h("easel-studio", { ref: element, ...Object.fromEntries(attributes), ...heard }, slots.default?.());
    };
  },
});
