import { execFile } from "node:child_process";
import { symlinkSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

/** Lets configs in a folder import the packages of the workspace. */
export function linkPackages(folder: string): void {
  symlinkSync(
    fileURLToPath(new URL("../../../../node_modules", import.meta.url)),
    join(folder, "node_modules"),
  );
}

/**
 * What loading a config gives: the application, or the error's code, message and place. The test runner transforms
 * what it imports; a process of its own does not.
 */
export async function loadInNode(file: string): Promise<Record<string, unknown>> {
  const code = `
    import { loadApplication } from ${JSON.stringify(new URL("./load-application.ts", import.meta.url).href)};
    const found = await loadApplication(process.argv[1]).then(
      ({ application }) => application,
      ({ code, message, place }) => ({ code, message, place }),
    );
    console.log(JSON.stringify(found));`;
  const args = ["--conditions=source", "--input-type=module", "-e", code, file];
  const { stdout } = await promisify(execFile)(process.execPath, args);
  return JSON.parse(stdout);
}
