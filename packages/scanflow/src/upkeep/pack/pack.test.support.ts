import { chmod, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type Plan, planWorkflow } from "@scanflow/core";
import { loadApplication } from "../../config/index.ts";
import { type TestRooms, temporaryFolder } from "../upkeep.test.support.ts";
import { type PackOptions, pack } from "./pack.ts";

export const config = `
application: app
main: main
workflows:
  main:
    nodes:
      a: { run: "sh steps/a.sh", inputs: { raw: { file: data/raw.csv } }, outputs: { folder: { type: folder } } }
      b: { run: "echo b; cat {{inputs.x}}/deep/x > {{outputs.y}}", inputs: { x: a.folder }, outputs: [y] }
  other:
    nodes: { c: { run: "echo other" } }
`;

/** The folder of a small application with what should and should not be packed. */
export async function application(): Promise<string> {
  const root = join(await temporaryFolder(), "here");
  await mkdir(join(root, "steps"), { recursive: true });
  await mkdir(join(root, "data"));
  await mkdir(join(root, "node_modules/x"), { recursive: true });
  await writeFile(join(root, "scanflow.yaml"), config);
  const step =
    'echo a; mkdir -p "$SCANFLOW_OUTPUT_FOLDER/deep"; cp "$SCANFLOW_INPUT_RAW" "$SCANFLOW_OUTPUT_FOLDER/deep/x"';
  await writeFile(join(root, "steps/a.sh"), step);
  await chmod(join(root, "steps/a.sh"), 0o755);
  await writeFile(join(root, "data/raw.csv"), "1,2\n");
  await writeFile(join(root, "data/other.csv"), "not needed");
  await writeFile(join(root, ".gitignore"), "*.csv\n");
  await writeFile(join(root, ".env"), "SECRET=1");
  await writeFile(join(root, "node_modules/x/index.js"), "0");
  return root;
}

export async function planAt(root: string, workflow = "main"): Promise<Plan> {
  return planWorkflow((await loadApplication(join(root, "scanflow.yaml"))).application, workflow);
}

export function packed(rooms: TestRooms, options: Partial<PackOptions> = {}) {
  const out = join(rooms.folder.root, "../app.scanflow.tgz");
  return pack(rooms, { out, runs: [], artifacts: false, version: "0.1.0", ...options });
}
