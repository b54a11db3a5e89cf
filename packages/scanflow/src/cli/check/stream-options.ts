import { z } from "zod";
import { someTime, span, whole } from "../read-options.ts";
import { storeOption } from "../stream/open-streams.ts";

/** A number of records, or a time. */
const size = z.union(
  [
    z
      .string()
      .regex(/^[1-9]\d{0,7}$/)
      .transform((text) => ({ records: Number(text) })),
    someTime.transform((ms) => ({ ms })),
  ],
  { error: "must be a number of records such as 500, or a time such as 10m" },
);

/** The options of `check` that are about streams, as they come from the command line. */
export const streamShape = {
  stream: z.string().optional(),
  name: z.string().optional(),
  window: size.optional(),
  slide: size.optional(),
  lateness: span.optional(),
  detector: z.string().optional(),
  column: z.string().optional(),
  coolDown: whole.default(0),
  fromEnd: z.boolean().default(false),
  once: z.boolean().default(false),
  verdicts: z.boolean().default(false),
  ...storeOption,
};
