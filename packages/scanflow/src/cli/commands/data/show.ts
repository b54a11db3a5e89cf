import type { ShownData } from "../../../api/index.ts";
import type { CommandFunction } from "../../command.ts";
import { EXIT } from "../../exit-code.ts";
import type { Output } from "../../output.ts";
import { withClient } from "../../session.ts";
import { contentText } from "../../text/content.ts";
import { moment } from "../../text/moment.ts";
import { table } from "../../text/table.ts";

export const command: CommandFunction = async (call) => {
  const { output } = call;
  const [version = ""] = call.arguments;
  const shown = await withClient(call, (client) => client.data.show({ version }));
  if (output.json) output.document(shown);
  else print(shown, output);
  return EXIT.done;
};

function print({ dataset, version, here, versions }: ShownData, output: Output): void {
  const rows = [
    ["description", dataset.description],
    ["owner", dataset.owner],
    ["sensitivity", dataset.sensitivity],
    ["content", `${contentText(version)}, from ${version.fileName}`],
    ["digest", version.digest],
    ["here", here ? "yes" : `no: "scanflow data pull ${dataset.name}@${version.version}" fetches it`],
    ["added", `${moment(version.added)}${version.addedBy === null ? "" : ` by ${version.addedBy}`}`],
    ["note", version.note],
    ["versions", versions.join(", ")],
    [
      "columns",
      version.schema === null ? "unknown" : `${version.schema.columns.length}, as the first rows have them:`,
    ],
  ];
  output.line(output.style("bold", `${dataset.name}@${version.version}`));
  const told = rows.filter((row): row is [string, string] => Boolean(row[1]));
  for (const line of table(told)) output.line(line);
  for (const line of table(version.schema?.columns.map(({ name, type }) => ["", name, type]) ?? [])) {
    output.line(line);
  }
}
