import { z } from "zod";

/** What a folder of the artifact store holds, as archives write it. */
export const folderEntries = z.array(
  z.discriminatedUnion("kind", [
    z.strictObject({
      kind: z.literal("file"),
      path: z.string(),
      digest: z.templateLiteral(["sha256:", z.string()]),
      size: z.int().nonnegative(),
      executable: z.literal(true).exactOptional(),
    }),
    z.strictObject({ kind: z.literal("link"), path: z.string(), link: z.string() }),
    z.strictObject({ kind: z.literal("folder"), path: z.string() }),
  ]),
);
