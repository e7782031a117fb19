// What mdBook's page lacks for its reader: a way past the contents, two themes instead of five, terminals and tables whose pattern
// stands out, and a tick where a test shows what is said.
"use strict";

/** The first stop of the Tab key. */
function addSkipLink() {
  const link = document.createElement("a");
  link.className = "skip";
  link.href = "#mdbook-content";
  link.textContent = "Skip to the text";
  document.body.prepend(link);
}

/** The look is one for light and one for dark; variables.css makes the other themes equal to one of them. */
function leaveTwoThemes() {
  for (const name of ["rust", "coal", "ayu"]) document.getElementById(`mdbook-theme-${name}`)?.parentElement.remove();
  const dark = document.getElementById("mdbook-theme-navy");
  if (dark) dark.textContent = "Dark";
}

/**
 * Marks the commands of a terminal session: lines after `$ `, and those after `> ` or a backslash, in which they go on.
 * The text stays as it is, and so does what is copied.
 *
 * @param {HTMLElement} block
 */
function markCommands(block) {
  const marked = [];
  let inCommand = false;
  let goesOn = false;
  for (const line of block.textContent.split(/(?<=\n)/)) {
    const prompt = line.match(inCommand ? /^[$>] / : /^\$ /)?.[0] ?? "";
    inCommand = prompt !== "" || goesOn;
    goesOn = inCommand && line.trimEnd().endsWith("\\");
    if (prompt) marked.push(part("prompt", prompt));
    marked.push(inCommand ? part("command", line.slice(prompt.length)) : line);
  }
  block.replaceChildren(...marked);
}

/**
 * @param {string} name
 * @param {string} text
 */
function part(name, text) {
  const span = document.createElement("span");
  span.className = name;
  span.textContent = text;
  return span;
}

/**
 * A table of answers is read by its pattern before it is read by its words.
 *
 * @param {HTMLTableCellElement} cell
 */
function markAnswer(cell) {
  const answer = cell.textContent;
  if (answer === "yes" || answer === "no") cell.classList.add(`answer-${answer}`);
}

/**
 * A link to the test of a claim becomes a tick, with the test's sentence as its name.
 *
 * @param {HTMLAnchorElement} link
 */
function markTested(link) {
  const sentence = link.hash.slice(1).replaceAll("_", " ");
  if (link.textContent !== "test" || !sentence) return;
  const [before, after] = [link.previousSibling, link.nextSibling];
  if (before?.nodeValue?.endsWith("(") && after?.nodeValue?.startsWith(")")) {
    before.nodeValue = before.nodeValue.slice(0, -1);
    after.nodeValue = after.nodeValue.slice(1);
  }
  link.className = "tested";
  link.textContent = "✓";
  link.title = `Tested: ${sentence}`;
  link.setAttribute("aria-label", link.title);
}

addSkipLink();
leaveTwoThemes();
document.querySelectorAll("code.language-console").forEach(markCommands);
document.querySelectorAll("td").forEach(markAnswer);
document.querySelectorAll(".content a").forEach(markTested);
