import type { Locate, Path } from "@scanflow/core";
import { ScanflowError } from "@scanflow/core";
import { isScalar, LineCounter, parseDocument } from "yaml";
import { checkKeys } from "./check-keys.ts";
import { keepFloats } from "./keep-floats.ts";
import { locateIn } from "./locate.ts";
import { readText } from "./read-text.ts";

const MOST_LISTED = 20;

/** A written config: its plain data, and where in the file each part of it stands. */
export interface YamlConfig {
  readonly document: unknown;
  readonly locate: Locate;
  /** The text of the plain value that stands at a path; undefined where there is none. */
  readonly textAt: (path: Path) => string | undefined;
}

/** Throws `SCANFLOW_CONFIG_UNREADABLE` and `SCANFLOW_CONFIG_SYNTAX`. */
export async function readYaml(file: string): Promise<YamlConfig> {
  return parseYaml(await readText(file), file);
}

/** Throws `SCANFLOW_CONFIG_SYNTAX`, whose message lists every error with line and column. */
export function parseYaml(text: string, file: string): YamlConfig {
  const lines = new LineCounter();
  const at = (offset: number) => {
    const { line, col } = lines.linePos(offset);
    return { line, column: col };
  };
  try {
    const parsed = parseDocument(text, {
      lineCounter: lines,
      prettyErrors: false,
      uniqueKeys: false,
      logLevel: "error",
    });
    // An unknown tag is only a warning to the parser, but its value would be taken for plain text.
    const found = [...parsed.errors, ...parsed.warnings].map(({ message, pos }) => ({
      message,
      offset: pos[0],
    }));
    const errors = [...found, ...checkKeys(parsed)]
      .toSorted((a, b) => a.offset - b.offset)
      .map(({ message, offset }) => ({ message, ...at(offset) }));
    if (errors.length > 0) throw syntaxError(file, errors);
    const plain: unknown = parsed.toJS({ maxAliasCount: 100 });
    const textAt = (path: Path) => {
      const node = parsed.getIn(path, true);
      return isScalar(node) ? node.source : undefined;
    };
    return { document: keepFloats(parsed, plain), locate: locateIn(parsed, at), textAt };
  } catch (error) {
    if (error instanceof RangeError) throw notRead(file, "it is nested too deeply", error);
    if (error instanceof ReferenceError) throw notRead(file, error.message, error);
    throw error;
  }
}

interface YamlProblem {
  readonly message: string;
  readonly line: number;
  readonly column: number;
}

function syntaxError(file: string, errors: readonly YamlProblem[]): ScanflowError {
  const listed = errors
    .slice(0, MOST_LISTED)
    .map(({ message, line, column }) => `  ${file}:${line}:${column} ${message}`);
  if (errors.length > MOST_LISTED) listed.push(`  and ${errors.length - MOST_LISTED} more`);
  const [first] = errors;
  return new ScanflowError(
    "SCANFLOW_CONFIG_SYNTAX",
    `${file} is not YAML that can be read:\n${listed.join("\n")}\nCorrect it and try again.`,
    first && { place: { file, path: [], line: first.line, column: first.column } },
  );
}

function notRead(file: string, reason: string, cause: unknown): ScanflowError {
  const message = `${file} cannot be read as YAML: ${reason}. Write it out with less nesting and fewer aliases.`;
  return new ScanflowError("SCANFLOW_CONFIG_SYNTAX", message, { cause, place: { file, path: [] } });
}
