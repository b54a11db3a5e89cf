import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { scanflow } from "./cli.test.support.ts";
import { type Added, data, digestsIn, folderRemote, lab, s3Remote } from "./data.test.support.ts";

test.each(["a folder", "S3"])(
  "of several machines that push one new number into %s at the same moment one succeeds, and the others can go on",
  async (kind) => {
    const { url, env } = kind === "S3" ? await s3Remote() : { ...(await folderRemote()), env: {} };
    const machines = await Promise.all(
      ["first", "second", "third"].map(async (text) => {
        const folder = await lab({ "d.txt": text });
        const { version } = await data<Added>(folder, ["add", "d.txt"]);
        return { folder, text, digest: version.digest };
      }),
    );
    const pushed = await Promise.all(
      machines.map(({ folder }) => scanflow(folder, ["data", "push", "--remote", url], { env })),
    );
    const winner = machines[pushed.findIndex(({ code }) => code === 0)];
    const losers = machines.filter((_, at) => pushed[at]?.code !== 0);
    expect(losers).toHaveLength(2);
    for (const { code, stderr } of pushed.filter((one) => one.code !== 0)) {
      expect(code).toBe(2);
      expect(stderr).toContain("SCANFLOW_DATA_CONFLICT");
      expect(stderr).toContain('"scanflow data rm d@1"');
    }
    // As the error says: keep yours, forget it, pull, add it again.
    const { folder = "", text, digest } = losers[0] ?? {};
    await data(folder, ["get", "d@1", "mine.txt"]);
    await data(folder, ["rm", "d@1"]);
    await data(folder, ["pull", "--remote", url], { env });
    expect(await digestsIn(folder)).toEqual({ "d@1": winner?.digest });
    expect(readFileSync(join(folder, "mine.txt"), "utf8")).toBe(text);
    writeFileSync(join(folder, "d.txt"), readFileSync(join(folder, "mine.txt")));
    await data(folder, ["add", "d.txt"]);
    await data(folder, ["push"], { env });
    expect(await digestsIn(folder)).toEqual({ "d@1": winner?.digest, "d@2": digest });
  },
);
