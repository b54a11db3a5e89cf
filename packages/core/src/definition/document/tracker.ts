import * as z from "zod";
import { description, port } from "./text.ts";

const settings = {
  description,
  port: port.optional().describe("Port on which its MLflow REST API listens. Default: the embedded one's."),
};

export const tracker = z
  .strictObject({ kind: z.literal("tracker"), ...settings })
  .describe("Where this workflow's runs, metrics and models are kept; without one it is inherited.")
  .meta({ id: "Tracker" });

export const applicationTracker = z
  .strictObject({ name: z.string().optional().describe('Default "tracker".'), ...settings })
  .describe("The tracker that workflows inherit. Default: the embedded one.");
