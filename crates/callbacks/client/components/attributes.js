// Props as attributes: names, booleans, styles, and which URLs a link or an image may have.

/** @import { Props } from "../types.d.ts" */

/** React's names of attributes that are not simply written in another case. @type {Record<string, string>} */
const attributeNames = { className: "class", htmlFor: "for" };

const urlAttributes = new Set(["href", "src", "action", "formaction", "poster", "cite", "data", "background", "ping"]);

/** Attributes for which "false" is a value and not an absence. */
const enumerated = /^(aria-.+|data-.+|contenteditable|draggable|spellcheck)$/;

/** Numbers are pixels, apart from these. */
const unitless =
  /^(--.*|aspectRatio|columns|columnCount|flex(Grow|Shrink)?|fontWeight|grid(Area|Column|Row).*|lineHeight|opacity|order|scale|tabSize|zIndex|zoom)$/;

/**
 * Sets the attribute that a prop stands for. Handlers of events and unsafe URLs are left out.
 *
 * @param {Element} element
 * @param {string} prop
 * @param {unknown} value
 */
export function setAttribute(element, prop, value) {
  const name = attributeNames[prop] ?? prop.toLowerCase();
  if (/^on|^srcdoc$/.test(name) || !/^[a-z][\w:.-]*$/.test(name)) return;
  const absent = value === null || value === undefined || (value === false && !enumerated.test(name));
  if (absent || typeof value === "object" || (urlAttributes.has(name) && !isSafeUrl(String(value)))) {
    element.removeAttribute(name);
  } else {
    element.setAttribute(name, value === true && !enumerated.test(name) ? "" : String(value));
  }
}

/** Props that are attributes of every component that can be seen. */
const everyday = /^(hidden|tabIndex|title|(data|aria)-.+)$/;

/**
 * Sets the attributes that every component may have: `title`, `hidden`, `tabIndex`, `data-*` and `aria-*`.
 *
 * @param {Element} element
 * @param {Props} props
 */
export function setEveryday(element, props) {
  for (const prop of Object.keys(props)) {
    if (everyday.test(prop)) setAttribute(element, prop, props[prop]);
  }
}

/**
 * Relative addresses, http, https, mailto and images within the address itself; never a script.
 *
 * @param {string} url
 */
export function isSafeUrl(url) {
  // Browsers pass over white space and control characters in front of and within a scheme.
  const bare = url.replace(/[\u0000-\u0020\u007f-\u009f]/g, "");
  return !/^[^/?#]*:/.test(bare) || /^(https?:|mailto:|data:image\/)/i.test(bare);
}

/**
 * Makes the element's own style that of the object, property by property.
 *
 * @param {HTMLElement} element
 * @param {Props | null | undefined} style
 */
export function setStyle(element, style) {
  element.style.cssText = "";
  for (const [name, value] of Object.entries(style ?? {})) {
    if (value === null || value === undefined || typeof value === "boolean") continue;
    const text = typeof value === "number" && value !== 0 && !unitless.test(name) ? `${value}px` : String(value);
    element.style.setProperty(name.startsWith("--") ? name : name.replace(/[A-Z]/g, "-$&").toLowerCase(), text);
  }
}

/**
 * The class of a component: its own name and what the app adds.
 *
 * @param {Element} element
 * @param {string} own
 * @param {Props} props
 */
export function setClass(element, own, props) {
  element.setAttribute("class", [own, props.className].filter(Boolean).join(" "));
}
