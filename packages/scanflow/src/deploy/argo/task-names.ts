import { createHash } from "node:crypto";

/** Words of the language of Argo's expressions, which no task may be called by in a `depends`. */
const RESERVED = new Set(
  "all any and contains endsWith false filter find float get if else in int item items let len map matches max min nil none not one or reduce steps string sum tasks true workflow inputs outputs"
    .split(" ")
    .map((word) => word.toLowerCase()),
);

const LONGEST = 60;

/**
 * Names of Argo's tasks and templates for ids of a plan, each once: letters, digits and dashes, of which a `depends` can
 * be made. The same plan gives the same names.
 */
export class TaskNames {
  readonly #names = new Map<string, string>();
  readonly #taken = new Set<string>();

  /** `what` tells several tasks apart that stand for one id. */
  of(id: string, what = ""): string {
    const key = what === "" ? id : `${id}#${what}`;
    const known = this.#names.get(key);
    if (known !== undefined) return known;
    const name = this.#free(plainName(what === "" ? id : `${id}-${what}`), key);
    this.#names.set(key, name);
    this.#taken.add(name);
    return name;
  }

  #free(name: string, key: string): string {
    const usable = !RESERVED.has(name.toLowerCase()) && name.length <= LONGEST && !this.#taken.has(name);
    if (usable) return name;
    const mark = createHash("sha256").update(key).digest("hex").slice(0, 8);
    return `${name.slice(0, LONGEST - 9).replace(/-+$/, "")}-${mark}`;
  }
}

function plainName(text: string): string {
  const plain = text.replaceAll(/[^A-Za-z0-9]+/g, "-").replaceAll(/^-+|-+$/g, "");
  return /^[A-Za-z]/.test(plain) ? plain : `x-${plain}`;
}
