import { expect, test } from "vitest";
import { cases } from "../../conformance/cases.ts";
import { platforms } from "../../conformance/platforms.ts";
import { exportedTemplate } from "./argo-host.support.ts";
import { argoProblems, hasArgoSchema } from "./schema.ts";

const cannot = platforms.find(({ name }) => name === "argo")?.cannot ?? {};
const exported = cases.filter(({ name }) => typeof cannot[name] !== "object");

test.skipIf(!hasArgoSchema)(
  "every workflow of the conformance table passes Argo's schema, unknown fields refused",
  () => {
    const problems = exported.flatMap((one) => {
      const problem = argoProblems(exportedTemplate(one));
      return problem === undefined ? [] : [`${one.name}: ${problem}`];
    });
    expect(problems).toEqual([]);
  },
);

test.skipIf(!hasArgoSchema)(
  "the schema refuses a field that there is not, and a number where a text has to be",
  () => {
    const [one] = exported;
    if (!one) throw new Error("the table is empty");
    const template = exportedTemplate(one);
    const spoiled = (spec: object) => argoProblems({ ...template, spec: { ...template.spec, ...spec } });
    expect(argoProblems(template)).toBeUndefined();
    expect(spoiled({ entrypiont: "main" })).toContain("entrypiont");
    expect(spoiled({ entrypoint: 7 })).toContain("must be string");
  },
);
