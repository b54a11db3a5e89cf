import { z } from "zod";
import type { Dataset, DataVersion } from "../../../api/index.ts";
import type { CommandFunction } from "../../command.ts";
import { EXIT } from "../../exit-code.ts";
import type { Output } from "../../output.ts";
import { readOptions } from "../../read-options.ts";
import { withClient } from "../../session.ts";
import { moment } from "../../text/moment.ts";
import { size } from "../../text/size.ts";
import { table } from "../../text/table.ts";

const Options = z.object({ versions: z.boolean().default(false) });

export const command: CommandFunction = async (call) => {
  const { versions } = readOptions(Options, call.options);
  const { output } = call;
  const query = call.arguments.join(" ");
  const datasets = await withClient(call, (client) => client.data.list({ query }));
  if (output.json) output.document(datasets);
  else if (datasets.length === 0) output.line(noDatasets(query));
  else for (const line of listed(datasets, versions, output)) output.line(line);
  return EXIT.done;
};

function noDatasets(query: string): string {
  if (query !== "") return `No dataset has "${query}".`;
  return 'No datasets yet. Add a file or a folder with "scanflow data add PATH".';
}

function listed(datasets: readonly Dataset[], all: boolean, output: Output): string[] {
  const head = ["DATASET", "KIND", "SIZE", "FILES", "SENSITIVITY", "OWNER", "ADDED", "BY", "NOTE"];
  const rows = datasets.flatMap((dataset) => {
    const { versions } = dataset;
    if (versions.length === 0) return [[dataset.name, "no versions here"]];
    return (all ? versions : versions.slice(0, 1)).map((version) => row(dataset, version));
  });
  return table([head.map((title) => output.style("dim", title)), ...rows]);
}

function row({ name, sensitivity, owner }: Dataset, version: DataVersion): string[] {
  return [
    `${name}@${version.version}`,
    version.kind,
    size(version.size),
    String(version.files),
    sensitivity,
    owner ?? "",
    moment(version.added),
    version.addedBy ?? "",
    version.note ?? "",
  ];
}
