import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { askBefore, perform, platformDiff } from "../../deploy/deployers/perform.ts";
import { deployers } from "../../deploy/deployers/table.ts";
import { writeFolder } from "../../deploy/index.ts";
import type { Call, CommandFunction } from "../command.ts";
import { type OpenExport, openExport } from "../deploy/open-export.ts";
import { printDiff } from "../deploy/print-diff.ts";
import type { Prepared } from "../deploy/read-deployment.ts";
import { telling } from "../deploy/telling.ts";
import { EXIT } from "../exit-code.ts";

export const command: CommandFunction = async (call) => {
  const opened = await openExport(call);
  const deployer = deployers[opened.target.name];
  await askBefore(deployer, opened, { brings: true });
  if (opened.diff) return compare(call, opened);
  await opened.write();
  await perform(deployer, deployer.up(opened), telling(call));
  print(call, opened);
  return EXIT.done;
};

/** By the platform's own tool where it can, else by the files that were deployed last; nothing is written. */
async function compare(call: Call, opened: OpenExport): Promise<0 | 1> {
  const deployer = deployers[opened.target.name];
  if (deployer.diff === undefined) return printDiff(call, await opened.compare(opened.folder));
  const draft = await mkdtemp(join(tmpdir(), "scanflow-deploy-"));
  try {
    await writeFolder(await opened.compare(draft));
    const step = deployer.diff({ ...opened, folder: draft });
    const changed = await platformDiff(deployer, step, { write: (text) => call.output.write(text) });
    return changed ? EXIT.failed : EXIT.done;
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
}

function print({ output }: Call, { target, deployment, shown, files }: Prepared): void {
  const { application, digest } = deployment;
  if (output.json) {
    output.document({ application, target: target.name, plan: digest, files: files.map(({ path }) => path) });
    return;
  }
  output.line(`Deployed ${application} to ${target.name}, by the files in ${shown}.`);
  output.line(`Take it away again with: scanflow undeploy ${target.name}`);
}
