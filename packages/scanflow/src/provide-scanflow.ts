import { registerHooks } from "node:module";

let provided = false;

/** This package, and those of ours that it is made of. */
const ours = /^(scanflow|@scanflow\/(core|tracking|checks))(\/|$)/;

/**
 * Lets the files of an application import `scanflow` and `@scanflow/…` wherever it lies: where no installation of its
 * own is found, it is the Scanflow that runs. Holds for the calling thread.
 */
export function provideScanflow(): void {
  if (provided) return;
  provided = true;
  registerHooks({
    resolve(specifier, context, next) {
      if (!ours.test(specifier)) return next(specifier, context);
      try {
        return next(specifier, context);
      } catch (error) {
        if (!isMissing(error)) throw error;
        return next(specifier, { ...context, parentURL: import.meta.url });
      }
    },
  });
}

function isMissing(error: unknown): boolean {
  return (
    error instanceof Error &&
    "code" in error &&
    (error.code === "ERR_MODULE_NOT_FOUND" || error.code === "MODULE_NOT_FOUND")
  );
}
