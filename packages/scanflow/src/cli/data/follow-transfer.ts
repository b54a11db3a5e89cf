import type { Client, DataTransfer } from "../../api/index.ts";
import type { Call } from "../command.ts";
import { EXIT, type ExitCode } from "../exit-code.ts";
import { followMessages } from "../follow-messages.ts";
import type { Output } from "../output.ts";
import { LiveRegion } from "../progress/live-region.ts";
import { withClient } from "../session.ts";
import { counted } from "../text/counted.ts";
import { size } from "../text/size.ts";

export interface TransferWords {
  readonly doing: "Sending" | "Fetching";
  readonly done: "sent" | "fetched";
  /** Where everything was already. */
  readonly already: "there" | "here";
  /** Said where there was nothing to do. */
  readonly nothing: string;
}

/** How often the progress is drawn again. */
const everyMs = 100;

type Progress = Extract<DataTransfer, { kind: "progress" }>;
type Done = Extract<DataTransfer, { kind: "done" }>;

/** Shows a push or a pull as it goes on, and what came of it. Errors: those of the transfer. */
export async function followTransfer(
  call: Call,
  words: TransferWords,
  begin: (client: Client) => AsyncIterable<DataTransfer>,
): Promise<ExitCode> {
  const { output } = call;
  const done = await withClient(call, (client) => follow(output, words, begin(client)));
  const { remote, moved } = done;
  if (output.json) output.document({ remote, moved });
  else print(output, words, done);
  return EXIT.done;
}

async function follow(
  output: Output,
  { doing }: TransferWords,
  messages: AsyncIterable<DataTransfer>,
): Promise<Done> {
  const region = output.terminal && !output.json ? new LiveRegion(output.out) : null;
  let drawn = Number.NEGATIVE_INFINITY;
  try {
    return await followMessages(messages, (progress) => {
      if (performance.now() - drawn < everyMs) return;
      drawn = performance.now();
      region?.draw([`${doing} ${progressText(progress)}`]);
    });
  } finally {
    region?.close({ keep: false });
  }
}

function progressText({ dataset, version, files, ofFiles, bytes, ofBytes }: Progress): string {
  return `${dataset}@${version}: ${files} of ${counted(ofFiles, "file")}, ${size(bytes)} of ${size(ofBytes)}`;
}

function print(output: Output, { done, already, nothing }: TransferWords, { remote, moved }: Done): void {
  for (const { dataset, version, objects, bytes } of moved) {
    const name = output.style("bold", `${dataset}@${version}`);
    output.line(
      objects === 0
        ? `${name}: all ${already} already`
        : `${name}: ${counted(objects, "object")} ${done}, ${size(bytes)}`,
    );
  }
  output.line(moved.length === 0 ? nothing : `Remote: ${remote}`);
}
