import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeEach, expect, onTestFinished, test } from "vitest";

const provider = new URL("./provide-scanflow.ts", import.meta.url).href;
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "scanflow-provide-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
});

/** Imports a file of an application in a process of its own, and gives what it prints. */
function imported(source: string): string {
  writeFileSync(join(folder, "application.ts"), source);
  writeFileSync(
    join(folder, "main.ts"),
    `import { provideScanflow } from ${JSON.stringify(provider)};
    provideScanflow();
    await import("./application.ts").catch((error) => console.log(error.code));`,
  );
  return execFileSync(process.execPath, ["--conditions=source", join(folder, "main.ts")], {
    encoding: "utf8",
  }).trim();
}

test("a file outside any installation imports the scanflow that runs, and what it is made of", () => {
  const checks = 'import { profileColumns } from "@scanflow/checks"; console.log(typeof profileColumns);';
  expect(imported(checks)).toBe("function");
  expect(imported('import { application } from "scanflow"; console.log(typeof application);')).toBe(
    "function",
  );
});

test("an installation of the application's own comes first", () => {
  mkdirSync(join(folder, "node_modules/scanflow"), { recursive: true });
  writeFileSync(
    join(folder, "node_modules/scanflow/package.json"),
    '{"type": "module", "exports": "./index.js"}',
  );
  writeFileSync(join(folder, "node_modules/scanflow/index.js"), "export const own = 'own';");
  expect(imported('import { own } from "scanflow"; console.log(own);')).toBe("own");
});

test("other packages that are not installed are missing, and parts of scanflow that it does not have too", () => {
  expect(imported('import "scanflow-not-there";')).toBe("ERR_MODULE_NOT_FOUND");
  expect(imported('import "scanflow/not-there";')).toBe("ERR_PACKAGE_PATH_NOT_EXPORTED");
});
