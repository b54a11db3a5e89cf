import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Plan } from "../plan/plan.ts";
import { planMermaid } from "./plan-mermaid.ts";
import { planSvg } from "./plan-svg.ts";
import { planText } from "./plan-text.ts";
import { SAMPLE } from "./sample.test.support.ts";
import { parseXml } from "./xml.test.support.ts";

const hostile = fc.oneof(
  fc.constantFrom(
    "</title><script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "' onload='alert(1)",
    "]]><svg onload=alert(1)>",
    "&lt;script&gt;",
    '"] --> x; click n0 call alert()',
    '`"]\nend\nclick n1 "javascript:alert(1)"',
    "#quot;#60;script#62;",
    "%%{init: {'securityLevel': 'loose'}}%%",
    "\u001b[2J\u0007\u202e",
    "\ud800",
    "",
  ),
  fc.string({ unit: "binary", maxLength: 30 }),
);

/** The sample with these words in every place that people write freely. */
function rewritten(words: readonly string[]): Plan {
  let next = 0;
  const word = () => words[next++ % words.length] ?? "";
  return {
    ...SAMPLE,
    application: word(),
    workflow: word(),
    groups: SAMPLE.groups.map((group) => ({ ...group, workflow: word(), description: word() })),
    trackers: SAMPLE.trackers.map((tracker) => ({ ...tracker, name: word() })),
    tasks: SAMPLE.tasks.map((task) => ({
      ...task,
      name: word(),
      description: word(),
      when: { kind: "literal", value: word() },
    })),
  };
}

const words = fc.array(hostile, { minLength: 1, maxLength: 8 });
const ELEMENTS = "svg title style defs marker rect g text path polygon".split(" ");
const ATTRIBUTES =
  "xmlns class width height viewBox role aria-label id refX refY markerWidth markerHeight markerUnits orient d transform x y rx points marker-end".split(
    " ",
  );

describe("whatever names and descriptions say", () => {
  test("a picture is well-formed XML of known elements and attributes", async () => {
    await fc.assert(
      fc.asyncProperty(words, async (each) => {
        for (const { name, attributes } of parseXml(await planSvg(rewritten(each)))) {
          expect(ELEMENTS).toContain(name);
          for (const key of attributes.keys()) expect(ATTRIBUTES).toContain(key);
        }
      }),
      { numRuns: 50 },
    );
  });

  test("a picture's words are told as they were written, but for what XML cannot carry", async () => {
    const text = fc.stringMatching(/^[ -~äß文🙂]{1,30}$/u);
    await fc.assert(
      fc.asyncProperty(text, async (description) => {
        const elements = parseXml(await planSvg(rewritten([description])));
        const titles = elements.filter(({ name }) => name === "title").map((title) => title.text);
        expect(titles.some((title) => title.includes(`\n${description}\n`))).toBe(true);
      }),
      { numRuns: 30 },
    );
  });

  test("a Mermaid chart has nothing but its own statements", () => {
    const safe = String.raw`(?:[\p{L}\p{N} ._,:×-]|#\d+;)*`;
    const statements = [
      "flowchart LR",
      String.raw`subgraph w\d+\["${safe}"\]`,
      "end",
      String.raw`n\d+[>({[/]+"${safe}"[\])}/]+`,
      String.raw`[nw]\d+ -\.?->(?:\|"${safe}"\|)? [nw]\d+`,
      String.raw`linkStyle [\d,]+ stroke-dasharray: 1 4`,
      "",
    ];
    const allowed = new RegExp(String.raw`^\s*(?:${statements.join("|")})$`, "u");
    fc.assert(
      fc.property(words, (each) => {
        for (const line of planMermaid(rewritten(each)).split("\n")) expect(line).toMatch(allowed);
      }),
    );
  });

  test("a tree has one line per node and branch, and nothing that steers a terminal", () => {
    const count = planText(SAMPLE).split("\n").length;
    fc.assert(
      fc.property(words, (each) => {
        const text = planText(rewritten(each));
        expect(text.split("\n")).toHaveLength(count);
        expect(text.replaceAll("\n", "")).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}]/u);
      }),
    );
  });
});
