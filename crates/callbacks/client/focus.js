// The focus while the page changes: a field that an answer writes anew, or moves to another place, goes on being typed into.

/**
 * Makes a change of the page. If it replaces the focused element by another with the same id, that one gets the focus and the selection.
 *
 * @template T
 * @param {() => T} change
 * @returns {T}
 */
export function keepFocus(change) {
  const before = document.activeElement;
  const selection = selectionOf(before);
  const result = change();
  const after = before && !before.isConnected && before.id ? document.getElementById(before.id) : null;
  if (after) {
    after.focus({ preventScroll: true });
    if (selection && isTextField(after)) after.setSelectionRange(...selection);
  }
  return result;
}

/**
 * Writes a text into a field. If somebody is in it, the caret stays where it is in their text.
 *
 * @param {HTMLInputElement} field
 * @param {string} text
 */
export function writeText(field, text) {
  const before = field.value;
  const selection = document.activeElement === field ? selectionOf(field) : null;
  field.value = text;
  if (selection) field.setSelectionRange(caretIn(before, text, selection[0]), caretIn(before, text, selection[1]));
}

/**
 * Where a caret goes when a text is replaced: it keeps the text behind it if that is still the end, and otherwise its distance
 * from the start.
 *
 * @param {string} before
 * @param {string} text
 * @param {number} caret
 */
export function caretIn(before, text, caret) {
  const behind = before.slice(caret);
  const keepsEnd = text.toLowerCase().endsWith(behind.toLowerCase());
  return keepsEnd ? text.length - behind.length : Math.min(caret, text.length);
}

/**
 * @param {Element | null} element
 * @returns {[number, number] | null}
 */
function selectionOf(element) {
  return isTextField(element) ? [Number(element.selectionStart), Number(element.selectionEnd)] : null;
}

/**
 * Whether an element is a field that knows where its caret is: one for a number does not.
 *
 * @param {Element | null} element
 * @returns {element is HTMLInputElement}
 */
function isTextField(element) {
  return element instanceof HTMLInputElement && element.selectionStart !== null;
}
