import { z } from "zod";
import type { StreamSummary } from "../../../data/stream/index.ts";
import type { CommandFunction } from "../../command.ts";
import { EXIT } from "../../exit-code.ts";
import type { Output } from "../../output.ts";
import { readOptions } from "../../read-options.ts";
import { storeOption, withStreams } from "../../stream/open-streams.ts";
import { duration } from "../../text/duration.ts";
import { moment } from "../../text/moment.ts";
import { table } from "../../text/table.ts";

const Options = z.object(storeOption);
const MS_PER_DAY = 86_400_000;

export const command: CommandFunction = async (call) => {
  const { store } = readOptions(Options, call.options);
  const { output } = call;
  const streams = await withStreams(call, store, (log) => log.list());
  if (output.json) output.document(streams);
  else if (streams.length === 0)
    output.line('No streams yet. Append to one with "scanflow stream append NAME FILE".');
  else for (const line of listed(streams, output)) output.line(line);
  return EXIT.done;
};

function listed(streams: readonly StreamSummary[], output: Output): string[] {
  const head = ["STREAM", "RECORDS", "LAST TIME", "KEPT", "CONSUMERS"];
  const rows = streams.map((one) => [
    one.stream,
    String(one.records),
    one.lastTimeMs === null ? "" : moment(one.lastTimeMs),
    keptText(one),
    one.consumers.map(({ consumer, behind }) => `${consumer} (${behindText(behind)})`).join(", "),
  ]);
  return table([head.map((title) => output.style("dim", title)), ...rows]);
}

function keptText({ keepRecords, keepMs }: StreamSummary): string {
  const limits = [
    keepRecords === null ? null : `last ${keepRecords}`,
    keepMs === null ? null : `for ${spanText(keepMs)}`,
  ].filter((limit) => limit !== null);
  return limits.length === 0 ? "all" : limits.join(", ");
}

function behindText(behind: number): string {
  return behind === 0 ? "up to date" : `${behind} behind`;
}

function spanText(ms: number): string {
  return ms % MS_PER_DAY === 0 ? `${ms / MS_PER_DAY} d` : duration(ms);
}
