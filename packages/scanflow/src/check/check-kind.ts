import { statSync } from "node:fs";
import { resolve } from "node:path";
import { BUILT_INS } from "@scanflow/checks";
import { nearest, ScanflowError } from "@scanflow/core";
import { isCheckModule } from "../runners/check-module.ts";

/** What a check is carried out by. */
export type CheckKind =
  | { readonly kind: "built-in"; readonly name: string }
  | { readonly kind: "module"; readonly path: string }
  | { readonly kind: "command"; readonly command: string };

/**
 * Tells by its text what a check is: the name of a built-in, the path of a module, else a command with a space or a
 * slash in it.
 *
 * @throws ScanflowError SCANFLOW_CHECK_UNKNOWN when it is none of these
 */
export function checkKind(check: string, root: string): CheckKind {
  if (Object.hasOwn(BUILT_INS, check)) return { kind: "built-in", name: check };
  const path = resolve(root, check);
  const found = isFile(path);
  if (isCheckModule(check)) {
    if (found) return { kind: "module", path };
    throw unknown(check, "there is no such file", `Correct its path, which is relative to ${root}.`);
  }
  if (found || /[\s/]/.test(check)) return { kind: "command", command: check };
  const names = Object.keys(BUILT_INS);
  const meant = nearest(check, names);
  throw unknown(
    check,
    "it is no checker that is built in, no file and no command",
    meant === undefined ? `Name one of ${names.join(", ")}.` : `Did you mean "${meant}"?`,
  );
}

function isFile(path: string): boolean {
  try {
    return statSync(path).isFile();
  } catch {
    // Nothing is there, or it is no path at all, such as a long command.
    return false;
  }
}

function unknown(check: string, problem: string, action: string): ScanflowError {
  return new ScanflowError("SCANFLOW_CHECK_UNKNOWN", `Check "${check}": ${problem}. ${action}`);
}
