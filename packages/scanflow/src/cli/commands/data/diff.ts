import type { DataDifference } from "../../../api/index.ts";
import type { CommandFunction } from "../../command.ts";
import { EXIT } from "../../exit-code.ts";
import type { Output, Style } from "../../output.ts";
import { withClient } from "../../session.ts";
import { size } from "../../text/size.ts";
import { table } from "../../text/table.ts";

export const command: CommandFunction = async (call) => {
  const { output } = call;
  const [before = "", after] = call.arguments;
  const difference = await withClient(call, (client) => client.data.diff({ before, after }));
  if (output.json) output.document(difference);
  else print(difference, output);
  return EXIT.done;
};

type FileChange = DataDifference["files"][number];

const MARKS: Readonly<Record<FileChange["change"], readonly [string, Style]>> = {
  added: ["+", "green"],
  removed: ["-", "red"],
  changed: ["~", "yellow"],
};

function print({ before, after, equal, files }: DataDifference, output: Output): void {
  const [left, right] = [before, after].map(({ dataset, version }) => `${dataset}@${version}`);
  if (left === right) {
    output.line(`${left} is the first version here: there is none before it to compare with.`);
    return;
  }
  if (equal) {
    output.line(`${left} and ${right} have the same content.`);
    return;
  }
  output.line(output.style("bold", `${left} → ${right}`));
  const rows = files.map((file) => {
    const [mark, style] = MARKS[file.change];
    return [output.style(style, mark), file.path, sizeText(file), tableText(file.table)];
  });
  for (const line of table(rows)) output.line(line);
  const counts = Map.groupBy(files, ({ change }) => change);
  const told = (["added", "removed", "changed"] as const).map(
    (change) => `${counts.get(change)?.length ?? 0} ${change}`,
  );
  output.line(`Files: ${told.join(", ")}.`);
}

function sizeText({ sizeBefore, sizeAfter }: FileChange): string {
  const told = [sizeBefore, sizeAfter].flatMap((bytes) => (bytes === null ? [] : [size(bytes)]));
  return told.join(" → ");
}

function tableText(change: FileChange["table"]): string {
  if (change === null) return "";
  const { rowsBefore, rowsAfter, columnsBefore, columnsAfter, columnsAdded, columnsRemoved } = change;
  const names = [...columnsAdded.map((name) => `+${name}`), ...columnsRemoved.map((name) => `-${name}`)];
  const listed = names.length === 0 ? "" : ` (${names.join(", ")})`;
  return `rows ${rowsBefore} → ${rowsAfter}, columns ${columnsBefore} → ${columnsAfter}${listed}`;
}
