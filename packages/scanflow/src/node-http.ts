/**
 * Node's HTTP client and server. To `import` it would make everything that it exports, and with WebSocket come HTTP/2 and
 * all of `fetch`: 45 ms of the processor where this takes 4.
 */
export const nodeHttp = process.getBuiltinModule("node:http");

/** The same over TLS, which takes 18 ms to load: when it is first needed. */
export function nodeHttps(): typeof import("node:https") {
  return process.getBuiltinModule("node:https");
}
