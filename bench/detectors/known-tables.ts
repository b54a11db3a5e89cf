import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";

/** A value of a table: null where it is missing. */
export type Cell = number | string | null;

/** Rows as the shifts of the bench change them. */
export type Row = Readonly<Record<string, Cell>>;

const ADULT =
  "age workclass fnlwgt education education-num marital-status occupation relationship race sex capital-gain capital-loss hours-per-week native-country income".split(
    " ",
  );

/** Folder of the shared data; `SCANFLOW_DATA` names another. */
export function dataFolder(): string {
  return process.env.SCANFLOW_DATA ?? "../shared/data";
}

/** Whether the data of that name are there. */
export function hasData(name: "mnist" | "adult" | "elec2"): boolean {
  return existsSync(join(dataFolder(), name));
}

/** No header, a space after each comma, `?` where a value is missing; income is left out, as it is the label. */
export function readAdult(part: "train" | "test"): readonly Row[] {
  return readLines(join("adult", `adult-${part}.csv.gz`)).map((text) => {
    const cells = text.split(",").map((cell) => cell.trim());
    return Object.fromEntries(ADULT.slice(0, -1).map((name, at) => [name, cellOf(cells[at] ?? "?")]));
  });
}

/** New South Wales electricity, half hour by half hour in order; the class is left out, as it is the label. */
export function readElec2(): readonly Row[] {
  const [header = "", ...lines] = readLines(join("elec2", "elec.csv.gz"));
  const names = header.split(",").slice(0, -1);
  return lines.map((text) => {
    const cells = text.split(",");
    return Object.fromEntries(names.map((name, at) => [name, cellOf(cells[at] ?? "?")]));
  });
}

function readLines(path: string): string[] {
  return gunzipSync(readFileSync(join(dataFolder(), path)))
    .toString("utf8")
    .trim()
    .split("\n");
}

function cellOf(text: string): Cell {
  if (text === "?") return null;
  const number = Number(text);
  return Number.isNaN(number) ? text : number;
}
