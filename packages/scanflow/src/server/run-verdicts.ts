import { text } from "node:stream/consumers";
import { parseVerdict } from "@scanflow/checks";
import type { TaskVerdict } from "../api/index.ts";
import type { RunRow } from "../engine/index.ts";
import { resolveTask } from "./resolve-task.ts";
import type { OwnerRooms } from "./rooms.ts";

/** The verdicts that a run's checkers wrote, in the order of its tasks. Errors: SCANFLOW_TASK_UNKNOWN of `only`. */
export async function runVerdicts(
  { engine, artifacts }: OwnerRooms,
  { run }: RunRow,
  only: string | null,
): Promise<TaskVerdict[]> {
  const scheduler = await engine.scheduler(run);
  const { plan, state } = scheduler;
  const wanted = only === null ? null : resolveTask(scheduler, only);
  const written = state.tasks.flatMap(({ id, template, outputs }) => {
    const { verdict } = outputs;
    const isChecker = plan.tasks[template]?.kind === "checker";
    return isChecker && verdict !== undefined && (wanted === null || wanted === id) ? [{ id, verdict }] : [];
  });
  return Promise.all(
    written.map(async ({ id, verdict }) => {
      const { stream } = await artifacts.open(verdict);
      const { figures = [], ...found } = parseVerdict(JSON.parse(await text(stream)));
      return { task: id, ...found, figures: figures.map((figure) => JSON.parse(JSON.stringify(figure))) };
    }),
  );
}
