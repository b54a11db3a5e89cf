/**
 * A row of CSV as RFC 4180 has it: fields with a comma, a quote or a line break stand in quotes, and CRLF ends the row.
 * A text that a spreadsheet would take for a formula (it begins with = + - @, a tab or a return) gets an apostrophe in
 * front, unless it is a plain number (OWASP, "CSV Injection"). Undefined and null are empty fields.
 */
export function csvRow(fields: readonly (string | number | null | undefined)[]): string {
  return `${fields.map(csvField).join(",")}\r\n`;
}

function csvField(value: string | number | null | undefined): string {
  if (value === undefined || value === null) return "";
  if (typeof value === "number") return String(value);
  const text = /^[=+\-@\t\r]/.test(value) && !isNumber(value) ? `'${value}` : value;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

function isNumber(text: string): boolean {
  return /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text);
}
