import fc from "fast-check";
import { expect, test } from "vitest";
import { labelValue, platformName } from "./platform-name.ts";

const written = fc.oneof(
  fc.string({ unit: "grapheme" }),
  fc.stringMatching(/^[a-z0-9-]{1,70}$/),
  fc.stringMatching(/^[A-Za-zäöüß/[\]*_. ]{1,20}$/),
);

test("a name that platforms take stays as it is", () => {
  for (const name of ["train", "tracker-workflow3", "a", "b-2"]) expect(platformName(name)).toBe(name);
});

test("any other text keeps what it can, and gets a mark", () => {
  expect(platformName("Überprüfung der Daten")).toMatch(/^uberprufung-der-daten-[0-9a-f]{8}$/);
  expect(platformName("train[*]/fit")).toMatch(/^train-fit-[0-9a-f]{8}$/);
  expect(platformName("数字")).toMatch(/^x-[0-9a-f]{8}$/);
  expect(platformName("7days")).toMatch(/^days-[0-9a-f]{8}$/);
  expect(platformName("")).toMatch(/^x-[0-9a-f]{8}$/);
});

test("every text gets a label of DNS, no longer than asked", () => {
  fc.assert(
    fc.property(written, fc.integer({ min: 11, max: 63 }), (text, most) => {
      const name = platformName(text, { most });
      expect(name).toMatch(/^[a-z](?:[a-z0-9-]*[a-z0-9])?$/);
      expect(name.length).toBeLessThanOrEqual(most);
    }),
  );
});

test("two texts never get one name", () => {
  const close = fc
    .tuple(written, written)
    .chain(([a, b]) => fc.constantFrom([a, b], [a, platformName(a)], [a, a.toUpperCase()], [a, `${a}-`]));
  fc.assert(
    fc.property(close, ([a = "", b = ""]) => {
      fc.pre(a !== b && !(platformName(a) === b && platformName(b) !== b));
      expect(platformName(a) === platformName(b)).toBe(false);
    }),
  );
  expect(platformName("Train")).not.toBe(platformName("train"));
  expect(platformName(platformName("Train"))).not.toBe(platformName("Train"));
});

test("a label's value may have capitals, dots and lower lines", () => {
  expect(labelValue("B1")).toBe("B1");
  expect(labelValue("v1.2_rc")).toBe("v1.2_rc");
  expect(labelValue("")).toBe("");
  expect(labelValue("train/fit")).toMatch(/^train-fit-[0-9a-f]{8}$/);
});
