import { ScanflowError } from "@scanflow/core";

/** What lineage may be asked of, as it is written. */
export type Subject =
  /** `models:/digits/3`, `models:/digits@champion`, `models:/digits/latest`; `reference` keeps the `@`. */
  | { readonly kind: "model"; readonly name: string; readonly reference: string }
  /** `runs:/TRACKER_RUN/path`: what a script logged. */
  | { readonly kind: "logged"; readonly runId: string; readonly path: string }
  /** `sha256:…`, whole or its first digits. */
  | { readonly kind: "digest"; readonly digest: string }
  /** `RUN`, `RUN/TASK`, `RUN/TASK/OUTPUT`. */
  | { readonly kind: "place"; readonly run: string; readonly rest: string };

/** Reads what a person wrote. Errors: SCANFLOW_LINEAGE_UNKNOWN for what begins like one of these and is none. */
export function parseSubject(text: string): Subject {
  const model = /^models:\/+([^/@]+)(?:\/([^/]+)|(@[^/]+))$/.exec(text);
  if (model) return { kind: "model", name: model[1] ?? "", reference: model[2] ?? model[3] ?? "" };
  const logged = /^runs:\/+([^/]+)(?:\/(.*))?$/.exec(text);
  if (logged) return { kind: "logged", runId: logged[1] ?? "", path: trimmed(logged[2] ?? "") };
  if (/^sha256:[0-9a-f]{8,64}$/.test(text)) return { kind: "digest", digest: text };
  if (/^(models|runs|sha256):/.test(text)) {
    throw new ScanflowError(
      "SCANFLOW_LINEAGE_UNKNOWN",
      `"${text}" is nothing that lineage can be asked of. Write models:/NAME/VERSION, models:/NAME@ALIAS, runs:/ID/PATH, or sha256: and at least 8 hexadecimal digits.`,
    );
  }
  const slash = text.indexOf("/");
  if (slash < 0) return { kind: "place", run: text, rest: "" };
  return { kind: "place", run: text.slice(0, slash), rest: trimmed(text.slice(slash + 1)) };
}

function trimmed(path: string): string {
  return path.replaceAll(/^\/+|\/+$/g, "");
}
