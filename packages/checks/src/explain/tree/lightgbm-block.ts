import { ChecksError } from "../../errors.ts";

/** A block of `key=value` lines of a model file. */
export interface LightgbmBlock {
  /** For messages, such as "tree 3". */
  readonly place: string;
  readonly fields: ReadonlyMap<string, string>;
}

export function fieldsOf(block: string): Map<string, string> {
  const fields = new Map<string, string>();
  for (const line of block.split(/\r?\n/)) {
    const equals = line.indexOf("=");
    if (equals > 0) fields.set(line.slice(0, equals), line.slice(equals + 1));
    else if (line.trim() !== "") fields.set(line.trim(), "");
  }
  return fields;
}

export function textField({ place, fields }: LightgbmBlock, name: string): string {
  const value = fields.get(name);
  if (value === undefined) throw broken(place, `has no "${name}"`);
  return value;
}

export function wholeField(block: LightgbmBlock, name: string): number {
  const value = Number(textField(block, name));
  if (Number.isSafeInteger(value) && value >= 0) return value;
  throw broken(block.place, `has the "${name}" ${block.fields.get(name)}`);
}

export function broken(
  place: string,
  found: string,
  action = "Save the model again from LightGBM.",
): ChecksError {
  return new ChecksError("SCANFLOW_TREES_INVALID", `LightGBM model: ${place} ${found}. ${action}`);
}

/** @param length how many numbers belong there */
export function numbersField(block: LightgbmBlock, name: string, length: number): number[] {
  const text = length === 0 ? "" : textField(block, name).trim();
  const values = text === "" ? [] : text.split(/\s+/).map(numberOf);
  if (values.length !== length) {
    throw broken(block.place, `has ${values.length} numbers in "${name}" where ${length} belong`);
  }
  const wrong = values.findIndex((value) => Number.isNaN(value));
  if (wrong >= 0) throw broken(block.place, `has something that is no number in "${name}", place ${wrong}`);
  return values;
}

/** As C++ writes it: a split above the last bin has the threshold `inf`. */
function numberOf(text: string): number {
  return Number(text.replace(/^(-?)inf$/i, "$1Infinity"));
}
