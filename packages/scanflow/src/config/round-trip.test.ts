import {
  type ApplicationDocument,
  application,
  checker,
  choice,
  executor,
  expression,
  first,
  integer,
  type NodeHandle,
  nested,
  number,
  type OutputReference,
  parseApplication,
  requireApplication,
  workflow,
} from "@scanflow/core";
import fc from "fast-check";
import { expect, test } from "vitest";
import { stringify } from "yaml";
import { parseYaml } from "./read-yaml.ts";

/** Text that YAML would read as something else when it is not quoted, and characters that it must escape. */
const text = fc.oneof(
  fc.constantFrom(
    "no",
    "1e3",
    "0x1F",
    "~",
    "null",
    "- a",
    "a: b",
    "#",
    "  ",
    "\t",
    "é\u2028",
    "&a *a",
    "|",
    "2001-01-01",
    "<<",
  ),
  fc.string({ unit: "binary", maxLength: 20 }).filter((value) => value.isWellFormed()),
);

const finite = fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0);
const literal = fc.oneof(
  text,
  finite,
  fc.integer(),
  fc.boolean(),
  fc.constant(null),
  fc.array(text, { maxLength: 3 }),
);

const step = fc.record({
  kind: fc.constantFrom("executor", "checker", "nested", "choice", "join"),
  upstream: fc.nat(),
  description: text,
  word: text,
  param: literal,
  cpu: fc.double({ min: 0.01, max: 64, noNaN: true }),
  retry: fc.nat({ max: 10 }),
  timeout: fc.constantFrom("90s", "1.5h", 2500),
  memory: fc.constantFrom("1.5GiB", "300MB", 4096),
  sweep: fc.option(fc.array(fc.integer(), { minLength: 1, maxLength: 3 }), { nil: undefined }),
  conditional: fc.boolean(),
});

type Step = typeof step extends fc.Arbitrary<infer Value> ? Value : never;

const inner = workflow(
  "inner",
  { inputs: ["data"], params: { rate: number({ default: 0.1 }) } },
  ({ inputs, params }) => {
    const fit = executor("fit", {
      run: "fit",
      inputs: { data: inputs.data },
      outputs: ["out"],
      params: { rate: params.rate },
    });
    return { nodes: [fit], outputs: { out: fit.outputs.out } };
  },
);

function built(steps: readonly Step[]): ApplicationDocument {
  const main = workflow(
    "main",
    { params: { seed: integer({ default: 7 }) }, defaults: { retry: 1 } },
    ({ params }) => {
      const start = executor("start", { run: "start", outputs: ["out"], params: { seed: params.seed } });
      const nodes: NodeHandle<"out">[] = [start];
      for (const [position, each] of steps.entries()) {
        const upstream = nodes[each.upstream % nodes.length] ?? start;
        nodes.push(node(`n-${position}`, each, upstream));
      }
      return { nodes };
    },
  );
  return application("generated", { main });
}

function node(name: string, { kind, ...of }: Step, upstream: NodeHandle<"out">): NodeHandle<"out"> {
  const data: OutputReference = upstream.outputs.out;
  const when = of.conditional ? { when: expression`${upstream.result("x")} == ${of.word}` } : {};
  const map = of.sweep ? { map: { sweep: { x: of.sweep } } } : {};
  const shared = { description: of.description, after: [upstream], ...when };
  if (kind === "nested")
    return nested(name, inner, { ...shared, inputs: { data }, params: { rate: of.cpu } });
  if (kind === "choice")
    return choice(name, [{ when: "params.seed > 1", outputs: { out: data } }, { outputs: { out: data } }]);
  const settings = {
    ...shared,
    ...map,
    run: ["run", of.word],
    inputs: { data: kind === "join" ? first(data) : data },
    params: { value: { literal: of.param } },
    env: { WORD: of.word },
    outputs: { out: { description: of.word } },
    resources: { cpu: of.cpu, memory: of.memory },
    retry: of.retry,
    timeout: of.timeout,
  };
  return kind === "checker" ? checker(name, settings) : executor(name, settings);
}

test("what the builders make, written as YAML and read again, is the same application", () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 8 }), (steps) => {
      const document = built(steps);
      const direct = requireApplication(document);
      const { document: read } = parseYaml(stringify(document), "scanflow.yaml");
      const parsed = parseApplication(read);
      expect(parsed.ok ? parsed.application : parsed.problems).toEqual(direct);
    }),
    { numRuns: 150 },
  );
});
