import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parse, stringify } from "yaml";
import { targetNamed } from "../../packages/scanflow/src/deploy/targets.ts";
import { deployed, wholeText } from "./deploy.test.support.ts";

/** Each target with the workflow that it is asked for; undefined: all. */
const names = [
  ["kubernetes", undefined],
  ["kserve", undefined],
  ["argo", "night"],
  ["compose", "night"],
  ["stack", undefined],
] as const;

/** Keys whose order is the order of nodes and branches, which a definition means. */
const MEANT = new Set(["nodes", "workflows"]);

/** The same definition with the keys of every record in another order. */
function shuffled(value: unknown, draw: (count: number) => number, key = ""): unknown {
  if (Array.isArray(value)) return value.map((one) => shuffled(one, draw));
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value);
  const order = MEANT.has(key)
    ? entries
    : entries
        .map((entry): [number, [string, unknown]] => [draw(1000), entry])
        .toSorted(([a], [b]) => a - b)
        .map(([, entry]) => entry);
  return Object.fromEntries(order.map(([name, inner]) => [name, shuffled(inner, draw, name)]));
}

describe.each(names)("%s", (name, workflow) => {
  test("the same plan gives the same bytes, whatever the order of keys in the definition", async () => {
    const target = await targetNamed(name);
    const expected = target.export(deployed(wholeText, {}, workflow));
    fc.assert(
      fc.property(fc.infiniteStream(fc.nat(1000)), (numbers) => {
        const draw = (count: number) => Number(numbers.next().value) % count;
        const text = stringify(shuffled(parse(wholeText), draw));
        expect(target.export(deployed(text, {}, workflow))).toEqual(expected);
      }),
      { numRuns: 20 },
    );
  });

  test("every file of YAML ends with a line, and says at its top what it is and of which plan", async () => {
    const target = await targetNamed(name);
    const deployment = deployed(wholeText, {}, workflow);
    for (const { path, text } of target.export(deployment)) {
      if (!path.endsWith(".yaml")) continue;
      expect(text, path).toMatch(/^# .*\S/);
      const digests = [deployment, ...deployment.workflows].map(({ digest }) => digest.slice(0, 12));
      expect(
        digests.some((digest) => text.includes(digest)),
        path,
      ).toBe(true);
      expect(text, path).toMatch(/[^\n]\n$/);
    }
  });
});
