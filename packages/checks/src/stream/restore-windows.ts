import { createJsonReader } from "../json/json-reader.ts";
import { resumeCountWindows } from "./count-windows.ts";
import { resumeTimeWindows } from "./time-windows.ts";
import type { StreamWindows } from "./window.ts";

const ACTION = "Start the windows anew, or take the state from a backup.";
const read = createJsonReader("SCANFLOW_DETECTOR_STATE_INVALID", "The state of windows", ACTION);

/**
 * Makes windows go on from their `state()`: they close as those that were saved would have.
 *
 * @param state the JSON text, or what `JSON.parse` made of it
 * @throws ChecksError SCANFLOW_DETECTOR_STATE_INVALID naming the field that is wrong
 */
export function restoreWindows(state: unknown): StreamWindows {
  const document = read.document(state);
  if (document.version !== 1) read.fail("version", document.version, "1, the only one this version reads");
  const options = read.object(document.options, "options");
  const memory = read.object(document.memory, "memory");
  if (document.windows === "count") return resumeCountWindows({ options, memory, read });
  if (document.windows === "time") return resumeTimeWindows({ options, memory, read });
  return read.fail("windows", document.windows, "count or time");
}
