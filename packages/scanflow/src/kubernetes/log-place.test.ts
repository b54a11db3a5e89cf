import * as fc from "fast-check";
import { expect, test } from "vitest";
import { LogPlace } from "./log-place.ts";

interface Line {
  readonly stamp: string;
  readonly text: string;
}

/** The node's side of the protocol: all lines from the second that `sinceTime` names. */
function served(lines: readonly Line[], since: string | undefined): Buffer {
  const second = since?.replace(/Z$/, "") ?? "";
  return Buffer.from(
    lines
      .filter(({ stamp }) => stamp.slice(0, 19) >= second)
      .map(({ stamp, text }) => `${stamp} ${text}\n`)
      .join(""),
  );
}

test("however often the stream breaks, every line is told once and in order", () => {
  const log = fc
    .array(fc.record({ step: fc.constantFrom(0, 0, 1, 400_000_000, 1_500_000_000), text: fc.string() }), {
      maxLength: 30,
    })
    .map((steps) => {
      let at = 1_800_000_000_000_000_000n;
      return steps.map(({ step, text }): Line => {
        at += BigInt(step);
        const whole = new Date(Number(at / 1_000_000n)).toISOString().slice(0, 19);
        const fraction = String(at % 1_000_000_000n)
          .padStart(9, "0")
          .replace(/0+$/, "");
        return { stamp: `${whole}${fraction && `.${fraction}`}Z`, text: text.replaceAll(/[\n\r]/g, "") };
      });
    });
  fc.assert(
    fc.property(
      log,
      fc.array(fc.nat(2000), { maxLength: 6 }),
      fc.integer({ min: 1, max: 50 }),
      (lines, breaks, size) => {
        const told: string[] = [];
        const place = new LogPlace((bytes) => told.push(bytes.toString()));
        const stream = (most: number) => {
          const bytes = served(lines, place.since).subarray(0, most);
          place.begin();
          for (let at = 0; at < bytes.length; at += size) place.take(bytes.subarray(at, at + size));
        };
        for (const most of breaks) {
          stream(most);
          place.breakOff();
        }
        stream(Number.POSITIVE_INFINITY);
        place.end();
        expect(told.join("")).toBe(lines.map(({ text }) => `${text}\n`).join(""));
      },
    ),
  );
});

test("a last line without an end is told once the stream ended well", () => {
  const told: string[] = [];
  const place = new LogPlace((bytes) => told.push(bytes.toString()));
  place.begin();
  place.take(Buffer.from("2026-11-29T10:00:00.5Z 40 %\r50 %"));
  expect(told).toEqual([]);
  place.end();
  expect(told).toEqual(["40 %\r50 %"]);
});

test("lines of two outputs that overtook each other are all told", () => {
  const told: string[] = [];
  const place = new LogPlace((bytes) => told.push(bytes.toString()));
  place.begin();
  place.take(Buffer.from("2026-11-29T10:00:00.2Z out\n2026-11-29T10:00:00.1Z err\n"));
  expect(told).toEqual(["out\n", "err\n"]);
});
