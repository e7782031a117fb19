// Dash's wire protocol: the body of a call, the meaning of an answer, and the requests themselves.

/** @import { Answer, Argument, Callback, Config, Exchange, Outcome, CallBody, Props, Values } from "./types.d.ts" */
/** @import { LayoutStore } from "./store.js" */

/**
 * Reads a callback's arguments from the layout as it is now, and writes the body of the call.
 * "absent": none of its outputs, or none of its inputs, is in the layout. That is no mistake: they may come later.
 *
 * @param {Callback} callback
 * @param {string[]} changed
 * @param {LayoutStore} store
 * @returns {CallBody}
 */
export function prepareCall(callback, changed, store) {
  const { output, multi, outputs, inputs, state } = callback;
  /** @param {Argument} argument */
  const missing = (argument) => !argument.optional && !store.component(argument.id);
  if (outputs.length > 0 && outputs.every(missing)) return { kind: "absent" };
  if (inputs.length > 0 && inputs.every(missing)) return { kind: "absent" };
  for (const [kind, declared] of Object.entries({ Output: outputs, Input: inputs, State: state })) {
    const absent = declared.find(missing);
    if (absent) {
      const message = `Its ${kind} ${absent.key} is missing: no component on the page has the id “${absent.id}”.`;
      return { kind: "problem", message };
    }
  }
  const places = outputs.map(({ id, property }) => ({ id, property }));
  // JSON.stringify leaves out what is undefined, and keeps the order of the keys.
  const given = [...inputs, ...state].map((argument) => readValue(argument, store));
  const body = {
    output,
    outputs: outputs.length === 0 ? undefined : multi ? places : places[0],
    inputs: given.slice(0, inputs.length),
    changedPropIds: changed,
    parsedChangedPropsIds: changed,
    state: state.length === 0 ? undefined : given.slice(inputs.length),
  };
  const sent = Object.fromEntries([...inputs, ...state].map(({ key }, index) => [key, given[index].value]));
  return { kind: "ready", body: JSON.stringify(body), sent };
}

/**
 * A property that was never set has no value at all; one that is null has the value null.
 *
 * @param {Argument} argument
 * @param {LayoutStore} store
 */
function readValue({ id, property, optional }, store) {
  const component = store.component(id);
  if (optional && !component) return { id, property, allow_optional: true, value: null };
  const value = component?.props[property];
  return optional ? { id, property, allow_optional: true, value } : { id, property, value };
}

/**
 * What an answer means. Anything but a 200 with the expected JSON, or a 204, is a problem in words.
 *
 * @param {Callback} callback
 * @param {number} status
 * @param {string} text
 * @returns {Outcome}
 */
export function readAnswer(callback, status, text) {
  if (status === 204) return { kind: "nothing", side: {} };
  const body = parseObject(text);
  const malformed = problem("The server's answer does not have the expected form.", text);
  if (status !== 200) {
    const message = typeof body?.error === "string" ? body.error : `The server answered with status ${status} instead of 200.`;
    const detail = typeof body?.detail === "string" ? body.detail : undefined;
    return { kind: "problem", message, detail, side: {} };
  }
  if (!body) return malformed;
  const { response, sideUpdate: side = {} } = body;
  if (body.cacheKey !== undefined) return problem("The answer starts a background callback, which this client cannot run.");
  if (!isValues(side)) return malformed;
  if (response === undefined || response === null) return { kind: "nothing", side };
  const values = body.multi ? response : singleValue(callback, response);
  if (!isValues(values)) return malformed;
  if (hasPatch(values) || hasPatch(side)) return problem("The answer changes a part of a property (Patch), which this client cannot do.");
  return Object.keys(values).length === 0 ? { kind: "nothing", side } : { kind: "values", values, side };
}

/**
 * @param {string} message
 * @param {string} [text]
 * @returns {Outcome}
 */
function problem(message, text) {
  return { kind: "problem", message, detail: text?.slice(0, 2000), side: {} };
}

/**
 * The form without `multi` names only the properties.
 *
 * @param {Callback} callback
 * @param {any} response
 */
function singleValue(callback, response) {
  const id = callback.outputs[0]?.id;
  return id === undefined || !response.props ? undefined : { [id]: response.props };
}

/**
 * @param {unknown} value
 * @returns {value is Values}
 */
