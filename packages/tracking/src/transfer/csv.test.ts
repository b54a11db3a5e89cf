import fc from "fast-check";
import { expect, test } from "vitest";
import { csvRow } from "./csv.ts";

test("fields with commas, quotes and line breaks stand in quotes, others do not", () => {
  expect(csvRow(["a", 'say "hi"', "1,5", "two\nlines", 0.25, null, undefined])).toBe(
    'a,"say ""hi""","1,5","two\nlines",0.25,,\r\n',
  );
});

test("what a spreadsheet would take for a formula gets an apostrophe, and numbers do not", () => {
  expect(csvRow(["=1+1", "+A1", "-A1", "@SUM(A1)", "\t=1", "-0.5", "+1e-3", -2])).toBe(
    "'=1+1,'+A1,'-A1,'@SUM(A1),'\t=1,-0.5,+1e-3,-2\r\n",
  );
});

test("a row gives back its fields when it is read by the rules", () => {
  const field = fc.string().map((text) => text.replace(/^[=+\-@\t\r']+/, ""));
  fc.assert(
    fc.property(fc.array(field, { minLength: 1 }), (fields) => {
      expect(readRow(csvRow(fields))).toEqual(fields);
    }),
  );
});

/** Reads one row as RFC 4180 says. */
function readRow(row: string): string[] {
  const fields = `,${row.slice(0, -2)}`.matchAll(/,(?:"((?:[^"]|"")*)"|([^",]*))/g);
  return [...fields].map(([, quoted, plain]) => quoted?.replaceAll('""', '"') ?? plain ?? "");
}
