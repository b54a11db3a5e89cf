import { execFileSync } from "node:child_process";
import { existsSync, lstatSync, readdirSync } from "node:fs";
import { mkdir, readFile, rename, rm, symlink, writeFile } from "node:fs/promises";
import { request } from "node:http";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { expect, test } from "vitest";
import { handIn } from "../shim/attend/hand-in.ts";
import { GatewayClient } from "../shim/gateway-client.ts";
import { type TarEntry, writeTar } from "../shim/tar/write-tar.ts";
import { type Attended, attended, exited, failed, textIn } from "./attendance.test.support.ts";
import { mendCheckpoint } from "./checkpoint-folder.ts";

test.each<[string, (there: string) => unknown, RegExp]>([
  [
    "a link that leads out",
    (there) => symlink("../../secret", join(there, "link")),
    /the link "link" leads out/,
  ],
  [
    "a link from the root",
    (there) => symlink("/proc/self/environ", join(there, "link")),
    /the link "link" leads out/,
  ],
  [
    "a pipe",
    (there) => execFileSync("mkfifo", [join(there, "pipe")]),
    /"pipe" is neither file, folder nor link/,
  ],
  [
    "more than it may have",
    (there) => writeFile(join(there, "large"), "x".repeat(2000)),
    /more than 1000 bytes/,
  ],
])("%s in a checkpoint is told, and the one before stays", async (_, spoil, words) => {
  const { attempt, there, here, lines, attend } = await attended({ outputLimit: 1000 });
  attend();
  await writeFile(join(there, "state"), "whole");
  await expect.poll(() => textIn(here, "state"), { timeout: 15_000 }).toBe("whole");
  await spoil(there);
  await writeFile(join(there, "state"), "spoilt");
  attempt.exited(exited);
  await attempt.done;
  expect(await textIn(here, "state")).toBe("whole");
  expect(readdirSync(here)).toEqual(["state"]);
  expect(lines).toEqual([expect.stringMatching(/^\[scanflow\] its checkpoint is not kept as it is now: /)]);
  expect(lines[0]).toMatch(words);
});

test("files that are put in each other's place while they are read are never followed out of the folder", async () => {
  const { bench, attempt, there, here } = await attended();
  const secret = join(bench.root, "secret");
  await writeFile(secret, "of the attendant alone");
  const url = bench.door.url;
  const client = new GatewayClient({ url, token: attempt.attendToken ?? "" }, { patience: 0 });
  let going = true;
  const swapping = (async () => {
    await mkdir(join(there, "folder"));
    while (going) {
      await writeFile(join(there, "plain"), "plain");
      await rename(join(there, "plain"), join(there, "folder/secret"));
      await symlink(secret, join(there, "plain"));
      await rename(join(there, "plain"), join(there, "folder/secret"));
      await rm(join(there, "folder/secret"));
    }
  })();
  let kept = 0;
  for (let at = 0; at < 300; at++) {
    await handIn(client, { folder: there, mostBytes: 1000, print: null }).then(
      (whole) => {
        if (whole) kept += 1;
      },
      () => undefined,
    );
    for (const path of existsSync(here) ? readdirSync(here, { recursive: true }).map(String) : []) {
      const place = join(here, path);
      if (lstatSync(place).isFile()) expect(await readFile(place, "utf8")).toBe("plain");
    }
  }
  going = false;
  await swapping;
  await client.close();
  expect(kept).toBeGreaterThan(10);
});

/** Sends an archive as no attendant does: up to its first piece and no further (`cut`), or without an end (`hold`). */
async function send(
  { attempt, bench }: Attended,
  archive: AsyncIterable<Uint8Array>,
  how: "whole" | "cut" | "hold" = "whole",
): Promise<{ status: number; text: string } | "cut"> {
  const answered = Promise.withResolvers<{ status: number; text: string } | "cut">();
  const sending = request(`${bench.door.url}/scanflow/v1/attend/checkpoint`, {
    method: "PUT",
    headers: {
      authorization: `Bearer ${attempt.attendToken}`,
      "content-type": "application/octet-stream",
    },
  });
  sending.on("error", () => answered.resolve("cut"));
  sending.on("response", async (answer) => {
    let text = "";
    for await (const piece of answer.setEncoding("utf8")) text += piece;
    answered.resolve({ status: answer.statusCode ?? 0, text });
  });
  for await (const piece of archive) {
    sending.write(piece);
    if (how === "cut") break;
  }
  if (how === "cut") setTimeout(() => sending.destroy(), 200);
  if (how === "whole") sending.end();
  return answered.promise;
}

const file = (path: string, text: string): TarEntry => ({
  kind: "file",
  path,
  size: text.length,
  content: async function* () {
    yield Buffer.from(text);
  },
});

test("a half-sent checkpoint, and one that is none, leave the one before as it was, and nothing behind", async () => {
  const one = await attended();
  expect(await send(one, writeTar([file("state", "whole")]))).toMatchObject({
    status: 200,
    text: '{"kept":true}',
  });
  expect(await send(one, writeTar([file("state", "x".repeat(1000))]), "cut")).toBe("cut");
  for (const bad of [
    writeTar([file("../state", "out")]),
    writeTar([{ kind: "link", path: "out", link: "../.." }, file("out/state", "out")]),
    writeTar([{ kind: "link", path: "state", link: "/etc/passwd" }]),
  ]) {
    expect(await send(one, bad)).toMatchObject({ status: 200, text: '{"kept":false}' });
  }
  expect(await textIn(one.here, "state")).toBe("whole");
  expect(readdirSync(one.here)).toEqual(["state"]);
  expect(one.lines).toHaveLength(3);
  one.attempt.gone(failed);
  await one.attempt.done;
  expect(readdirSync(join(one.here, ".."))).toEqual([one.here.split("/").at(-1)]);
  expect(existsSync(one.spec.workdir)).toBe(false);
});

test("of two that are sent at once the newer is kept", async () => {
  const one = await attended();
  const older = send(one, writeTar([file("state", "older")]), "hold");
  await wait(300);
  expect(await send(one, writeTar([file("state", "newer")]))).toMatchObject({ text: '{"kept":true}' });
  expect(await older).toBe("cut");
  expect(await textIn(one.here, "state")).toBe("newer");
});

test("once an attempt is told to be over nothing of it is taken, however long it was on its way", async () => {
  const one = await attended();
  const sending = send(one, writeTar([file("state", "late")]), "hold");
  await wait(300);
  one.attempt.gone(failed);
  await one.attempt.done;
  expect(await sending).toBe("cut");
  expect(await send(one, writeTar([file("state", "later")]))).toMatchObject({ status: 410 });
  expect(existsSync(one.here)).toBe(false);
});

test("what an owner that was killed had begun with a checkpoint is ended by the next", async () => {
  const { here } = await attended();
  const aside = join(here, "..", `.${here.split("/").at(-1)}.was`);
  await mkdir(aside, { recursive: true });
  await writeFile(join(aside, "state"), "older");
  await mendCheckpoint(here);
  expect(await textIn(here, "state")).toBe("older");
  await mkdir(aside);
  await mendCheckpoint(here);
  expect([existsSync(aside), await textIn(here, "state")]).toEqual([false, "older"]);
});
