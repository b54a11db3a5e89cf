import type { SqlValue } from "../statement.ts";

/** Type numbers of PostgreSQL's catalogue (pg_type.dat) whose text is more than text. */
const decoders: Readonly<Record<number, (text: string) => SqlValue>> = {
  16: (text) => (text === "t" ? 1 : 0),
  17: (text) => Buffer.from(text.slice(2), "hex"),
  20: toWhole,
  21: Number,
  23: Number,
  26: Number,
  700: Number,
  701: Number,
  1700: (text) => (/^-?\d+$/.test(text) ? toWhole(text) : Number(text)),
};

const asText = (text: string): SqlValue => text;

/** How a column's cells are read: as SQLite gives them, whole numbers beyond 2^53 as `bigint`. */
export function decoderOf(type: number): (text: string) => SqlValue {
  return decoders[type] ?? asText;
}

/** A parameter as it is sent: text, from which the server makes the type it expects there. */
export function encode(value: SqlValue): string | Buffer | null {
  if (value === null || Number.isNaN(value)) return null;
  if (value instanceof Uint8Array) return Buffer.from(value.buffer, value.byteOffset, value.byteLength);
  return String(value);
}

function toWhole(text: string): SqlValue {
  const number = Number(text);
  return Number.isSafeInteger(number) ? number : BigInt(text);
}
