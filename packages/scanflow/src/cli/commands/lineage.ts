import { graphSvg } from "@scanflow/core";
import { z } from "zod";
import type { Lineage } from "../../api/index.ts";
import {
  lineageMermaid,
  lineagePicture,
  openedTracker,
  restTracker,
  traceInTracker,
} from "../../lineage/index.ts";
import type { CommandFunction } from "../command.ts";
import { EXIT } from "../exit-code.ts";
import { lineageDetails } from "../lineage/lineage-details.ts";
import { lineageTree } from "../lineage/lineage-tree.ts";
import { LineageView } from "../lineage/lineage-view.ts";
import { deliverPicture, formatOfFile, PictureFormat } from "../picture-file.ts";
import { readOptions } from "../read-options.ts";
import { withClient } from "../session.ts";
import { isServerUrl, wholePlace } from "../tracker-options.ts";
import { hasApplication } from "../tracker-upkeep.ts";
import { codedUsageError } from "../usage-error.ts";

const Options = z.object({
  format: PictureFormat.optional(),
  out: z.string().min(1).optional(),
  all: z.boolean().default(false),
  tracker: z.string().min(1).optional(),
  store: z.string().min(1).optional(),
});

export const command: CommandFunction = async (call) => {
  const { format, out, all, store, tracker = store } = readOptions(Options, call.options);
  const { output } = call;
  const chosen = format ?? (out === undefined ? undefined : formatOfFile(out));
  const [subject = ""] = call.arguments;
  if (tracker === undefined && !hasApplication(call)) throw codedUsageError(unplaced);
  const lineage =
    tracker === undefined
      ? await withClient(call, (client) => client.lineage.show({ subject }))
      : await inTracker(tracker, call.directory, subject);
  if (chosen !== undefined) {
    const text = await draw(lineage, chosen);
    await deliverPicture(output, { text, format: chosen, out });
    return EXIT.done;
  }
  if (output.json) output.document(lineage);
  else {
    const view = new LineageView(lineage);
    for (const line of lineageTree(view, { all })) output.line(line);
    for (const line of lineageDetails(view, output, { all })) output.line(line);
  }
  return EXIT.done;
};

const unplaced =
  "This folder belongs to no application. Go to one (scanflow -C FOLDER), or say which tracker to ask: --tracker http://127.0.0.1:5000.";

/** A server is asked by its API, a database is opened here. */
async function inTracker(tracker: string, folder: string, subject: string): Promise<Lineage> {
  if (isServerUrl(tracker)) return traceInTracker(restTracker(tracker), subject);
  const { withTracking } = await import("@scanflow/tracking/server");
  const place = { ...wholePlace({ store: tracker }), folder, reads: true };
  return withTracking(place, (tracking) => traceInTracker(openedTracker(tracking), subject));
}

async function draw(lineage: Lineage, format: PictureFormat): Promise<string> {
  if (format === "json") return `${JSON.stringify(lineage, null, 2)}\n`;
  return format === "svg" ? graphSvg(lineagePicture(lineage)) : lineageMermaid(lineage);
}
