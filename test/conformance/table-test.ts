import { beforeAll, describe, expect, test } from "vitest";
import { cases } from "./cases.ts";
import { conform } from "./conform.ts";
import { isEveryday } from "./everyday.ts";
import type { Host } from "./platform.ts";
import { platforms } from "./platforms.ts";

/** Runs the cases of the table that a platform can do, beside each other: of a slow one those of every day, unless all are asked for. Each column has a test file of its own. */
export function tableTest(name: string): void {
  const platform = platforms.find((one) => one.name === name);
  if (!platform) throw new Error(`platforms.ts has no row "${name}"`);
  const whole = platform.slow !== true || process.env.SCANFLOW_CONFORMANCE === "whole";
  const able = cases.filter(
    ({ name: one }) => platform.cannot[one] === undefined && (whole || isEveryday(one)),
  );
  const refused = cases.flatMap((one) => {
    const why = platform.cannot[one.name];
    return typeof why === "object" ? [{ one, code: why.code }] : [];
  });
  let host: Host;

  describe.concurrent(name, () => {
    beforeAll(async () => {
      host = await platform.open([...able, ...refused.map(({ one }) => one)]);
      return () => host.close();
    });

    for (const one of able) test(`${one.name}: ${one.shows}`, () => conform(one, host));
    for (const { one, code } of refused) {
      test(`${one.name} is refused before anything starts`, () =>
        expect(host.run(one)).rejects.toMatchObject({ code }));
    }
  });

  test(`what ${name} cannot do names cases of the table`, () => {
    expect(cases.map((one) => one.name)).toEqual(expect.arrayContaining(Object.keys(platform.cannot)));
  });
}
