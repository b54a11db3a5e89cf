import { followMessages, type Message, type Of } from "../follow-messages.ts";
import type { Output } from "../output.ts";
import { LiveRegion } from "../progress/live-region.ts";
import { counted } from "../text/counted.ts";
import { size } from "../text/size.ts";

/** What is over by then shows no progress. */
const patienceMs = 500;
/** How often the progress is drawn again. */
const everyMs = 100;

/** Hears a work to its end; on a terminal its progress is shown if it takes a while. Errors: those of the work. */
export async function showProgress<M extends Message>(
  output: Output,
  messages: AsyncIterable<M>,
  text: (progress: Of<M, "progress">) => string,
): Promise<Of<M, "done">> {
  const region = output.terminal && !output.json ? new LiveRegion(output.out) : null;
  let due = performance.now() + patienceMs;
  try {
    return await followMessages(messages, (progress) => {
      if (performance.now() < due) return;
      due = performance.now() + everyMs;
      region?.draw([text(progress)]);
    });
  } finally {
    region?.close({ keep: false });
  }
}

interface Amounts {
  readonly files: number;
  readonly ofFiles: number;
  readonly bytes: number;
  readonly ofBytes: number;
}

/** How far a work is: `3 of 12 files, 1.0 MiB of 1.4 MiB`; of one file, only the bytes. */
export function amountText({ files, ofFiles, bytes, ofBytes }: Amounts): string {
  const told = `${size(bytes)} of ${size(ofBytes)}`;
  return ofFiles === 1 ? told : `${files} of ${counted(ofFiles, "file")}, ${told}`;
}
