import * as z from "zod";

/** Debian Policy 5.6.1, but that it ends with no dash: apt-get would remove such a package. */
const PACKAGE = /^[a-z0-9][a-z0-9+.-]*[a-z0-9+.]$/;
const PACKAGE_FORM =
  "expected the name of a Debian package: two or more lower-case letters, digits, +, - and ., such as libgomp1";

const apt = z
  .array(z.string({ error: PACKAGE_FORM }).regex(PACKAGE, PACKAGE_FORM))
  .optional()
  .describe(
    "Debian packages by name. An image gets them; on a machine that runs processes they must be there.",
  );

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
  apt,
});

const node = z.strictObject({
  package: z
    .string()
    .min(1)
    .optional()
    .describe(
      "Path of a package.json; an image gets its packages, and with a package-lock.json beside it those exactly.",
    ),
  apt,
});

export const environment = z
  .union(
    [
      z.literal("host"),
      z.strictObject({ python: python.describe("A Python environment, built once per content.") }),
      z.strictObject({ node: node.describe("Node with the packages of a package.json.") }),
      z.strictObject({ image: z.string().min(1).describe("A container image.") }),
      z.strictObject({
        dockerfile: z.string().min(1).describe("Path of a Dockerfile."),
        context: z.string().min(1).optional().describe('Folder handed to the build. Default ".".'),
      }),
    ],
    { error: 'expected "host", {python: …}, {node: …}, {image: …} or {dockerfile: …}' },
  )
  .describe('Where the command runs. Default "host": the machine as it is.')
  .meta({ id: "Environment" });
