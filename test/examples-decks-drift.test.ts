import type { Verdict } from "@scanflow/checks";
import { afterAll, describe, expect, test } from "vitest";
import { ExampleCopy } from "./examples-application.test.support.ts";

const decks = new ExampleCopy("decks");
afterAll(() => decks.remove());

interface Shown {
  readonly tasks: readonly {
    readonly id: string;
    readonly result: unknown;
    readonly outputs: Readonly<Record<string, { readonly digest: string }>>;
  }[];
}

/** What `check-shapes` of the last run found and wrote. */
async function check() {
  const { tasks } = await decks.document<Shown>("show", "latest");
  const task = tasks.find(({ id }) => id === "check-shapes");
  const output = (name: "verdict" | "picture" | "report") => {
    const hash = task?.outputs[name]?.digest.replace("sha256:", "") ?? "";
    return decks.read(`.scanflow/artifacts/sha256/${hash.slice(0, 2)}/${hash}`);
  };
  const verdict: Verdict = JSON.parse(output("verdict"));
  return { result: task?.result, verdict, output };
}

describe("people begin to write with a slant", () => {
  test("the verdict says which shapes drifted, by which ranges, and what the model makes of it", async () => {
    await decks.run("handwriting");
    const { result, verdict, output } = await check();
    expect(result).toMatchObject({ status: "alarm", drifted: 3 });
    expect(verdict.columns).toContain("eccentricity");
    expect(verdict.message).toMatch(/eccentricity 0\.8\d+ or more: 40 % → 85 %/);
    expect(verdict.message).toMatch(/elongation 0\.8\d+ or more: 41 % → 92 %/);
    expect(verdict.message).toMatch(
      /answer "2": the mean answer went from 0\.35 to 0\.883: \+[\d.]+ by eccentricity/,
    );
    expect(verdict.figures?.map(({ kind, column }) => column ?? kind)).toEqual([
      "bars",
      "elongation",
      "eccentricity",
      "solidity",
      "table",
      "images",
    ]);
    expect(output("picture")).toMatch(/^<svg[\s\S]*eccentricity/);
    expect(output("report")).toContain("The data has drifted");
  });

  test("and when they write as before, nothing rings", async () => {
    await decks.run("handwriting", "--param", "slant=0");
    const { result, verdict } = await check();
    expect(result).toMatchObject({ status: "ok", drifted: 0 });
    expect(verdict.columns).toEqual([]);
    expect(verdict.figures ?? []).toEqual([]);
  });
});
