import type { JsonObject, JsonValue } from "@scanflow/core";
import { z } from "zod";

/** Any JSON value. */
export const jsonValue: z.ZodType<JsonValue, JsonValue> = z.json();

export const jsonObject: z.ZodType<JsonObject, JsonObject> = z.record(z.string(), z.json());

/** A whole number from 0, which may come as the text of a query. */
export const count = z.coerce.number<number | string>().int().min(0);

/** True or false, which may come as the text of a query. */
export const flag = z.union([z.boolean(), z.stringbool()]);

/** Milliseconds since the epoch. */
export const time = z.number();

/** Where the owner writes an archive. */
export const archivePath = z
  .string()
  .describe("Where the archive is written: an absolute path on the owner's machine.");

export const codedError = z.object({ code: z.string(), message: z.string() });

/** What is answered with every status from 400 up. */
export const errorAnswer = z.object({ error: codedError });

export const runId = z
  .string()
  .min(1)
  .describe("A run's id, a beginning or end of it that no other run has, or `latest`.");

export const taskId = z
  .string()
  .min(1)
  .describe("A task's id, such as `train/softmax` or `fit[2]`, or the last part of it when no other has it.");
