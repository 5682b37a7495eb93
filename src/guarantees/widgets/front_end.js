// fill(element, "text", node, [node]): the element with new content. Strings become text, never markup.
export function fill(element, ...children) {
  element.replaceChildren(...children.flat(Infinity).filter((child) => child || child === 0));
  return element;
}

// h("button", { type: "button", onclick: act }, "Check"): a new element.
export function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (value === true) element.setAttribute(name, "");
    else if (value !== false && value !== null) element.setAttribute(name, value);
  }
  return fill(element, ...children);
}

// Dress a view's element. JupyterLab's own shortcuts (Enter, letters) must not act on keys meant for the widget.
export function dress(el, name) {
  el.classList.add("guarantee-widget", name);
  el.addEventListener("keydown", (event) => {
    if (!event.ctrlKey && !event.metaKey) event.stopPropagation();
  });
}
