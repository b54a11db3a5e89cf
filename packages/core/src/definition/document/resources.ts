import * as z from "zod";
import { quantityOf } from "../../expression/quantity.ts";

const BYTES = /^\d+(?:\.\d+)?(?:B|kB|KB|MB|GB|TB|KiB|MiB|GiB|TiB)?$/;
const FORM = 'a number of bytes, or text such as "512MiB" or "2GiB"';

const bytes = z
  .union([z.int().min(0), z.string().regex(BYTES, `expected ${FORM}`)], { error: `expected ${FORM}` })
  .describe('Bytes, or text with a unit: "512MiB", "2GB".');

export const resources = z
  .strictObject({
    cpu: z.number().positive().max(100_000).optional().describe("Cores; fractions allowed. Default 1."),
    memory: bytes.optional().describe('Bytes or "2GiB". Default 0: not declared.'),
    gpu: z.int().min(0).max(100_000).optional().describe("Whole graphics cards. Default 0."),
    storage: bytes.optional().describe('Scratch space, bytes or "10GiB". Default 0: not declared.'),
  })
  .describe("What one attempt needs; no more attempts run at once than the machine can hold.")
  .meta({ id: "Resources" });

/** Whole bytes of a size that the schema accepted. */
export function bytesOf(written: number | string): number {
  return typeof written === "number" ? written : Math.round(quantityOf(written) ?? 0);
}
