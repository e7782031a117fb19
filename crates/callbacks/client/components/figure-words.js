// A figure in words: what it shows, for those who cannot see it, and why it cannot be drawn.

/** Traces over a map: their outlines and tiles are not part of plotly.js. */
const maps = /^(choropleth|choroplethmap|choroplethmapbox|scattergeo|scattermap|scattermapbox|densitymap|densitymapbox)$/;

/**
 * Why plotly.js would have to ask another host to draw this figure, or null.
 *
 * @param {any} figure
 */
export function refusedMap(figure) {
  const map = tracesOf(figure).find(({ type }) => maps.test(type));
  if (!map) return null;
  return `A map (\`${map.type}\`) is not drawn here: plotly.js would fetch its outlines from another host, and a page asks no host but its own.`;
}

/**
 * The figure in a few words.
 *
 * @param {any} figure
 * @param {string | undefined} id
 */
export function describeFigure(figure, id) {
  /** @param {any} title */
  const textOf = (title) => (typeof title === "string" ? title : title?.text);
  const { title, xaxis, yaxis } = figure?.layout ?? {};
  const axes = [textOf(yaxis?.title), textOf(xaxis?.title)].filter(Boolean).join(" over ");
  /** @param {any} trace */
  const kindOf = ({ name, type = "scatter", x, y }) => [name, type, `${(y ?? x)?.length ?? "no"} points`].filter(Boolean).join(", ");
  return `Graph: ${[textOf(title) ?? (axes || id), ...tracesOf(figure).map(kindOf)].join("; ")}`;
}

/**
 * The traces that are objects. plotly.js passes over all others, such as null.
 *
 * @param {any} figure
 * @returns {any[]}
 */
function tracesOf(figure) {
  return [figure?.data ?? []].flat().filter((trace) => typeof trace === "object" && trace !== null);
}
