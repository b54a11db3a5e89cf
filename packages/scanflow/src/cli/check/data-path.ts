import { resolve } from "node:path";

/** Where data that the command line names lie. An address stays what it is, so that the reader can say what to do about it. */
export function pathOf(path: string, directory: string): string {
  return /^[a-z][a-z0-9+.-]+:\/\//i.test(path) ? path : resolve(directory, path);
}
