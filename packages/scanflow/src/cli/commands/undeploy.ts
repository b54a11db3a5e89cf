import { z } from "zod";
import { askBefore, takeDown } from "../../deploy/deployers/perform.ts";
import { deployers } from "../../deploy/deployers/table.ts";
import type { CommandFunction } from "../command.ts";
import { askYes, requirePerson } from "../confirm.ts";
import { prepareDeployment, TargetOptions } from "../deploy/read-deployment.ts";
import { telling } from "../deploy/telling.ts";
import { EXIT } from "../exit-code.ts";
import { readOptions } from "../read-options.ts";

const Options = TargetOptions.pick({ namespace: true }).extend({
  out: z.string().min(1, "must be a folder").optional(),
  volumes: z.boolean().default(false),
  yes: z.boolean().default(false),
});

export const command: CommandFunction = async (call) => {
  const { out, volumes, yes, ...options } = readOptions(Options, call.options);
  const { output } = call;
  const [target = "", workflow] = call.arguments;
  const prepared = await prepareDeployment(call, { target, workflow, out, options, runs: false });
  const { application } = prepared.deployment;
  if (volumes && !yes) {
    requirePerson(output);
    await askYes(`Remove ${application} from ${prepared.target.name} with its runs, models and artifacts?`);
  }
  const deployer = deployers[prepared.target.name];
  await askBefore(deployer, prepared, { brings: false });
  await takeDown(deployer, prepared, { volumes, ...telling(call) });
  if (output.json) output.document({ application, target: prepared.target.name, volumes });
  else {
    const kept = volumes ? "" : " Its volumes are still there; --volumes removes them, too.";
    output.line(`Removed ${application} from ${prepared.target.name}.${kept}`);
  }
  return EXIT.done;
};
