import { z } from "zod";
import {
  type Attend,
  type AttendBeat,
  type Beat,
  type Claim,
  type End,
  protocolVersion,
} from "../shim/protocol.ts";
import { requestError } from "./refusal.ts";

/** What comes from a shim, which may be anything. */
const absolute = z
  .string()
  .regex(/^\/[^\0]*$/)
  .max(4096);

export const claim = z.object({
  version: z.literal(protocolVersion),
  task: z.string().max(4096).nullable(),
  site: z.object({ folder: absolute, root: absolute }),
  shim: z.array(z.string().max(4096)).min(1).max(32),
  gateway: z
    .url({ protocol: /^https?$/ })
    .max(4096)
    .optional(),
}) satisfies z.ZodType<Claim>;

export const beat = z.object({
  heartbeatMs: z.number().nonnegative().nullable(),
  running: z.boolean(),
}) satisfies z.ZodType<Beat>;

export const attend = z.object({
  version: z.literal(protocolVersion),
  folder: absolute,
}) satisfies z.ZodType<Attend>;

/** One line of a log. */
const trouble = z
  .string()
  .max(16 * 1024)
  .transform((words) => words.replaceAll(/\s+/g, " ").slice(0, 1000))
  .nullable();

export const attendBeat = z.object({
  heartbeatMs: z.number().nonnegative().nullable(),
  trouble,
}) satisfies z.ZodType<AttendBeat>;

export const attendEnd = z.object({ trouble });

const text = z.string().max(64 * 1024);
const amount = z.number().nonnegative().nullable();

export const end = z.object({
  exit: z.object({ code: z.int().nullable(), signal: z.string().max(32).nullable() }).nullable(),
  refused: z.object({ code: z.string().max(64), message: text }).nullable(),
  trouble: z.object({ code: z.string().max(64).nullable(), message: text }).nullable(),
  result: z.string().nullable(),
  resultFault: text.nullable(),
  outputs: z.record(z.string(), z.string().regex(/^sha256:[0-9a-f]{64}$/)),
  outputFaults: z.array(z.object({ name: z.string(), what: text })),
  outOfMemory: z.boolean(),
  left: z.int().nonnegative(),
  lastLogged: z.string().nullable(),
  usage: z.object({ cpuMs: amount, peakMemory: amount }),
}) satisfies z.ZodType<End>;

/** Errors: SCANFLOW_GATEWAY_REQUEST. */
export function readMessage<Message>(schema: z.ZodType<Message>, body: unknown): Message {
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  throw requestError(`The message cannot be read: ${z.prettifyError(parsed.error).split("\n").join(" ")}`);
}
