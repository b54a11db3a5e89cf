import * as z from "zod";

const python = z.strictObject({
  requirements: z.string().min(1).optional().describe("Path of a requirements file."),
  packages: z
    .array(z.string().min(1))
    .optional()
    .describe('Packages as pip takes them, such as "numpy==2.1.0".'),
  version: z
    .string({ error: 'expected a version in quotes, such as "3.12"' })
    .regex(/^\d+(\.\d+){0,2}$/, 'expected a version such as "3.12"')
    .optional()
    .describe(
      'Version of the interpreter to build from: "3.12" is the command python3.12. Default: python3.',
    ),
});

export const environment = z
  .union(
    [
      z.literal("host"),
      z.strictObject({ python: python.describe("A Python environment, built once per content.") }),
      z.strictObject({ image: z.string().min(1).describe("A container image.") }),
      z.strictObject({
        dockerfile: z.string().min(1).describe("Path of a Dockerfile."),
        context: z.string().min(1).optional().describe('Folder handed to the build. Default ".".'),
      }),
    ],
    { error: 'expected "host", {python: …}, {image: …} or {dockerfile: …}' },
  )
  .describe('Where the command runs. Default "host": the machine as it is.')
  .meta({ id: "Environment" });
