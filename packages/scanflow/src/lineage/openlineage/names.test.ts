import fc from "fast-check";
import { expect, test } from "vitest";
import { z } from "zod";
import { runUuid } from "./names.ts";

const parts = fc.array(fc.oneof(fc.string(), fc.nat()), { minLength: 1, maxLength: 3 });

test("a run's id is a UUID of version 5, the same whenever it is asked for", () => {
  fc.assert(
    fc.property(parts, (some) => {
      const id = runUuid(...some);
      expect(z.uuid({ version: "v5" }).safeParse(id).success).toBe(true);
      expect(runUuid(...some)).toBe(id);
    }),
  );
});

test("runs that differ have other ids, however their names are cut", () => {
  fc.assert(
    fc.property(parts, parts, (one, other) => {
      fc.pre(JSON.stringify(one) !== JSON.stringify(other));
      expect(runUuid(...one)).not.toBe(runUuid(...other));
    }),
  );
});
