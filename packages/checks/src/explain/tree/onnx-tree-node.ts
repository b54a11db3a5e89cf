import { ChecksError } from "../../errors.ts";
import type { OnnxAttribute, OnnxNode } from "../../onnx/model.ts";

/** Reads the attributes of one tree operator, each of its kind. */
export interface TreeNodeReader {
  fail(found: string): never;
  /** Whole numbers; empty when left out. @param length how many there must be */
  ints(name: string, length?: number): readonly number[];
  /** Numbers, of 32 bits in `name` or of any size in `name_as_tensor`. */
  numbers(name: string, length?: number): readonly number[];
  texts(name: string, length?: number): readonly string[];
  int(name: string, otherwise: number): number;
  text(name: string, otherwise: string): string;
  hasText(name: string): boolean;
}

const ACTION = "Convert the model again, such as with skl2onnx or onnxmltools.";

export function treeNodeReader({ op, attributes }: OnnxNode): TreeNodeReader {
  function fail(found: string): never {
    throw new ChecksError("SCANFLOW_TREES_INVALID", `ONNX model: ${op} ${found}. ${ACTION}`);
  }

  function listOf(name: string): readonly (number | string)[] {
    const attribute: OnnxAttribute | undefined = attributes[name] ?? attributes[`${name}_as_tensor`];
    if (attribute === undefined) return [];
    if (attribute.kind === "tensor") return Array.from<unknown, number>(attribute.value.values, Number);
    if (attribute.kind === "ints" || attribute.kind === "floats" || attribute.kind === "strings") {
      return Array.from(attribute.value as ArrayLike<number | string>);
    }
    return fail(`has a ${attribute.kind} in "${name}", not a list`);
  }

  function checked(name: string, length: number | undefined): readonly (number | string)[] {
    const list = listOf(name);
    if (length === undefined || list.length === length) return list;
    return fail(`has ${list.length} values in "${name}" where ${length} belong`);
  }

  function numbers(name: string, length?: number): readonly number[] {
    return checked(name, length).map((value) =>
      typeof value === "number" ? value : fail(`has texts in "${name}", not numbers`),
    );
  }

  return {
    fail,
    numbers,
    ints(name, length) {
      const list = numbers(name, length);
      const wrong = list.find((value) => !Number.isSafeInteger(value));
      return wrong === undefined ? list : fail(`has ${wrong} in "${name}", not a whole number`);
    },
    texts: (name, length) => checked(name, length).map(String),
    int(name, otherwise) {
      const attribute = attributes[name];
      if (attribute === undefined) return otherwise;
      return attribute.kind === "int"
        ? attribute.value
        : fail(`has a ${attribute.kind} in "${name}", not a number`);
    },
    hasText: (name) => attributes[name]?.kind === "string",
    text(name, otherwise) {
      const attribute = attributes[name];
      if (attribute === undefined) return otherwise;
      return attribute.kind === "string"
        ? attribute.value
        : fail(`has a ${attribute.kind} in "${name}", not a text`);
    },
  };
}
