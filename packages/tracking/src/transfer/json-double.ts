import { z } from "zod";

/** A double in JSON, which has no NaN and no infinities: they are texts, as protocol buffers write them. */
export const jsonDouble = z
  .union([z.number(), z.enum(["NaN", "Infinity", "-Infinity"])])
  .transform((value) => Number(value));
