import * as z from "zod";
import { runnable } from "./runnable.ts";

export const executor = z
  .strictObject({ kind: z.literal("executor").optional(), ...runnable })
  .describe("A step: runs a command, a module's function or a notebook.")
  .meta({ id: "Executor" });
