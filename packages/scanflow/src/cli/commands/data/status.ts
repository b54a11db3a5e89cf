import { relative } from "node:path";
import { z } from "zod";
import type { DataStatus, DatasetStatus } from "../../../api/index.ts";
import type { Call, CommandFunction } from "../../command.ts";
import { EXIT } from "../../exit-code.ts";
import type { Output, Style } from "../../output.ts";
import { readOptions } from "../../read-options.ts";
import { withClient } from "../../session.ts";
import { table } from "../../text/table.ts";

const Options = z.object({ remote: z.union([z.literal(true), z.string()]).optional() });

export const command: CommandFunction = async (call) => {
  const { remote } = readOptions(Options, call.options);
  const { output } = call;
  const asked = remote === true ? { lastRemote: true } : { remote };
  const status = await withClient(call, (client) => client.data.status(asked));
  if (output.json) output.document(status);
  else print(status, call);
  return EXIT.done;
};

const STYLES: Readonly<Record<DatasetStatus["state"], Style>> = {
  unchanged: "green",
  changed: "yellow",
  gone: "red",
  unreadable: "red",
  unplaced: "dim",
};

function print({ remote, datasets }: DataStatus, { output, directory }: Call): void {
  if (datasets.length === 0) {
    output.line('No versions of data yet. Add a file or a folder with "scanflow data add PATH".');
    return;
  }
  const head = ["DATASET", "STATE", "PATH", ...(remote === null ? [] : ["NOT PUSHED"])];
  const rows = datasets.map((one) => [
    `${one.dataset}@${one.version}`,
    stateText(one, output),
    placeText(one, directory),
    one.unpushed?.map((version) => `${one.dataset}@${version}`).join(", ") ?? "",
  ]);
  for (const line of table([head.map((title) => output.style("dim", title)), ...rows])) output.line(line);
  for (const { dataset, problem } of datasets) {
    if (problem !== null) output.line(`${dataset}: ${problem}`);
  }
  if (remote !== null) output.line(`Remote: ${remote}`);
  for (const hint of hints(datasets)) output.line(hint);
}

function stateText({ dataset, state, holds }: DatasetStatus, output: Output): string {
  const told = state === "changed" && holds !== null ? `${state} (is ${dataset}@${holds})` : state;
  return output.style(STYLES[state], told);
}

function placeText({ path }: DatasetStatus, directory: string): string {
  if (path === null) return "(not added here)";
  const way = relative(directory, path);
  return way.startsWith("..") ? path : way || ".";
}

function hints(datasets: readonly DatasetStatus[]): string[] {
  const has = (test: (one: DatasetStatus) => boolean) => datasets.some(test);
  return [
    ...(has(({ state, holds }) => state === "changed" && holds === null)
      ? ['"scanflow data add PATH --name NAME" keeps what changed as the next version.']
      : []),
    ...(has(({ state }) => state === "gone")
      ? ['"scanflow data get NAME PATH" puts what is gone back.']
      : []),
    ...(has(({ unpushed }) => (unpushed ?? []).length > 0)
      ? ['"scanflow data push" sends what is not pushed.']
      : []),
  ];
}
