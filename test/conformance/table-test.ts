import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { cases } from "./cases.ts";
import { conform } from "./conform.ts";
import type { Host } from "./platform.ts";
import { platforms } from "./platforms.ts";

/** Runs every case of the table that a platform can do, all beside each other. Each column has a test file of its own. */
export function tableTest(name: string): void {
  const platform = platforms.find((one) => one.name === name);
  if (!platform) throw new Error(`platforms.ts has no row "${name}"`);
  const able = cases.filter((one) => platform.cannot[one.name] === undefined);
  let host: Host;

  describe.concurrent(name, () => {
    beforeAll(async () => {
      host = await platform.open(able);
    });
    afterAll(() => host.close());

    for (const one of able) test(`${one.name}: ${one.shows}`, () => conform(one, host));
  });

  test(`what ${name} cannot do names cases of the table`, () => {
    expect(cases.map((one) => one.name)).toEqual(expect.arrayContaining(Object.keys(platform.cannot)));
  });
}
