import { ObjectError } from "./errors.ts";

/** Where a store in a folder writes before an object gets its name. */
export const incomingPart = ".incoming";

const mostBytes = 1000;
const mostPartBytes = 200;

/** The key, if it is one. Errors: SCANFLOW_OBJECT_KEY. */
export function checkKey(key: string): string {
  const parts = key.split("/");
  const fault =
    faultOf(parts) ??
    (parts.some((part) => part === "") ? "has an empty part" : undefined) ??
    (Buffer.byteLength(key) > mostBytes ? `is longer than ${mostBytes} bytes` : undefined);
  if (fault !== undefined) throw keyError(key, fault);
  return key;
}

/** What keys may begin with: a key cut off anywhere, the empty text included. */
export function checkPrefix(prefix: string): string {
  const parts = prefix.split("/");
  const fault =
    faultOf(parts.slice(0, -1)) ??
    (parts.slice(0, -1).some((part) => part === "") ? "has an empty part" : undefined) ??
    controlFault(prefix);
  if (fault !== undefined) throw keyError(prefix, fault);
  return prefix;
}

export function keyError(key: string, fault: string, cause?: unknown): ObjectError {
  return new ObjectError(
    "SCANFLOW_OBJECT_KEY",
    `The key ${JSON.stringify(key.slice(0, 200))} ${fault}. Use a relative path such as data/2024/train.csv.`,
    { cause },
  );
}

function faultOf(parts: readonly string[]): string | undefined {
  if (parts[0] === incomingPart) return `begins with ${incomingPart}, where unfinished objects lie`;
  for (const part of parts) {
    if (part === "." || part === "..") return `has the part "${part}"`;
    if (Buffer.byteLength(part) > mostPartBytes) return `has a part longer than ${mostPartBytes} bytes`;
    const fault = controlFault(part);
    if (fault !== undefined) return fault;
  }
  return undefined;
}

function controlFault(text: string): string | undefined {
  if (!text.isWellFormed()) return "is not well-formed Unicode";
  // biome-ignore lint/suspicious/noControlCharactersInRegex: those are what is refused.
  if (/[\\\u0000-\u001f\u007f\ufffe\uffff]/.test(text)) return "has a backslash or a control character";
  return undefined;
}