function isValues(value) {
  return isObject(value) && Object.values(value).every(isObject);
}

/**
 * @param {unknown} value
 * @returns {value is Props}
 */
function isObject(value) {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** @param {Values} values */
function hasPatch(values) {
  return Object.values(values).some((props) => Object.values(props).some((value) => isObject(value) && "__dash_patch_update" in value));
}

/** @param {string} text */
function parseObject(text) {
  try {
    const body = JSON.parse(text);
    return isObject(body) ? body : null;
  } catch {
    return null;
  }
}

/**
 * The entries of a `Server-Timing` header by name.
 *
 * @param {string | null} header
 * @returns {Record<string, Record<string, string>>}
 */
export function readServerTiming(header) {
  /** @type {Record<string, Record<string, string>>} */
  const entries = {};
  for (const [entry] of (header ?? "").matchAll(/(?:"[^"]*"|[^",])+/g)) {
    const [name, ...parameters] = [...entry.matchAll(/(?:"[^"]*"|[^";])+/g)].map(([part]) => part.trim());
    const pairs = parameters.map((parameter) => {
      const [key, ...value] = parameter.split("=");
      return [key.trim(), value.join("=").trim().replace(/^"|"$/g, "")];
    });
    entries[name] = Object.fromEntries(pairs);
  }
  return entries;
}

/** The server, at the prefix of the page's configuration. */
export class Connection {
  #prefix;
  #config;

  /**
   * @param {Config} config
   * @param {string} base the page's address when it was opened, to which the prefix may be relative
   */
  constructor(config, base) {
    const prefix = config.requests_pathname_prefix ?? config.url_base_pathname ?? "/";
    this.#prefix = new URL(prefix.endsWith("/") ? prefix : `${prefix}/`, base).pathname;
    this.#config = config;
  }

  /**
   * One of the documents that a page starts with.
   *
   * @param {"_dash-layout" | "_dash-dependencies"} name
   */
  async get(name) {
    const response = await fetch(this.#prefix + name, { headers: this.#headers(), credentials: "same-origin" });
    if (response.status !== 200) throw new Error(`GET ${this.#prefix}${name} was answered with status ${response.status}`);
    return response.json();
  }

  /**
   * Posts a call. A lost connection is an outcome like any other: this never rejects.
   *
   * @param {string} body
   * @param {Callback} callback
   * @returns {Promise<Answer>}
   */
  async post(body, callback) {
    const bytes = new TextEncoder().encode(body);
    /** @type {Exchange} */
    const exchange = { status: null, worker: null, life: null, callbackMs: null, cache: null, bytesUp: bytes.length, bytesDown: 0 };
    const { end_id } = this.#config;
    const url = `${this.#prefix}_dash-update-component${end_id ? `?endId=${encodeURIComponent(end_id)}` : ""}`;
    try {
      const response = await fetch(url, { method: "POST", headers: this.#headers(), credentials: "same-origin", body: bytes });
      const timing = readServerTiming(response.headers.get("Server-Timing"));
      exchange.status = response.status;
      exchange.worker = response.headers.get("X-Worker");
      exchange.life = timing.life?.desc ?? null;
      exchange.callbackMs = timing.callback?.dur === undefined ? null : Number(timing.callback.dur);
      exchange.cache = timing.cache?.desc ?? null;
      const answer = await response.arrayBuffer();
      exchange.bytesDown = answer.byteLength;
      return { outcome: readAnswer(callback, response.status, new TextDecoder().decode(answer)), exchange };
    } catch (error) {
      const message = "The server did not answer: the connection failed. Is it still running?";
      return { outcome: { kind: "problem", message, detail: String(error), side: {} }, exchange };
    }
  }

  #headers() {
    /** @type {Record<string, string>} */
    const headers = { Accept: "application/json", "Content-Type": "application/json" };
    const { csrf_token_name = "_csrf_token", csrf_header_name = "X-CSRFToken" } = this.#config;
    for (const cookie of document.cookie.split(/;\s*/)) {
      const [name, ...value] = cookie.split("=");
      if (name === csrf_token_name && value.length > 0) headers[csrf_header_name] = decoded(value.join("="));
    }
    return headers;
  }
}

/**
 * A cookie's value; as it is if somebody wrote it without encoding it.
 *
 * @param {string} text
 */
function decoded(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
