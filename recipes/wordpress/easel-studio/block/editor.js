// The block in the editor: a place that says what will be there, and its settings. Nothing is loaded from the edge here.

((wp) => {
  const { createElement: el, Fragment } = wp.element;
  const { InspectorControls, useBlockProps } = wp.blockEditor;
  const { PanelBody, Placeholder, SelectControl, TextControl } = wp.components;
  const { __ } = wp.i18n;

  // Newer editors warn of controls in the older size and with the older margin.
  const NEXT = { __nextHasNoMarginBottom: true, __next40pxDefaultSize: true };

  // Drawn here: the font of WordPress's own icons is missing in the frame in which newer editors show a post.
  const ICON = el(
    "svg",
    { viewBox: "0 0 24 24", width: 24, height: 24, "aria-hidden": true },
    el("path", { d: "M4 4h16v16H4zm1.5 1.5v10L9 11l4 4.5 2.5-2.5 3 3.5v-11z", fillRule: "evenodd" }),
  );

  const text = (props, name, label) =>
    el(TextControl, {
      key: name,
      label,
      value: props.attributes[name],
      onChange: (value) => props.setAttributes({ [name]: value }),
      ...NEXT,
    });

  const choice = (props, name, label, values) =>
    el(SelectControl, {
      key: name,
      label,
      value: props.attributes[name],
      options: values.map((value) => ({ label: value, value })),
      onChange: (value) => props.setAttributes({ [name]: value }),
      ...NEXT,
    });

  const Edit = (props) =>
    el(
      Fragment,
      null,
      el(
        InspectorControls,
        null,
        el(PanelBody, { title: __("Studio", "easel-studio") }, [
          text(props, "site", __("Site (empty: the one of the settings)", "easel-studio")),
          choice(props, "theme", __("Theme", "easel-studio"), ["auto", "light", "dark"]),
          text(props, "locale", __("Language, such as de", "easel-studio")),
          text(props, "prompt", __("What the description begins with", "easel-studio")),
          text(props, "height", __("Height, such as 40rem", "easel-studio")),
          text(props, "name", __("Form field for a chosen picture", "easel-studio")),
          choice(props, "loading", __("Loading", "easel-studio"), ["lazy", "eager"]),
        ]),
      ),
      el(
        "div",
        useBlockProps(),
        el(Placeholder, {
          icon: ICON,
          label: "Easel Studio",
          instructions: __("Your visitors find the image studio here.", "easel-studio"),
        }),
      ),
    );

  wp.blocks.registerBlockType("easel/studio", { icon: ICON, edit: Edit, save: () => null });
})(window.wp);
