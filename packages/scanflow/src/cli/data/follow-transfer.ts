import type { Client, DataTransfer } from "../../api/index.ts";
import type { Call } from "../command.ts";
import { EXIT, type ExitCode } from "../exit-code.ts";
import type { Output } from "../output.ts";
import { withTransfer } from "../session.ts";
import { counted } from "../text/counted.ts";
import { size } from "../text/size.ts";
import { amountText, showProgress } from "./show-progress.ts";

export interface TransferWords {
  readonly doing: "Sending" | "Fetching";
  readonly done: "sent" | "fetched";
  /** Where everything was already. */
  readonly already: "there" | "here";
  /** Said where there was nothing to do. */
  readonly nothing: string;
}

type Done = Extract<DataTransfer, { kind: "done" }>;

/** Shows a push or a pull as it goes on, and what came of it. Errors: those of the transfer. */
export async function followTransfer(
  call: Call,
  words: TransferWords,
  begin: (client: Client) => AsyncIterable<DataTransfer>,
): Promise<ExitCode> {
  const { output } = call;
  const done = await withTransfer(call, (client) =>
    showProgress(
      output,
      begin(client),
      (at) => `${words.doing} ${at.dataset}@${at.version}: ${amountText(at)}`,
    ),
  );
  const { remote, moved } = done;
  if (output.json) output.document({ remote, moved });
  else print(output, words, done);
  return EXIT.done;
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
