import { planText } from "@scanflow/core";
import { readPlan } from "../application-plan.ts";
import type { CommandFunction } from "../command.ts";
import { EXIT } from "../exit-code.ts";

export const command: CommandFunction = async (call) => {
  const { output } = call;
  const plan = await readPlan(call, call.arguments[0], { needs: true });
  if (output.json) output.document(plan);
  else output.write(planText(plan));
  return EXIT.done;
};
