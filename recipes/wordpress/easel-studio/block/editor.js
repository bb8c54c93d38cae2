// The block in the editor: a place that says what will be there, and its settings. Nothing is loaded from the edge here.

((wp) => {
  const { createElement: el, Fragment } = wp.element;
  const { InspectorControls, useBlockProps } = wp.blockEditor;
  const { PanelBody, Placeholder, SelectControl, TextControl } = wp.components;
  const { __ } = wp.i18n;

  const text = (props, name, label) =>
    el(TextControl, {
      key: name,
      label,
      value: props.attributes[name],
      onChange: (value) => props.setAttributes({ [name]: value }),
      __nextHasNoMarginBottom: true,
    });

  const choice = (props, name, label, values) =>
    el(SelectControl, {
      key: name,
      label,
      value: props.attributes[name],
      options: values.map((value) => ({ label: value, value })),
      onChange: (value) => props.setAttributes({ [name]: value }),
      __nextHasNoMarginBottom: true,
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
          icon: "format-image",
          label: "Easel Studio",
          instructions: __("Your visitors find the image studio here.", "easel-studio"),
        }),
      ),
    );

  wp.blocks.registerBlockType("easel/studio", { edit: Edit, save: () => null });
})(window.wp);
