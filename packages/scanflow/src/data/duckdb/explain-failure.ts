import { ScanflowError } from "@scanflow/core";

/** What DuckDB said, as an error that names the file, the line where it knows it, and what to do. */
export function explainFailure(path: string, cause: unknown): unknown {
  if (cause instanceof ScanflowError || !(cause instanceof Error) || cause.name === "AbortError")
    return cause;
  const { message } = cause;
  const [, line] = /CSV Error on Line: (\d+)/.exec(message) ?? [];
  const place = line === undefined ? `"${path}"` : `"${path}" line ${line}`;
  const { problem, action } = explained(message);
  return new ScanflowError("SCANFLOW_DATA_UNREADABLE", `${place}: ${problem}. ${action}.`, { cause });
}

interface Explained {
  readonly problem: string;
  readonly action: string;
}

function explained(message: string): Explained {
  const [, column, value, type] =
    /when converting column "(.*?)"\. Could not convert string "(.*?)" to '(.*?)'/s.exec(message) ?? [];
  if (column !== undefined) {
    return {
      problem: `column "${column}" holds ${JSON.stringify(value)}, but its first rows are ${nounOf(type ?? "")}`,
      action:
        "Mend the value, name it as a text that means missing (--null), or read the column as text (--text)",
    };
  }
  const [, expected, found] = /Expected Number of Columns: (\d+) Found: (\d+)/.exec(message) ?? [];
  if (expected !== undefined) {
    return {
      problem: `the row has ${found} cells, the others have ${expected}`,
      action: "Mend the row, or name what stands between the cells (--delimiter)",
    };
  }
  if (/unterminated quote|quote should be followed/i.test(message)) {
    return {
      problem: "a quote is not closed, or stands within a cell",
      action: 'Mend the row: write "" for a quote within quotes',
    };
  }
  if (/not utf-8/i.test(message)) {
    return { problem: "it is no UTF-8 text", action: "Convert it, such as with iconv -f LATIN1 -t UTF-8" };
  }
  const [, byte] = /Malformed JSON in file .*?, at byte (\d+)/.exec(message) ?? [];
  if (byte !== undefined) {
    return { problem: `a line is no JSON (at its byte ${byte})`, action: "Mend it: one JSON object a line" };
  }
  const [, absent] = /Columns with names: "(.*?)" do not exist/s.exec(message) ?? [];
  if (absent !== undefined) {
    return { problem: `it has no column "${absent}" to be read as text`, action: "Correct --text" };
  }
  if (/reached an invalid state/.test(message)) {
    return {
      problem: "its lines end in two ways (\\n and \\r\\n), or it is no text",
      action: "Write it with one of them, such as by dos2unix",
    };
  }
  if (/when sniffing file/.test(message)) {
    return {
      problem: "it cannot be read as CSV",
      action: "Name what stands between the cells (--delimiter)",
    };
  }
  if (/No magic bytes|too small to be a Parquet|parquet/i.test(message)) {
    return {
      problem: `it is no whole Parquet file (${firstSentence(message)})`,
      action: "Write or fetch it again",
    };
  }
  if (/Missing Extension|requires the extension/i.test(message)) {
    return {
      problem: firstSentence(message),
      action: "The reader that is built in has no such extension: write the rows to CSV or Parquet first",
    };
  }
  if (/Out of Memory/i.test(message)) {
    return {
      problem: "reading it takes more memory than is allowed",
      action: "Read fewer columns (--columns), or smaller files",
    };
  }
  return { problem: firstSentence(message), action: "Correct the file, or how it is read" };
}

function firstSentence(message: string): string {
  const [first = message] = message.split("\n", 1);
  return first.replace(/^(?:[\w ]*(?:Error|statements): )+/, "").replace(/[.!\s]+$/, "");
}

function nounOf(type: string): string {
  if (/INT|DOUBLE|FLOAT|DECIMAL/.test(type)) return "numbers";
  if (/DATE|TIME/.test(type)) return "times";
  return type === "BOOLEAN" ? "true or false" : `of type ${type}`;
}
