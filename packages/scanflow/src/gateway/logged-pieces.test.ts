import { expect, test } from "vitest";
import type { LoggedBatch } from "../runners/runner.ts";
import { LoggedPieces } from "./logged-pieces.ts";

function heard() {
  const tags: string[] = [];
  const pieces = new LoggedPieces((batch: LoggedBatch) => tags.push(...batch.tags.map(({ value }) => value)));
  return { tags, pieces };
}

const line = (value: string) => Buffer.from(`${JSON.stringify({ kind: "tag", key: "k", value })}\n`);

test("a piece may end within a character", () => {
  const { tags, pieces } = heard();
  const bytes = line("größe");
  const cut = bytes.indexOf(Buffer.from("ö")) + 1;
  pieces.take(0, bytes.subarray(0, cut));
  pieces.take(cut, bytes.subarray(cut));
  expect(tags).toEqual(["größe"]);
});

test("what is sent again with more behind it counts once", () => {
  const { tags, pieces } = heard();
  const [first, second] = [line("a"), line("b")];
  pieces.take(0, first);
  pieces.take(0, Buffer.concat([first, second]));
  pieces.take(first.length, second);
  expect(tags).toEqual(["a", "b"]);
  expect(() => pieces.take(1000, first)).toThrow(
    expect.objectContaining({ code: "SCANFLOW_GATEWAY_REQUEST" }),
  );
});

test("half a line of who sent before spoils nothing of who sends from the beginning", () => {
  const { tags, pieces } = heard();
  pieces.take(0, line("lost").subarray(0, 10));
  pieces.restart(0);
  pieces.take(0, line("a"));
  expect(tags).toEqual(["a"]);
});
