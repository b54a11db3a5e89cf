import { ChecksError } from "../errors.ts";
import type { JsonObject } from "../json/json.ts";
import { createJsonReader, type JsonReader } from "../json/json-reader.ts";
import { adwinKind } from "./adwin.ts";
import { cusumKind } from "./cusum.ts";
import { ddmKind } from "./ddm.ts";
import { createDetector, type DetectorKind, resumeDetector } from "./detector-kind.ts";
import { eddmKind } from "./eddm.ts";
import { hddmAKind } from "./hddm-a.ts";
import { hddmWKind } from "./hddm-w.ts";
import { kswinKind } from "./kswin.ts";
import { pageHinkleyKind } from "./page-hinkley.ts";
import type { StreamDetector, StreamDetectorName } from "./stream-detector.ts";

interface BuiltIn {
  create(options: Readonly<Record<string, unknown>>): StreamDetector;
  resume(state: JsonObject, read: JsonReader): StreamDetector;
}

const builtIns: Readonly<Record<StreamDetectorName, BuiltIn>> = {
  adwin: builtInOf(adwinKind),
  "page-hinkley": builtInOf(pageHinkleyKind),
  cusum: builtInOf(cusumKind),
  ddm: builtInOf(ddmKind),
  eddm: builtInOf(eddmKind),
  "hddm-a": builtInOf(hddmAKind),
  "hddm-w": builtInOf(hddmWKind),
  kswin: builtInOf(kswinKind),
};

function builtInOf<Options extends object, Memory extends object>(
  kind: DetectorKind<Options, Memory>,
): BuiltIn {
  return {
    create: (options) => createDetector(kind, options),
    resume: (state, read) => resumeDetector(kind, state, read),
  };
}

/** The names of the built-in stream detectors. */
export const streamDetectorNames = Object.keys(builtIns) as readonly StreamDetectorName[];

/**
 * Makes a detector by its name, with options that may come from a file. In code, the function of that name says which
 * options there are.
 *
 * @throws ChecksError SCANFLOW_CHECK_OPTION_INVALID for a name that is none, and for an option out of range
 */
export function streamDetector(
  name: string,
  options: Readonly<Record<string, unknown>> = {},
): StreamDetector {
  const builtIn = builtInNamed(name);
  if (builtIn) return builtIn.create(options);
  const message = `There is no stream detector "${name}": use one of ${streamDetectorNames.join(", ")}.`;
  throw new ChecksError("SCANFLOW_CHECK_OPTION_INVALID", message);
}

const ACTION = "Start a new detector, or take the state from a backup.";
const read = createJsonReader("SCANFLOW_DETECTOR_STATE_INVALID", "The state of a stream detector", ACTION);

/**
 * Makes a detector go on from its `state()`: it answers as the one that was saved would have.
 *
 * @param state the JSON text, or what `JSON.parse` made of it
 * @throws ChecksError SCANFLOW_DETECTOR_STATE_INVALID naming the field that is wrong
 */
export function restoreDetector(state: unknown): StreamDetector {
  const document = read.document(state);
  if (document.version !== 1) read.fail("version", document.version, "1, the only one this version reads");
  const builtIn = builtInNamed(read.text(document.detector, "detector"));
  if (builtIn) return builtIn.resume(document, read);
  return read.fail("detector", document.detector, `one of ${streamDetectorNames.join(", ")}`);
}

function builtInNamed(name: string): BuiltIn | undefined {
  return Object.hasOwn(builtIns, name) ? builtIns[name as StreamDetectorName] : undefined;
}
