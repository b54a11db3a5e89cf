import { parseDataName } from "../data-name.ts";
import type { InputSource, Reference } from "../definition.ts";
import type { NodeDocument } from "../document/document.ts";
import { at, type Reading, readMapping } from "./context.ts";

type WrittenInput = NonNullable<NodeDocument<"executor">["inputs"]>[string];

/** `split.train` or `inputs.train`; undefined when it is neither, which is reported. */
function readReference(text: string, { path, report }: Reading): Reference | undefined {
  const dot = text.lastIndexOf(".");
  const [node, output] = [text.slice(0, Math.max(0, dot)), text.slice(dot + 1)];
  if (node !== "" && output !== "" && !/[.\s/\\[\](){}"']/.test(node + output)) {
    return node === "inputs" ? { kind: "input", name: output } : { kind: "output", node, output };
  }
  const shown = JSON.stringify(text.slice(0, 80));
  const hint = /[/\\]/.test(text)
    ? `write {file: ${shown}} for a file`
    : "write node.output for an output of a node beside it, or inputs.name for an input of the workflow around it";
  report({ code: "SCANFLOW_REFERENCE_INVALID", message: `${shown} is not a reference: ${hint}`, path });
  return undefined;
}

export function readInputs(
  written: Readonly<Record<string, WrittenInput>> | undefined,
  reading: Reading,
): Record<string, InputSource> {
  return readSources(written, at(reading, "inputs"));
}

/** Inputs of a node, or outputs of a branch. */
export function readSources(
  written: Readonly<Record<string, WrittenInput>> | undefined,
  reading: Reading,
): Record<string, InputSource> {
  return readMapping(written, (source, name) => readSource(source, at(reading, name)));
}

/** What cannot be read stands as a file, so that it is not reported as missing as well. */
function readSource(written: WrittenInput, reading: Reading): InputSource {
  if (typeof written === "string") return readReference(written, reading) ?? { kind: "file", path: written };
  if ("file" in written) return { kind: "file", path: written.file };
  if ("data" in written) return readData(written.data, at(reading, "data"));
  const of = written.first.flatMap((text, position) => {
    const reference = readReference(text, at(reading, "first", position));
    return reference ? [reference] : [];
  });
  return { kind: "first", of };
}

function readData(text: string, { path, report }: Reading): InputSource {
  const name = parseDataName(text);
  if (name) return { kind: "data", ...name };
  const message = `${JSON.stringify(text.slice(0, 120))} names no data: write the name of a dataset, such as digits, or of a version of it, such as digits@2`;
  report({ code: "SCANFLOW_REFERENCE_INVALID", message, path });
  return { kind: "file", path: text };
}

/** Outputs of a workflow. */
export function readReferences(
  written: Readonly<Record<string, string>> | undefined,
  reading: Reading,
): Record<string, Reference> {
  return readMapping(written, (text, name) => readReference(text, at(reading, "outputs", name)));
}
