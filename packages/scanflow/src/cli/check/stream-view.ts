import type { JsonObject, VerdictStatus } from "@scanflow/checks";
import type { Output } from "../output.ts";
import { moment } from "../text/moment.ts";
import { printable } from "../text/width.ts";
import { STATUS_STYLES } from "./check-view.ts";

/** What a task puts out, as far as it is shown. */
interface Told {
  readonly verdict: { readonly status: VerdictStatus; readonly message: string };
  readonly told: boolean;
  readonly window?: {
    readonly number: number;
    readonly records: number;
    readonly startMs: number | null;
    readonly late: number;
  };
}

/** Prints a verdict of a stream: a line for a person, its JSON for a program. Gives its status. */
export function tellVerdict(document: JsonObject, output: Output): VerdictStatus {
  const { verdict, told, window } = document as unknown as Told;
  if (output.json) {
    output.line(JSON.stringify(document));
    return verdict.status;
  }
  const [mark, style] = STATUS_STYLES[verdict.status];
  const [first = "", ...more] = verdict.message.split("\n");
  const quiet = verdict.status === "alarm" && !told ? " (cooling down)" : "";
  const place = window === undefined ? "" : ` ${windowText(window)}`;
  output.line(`${output.style(style, `${mark} ${verdict.status}`)}${place}${quiet}: ${printable(first)}`);
  for (const line of more) output.line(`  ${printable(line)}`);
  return verdict.status;
}

function windowText({ number, records, startMs, late }: NonNullable<Told["window"]>): string {
  const from = startMs === null ? "" : ` from ${moment(startMs)}`;
  const lateText = late === 0 ? "" : `, ${late} late before it`;
  return `window ${number}${from} (${records} records${lateText})`;
}
