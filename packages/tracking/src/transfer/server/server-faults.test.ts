import { expect, test } from "vitest";
import { openTestTracking } from "../../test-tracking.support.ts";
import { fullSource } from "../full-source.support.ts";
import { importFrom } from "../import-from.ts";
import { importSource } from "../import-source.ts";
import { allRecords } from "../store/all-records.support.ts";
import { openStoreSource } from "../store/store-source.ts";
import { type Fault, openFaultyServer } from "./faulty-server.support.ts";

const answer =
  (status: number, body: string, at = "/"): Fault =>
  ({ url }, response) => {
    if (!url?.includes(at)) return false;
    response.writeHead(status, { location: "/login" }).end(body);
    return true;
  };

test.each<[string, Fault, string, RegExp]>([
  ["wants a user", answer(401, "who?"), "SCANFLOW_TRANSFER_DENIED", /MLFLOW_TRACKING_TOKEN/],
  ["lets this user not read", answer(403, "no", "get-history"), "SCANFLOW_TRANSFER_DENIED", /403/],
  ["gives a page of its login", answer(200, "<html>"), "SCANFLOW_TRANSFER_SERVER", /no JSON but "<html>"/],
  ["leads elsewhere", answer(302, ""), "SCANFLOW_TRANSFER_SERVER", /a redirect to \/login/],
  ["has no such thing", answer(404, "{}", "runs/search"), "SCANFLOW_TRANSFER_SERVER", /404/],
  ["fails", answer(500, '{"message":"disk"}', "runs/get"), "SCANFLOW_TRANSFER_SERVER", /with 500: disk\./],
  [
    "answers something else",
    answer(200, '{"run":{"info":{"run_id":"../x"}}}', "runs/get"),
    "SCANFLOW_TRANSFER_SERVER",
    /run\.info\.run_id/,
  ],
  [
    "names a path that leads out",
    answer(200, '{"files":[{"path":"..","is_dir":true}]}', "artifacts?path="),
    "SCANFLOW_TRANSFER_ARTIFACTS",
    /leads out/,
  ],
  [
    "gives the same pages in a circle",
    ({ url }, response) => {
      if (!url?.includes("experiments/search")) return false;
      const next = url.includes("page_token=a") ? "b" : "a";
      response.end(JSON.stringify({ experiments: [], next_page_token: next }));
      return true;
    },
    "SCANFLOW_TRANSFER_SERVER",
    /the same page again/,
  ],
  [
    "fails without an end",
    ({ url }, response) => {
      if (!url?.includes("runs/get")) return false;
      const more = () => {
        while (response.write("x".repeat(1000)));
      };
      response.writeHead(500).on("drain", more);
      more();
      return true;
    },
    "SCANFLOW_TRANSFER_SERVER",
    /with 500\. See/,
  ],
  ["sends half a file", answer(200, "ma", "artifacts/7/"), "SCANFLOW_TRANSFER_ARTIFACTS", /2 of 4 bytes/],
  [
    "goes away in the middle of a file",
    ({ url }, response) => {
      if (!url?.includes("artifacts/7/")) return false;
      response.writeHead(200, { "content-length": 4 }).write("ma", () => response.destroy());
      return true;
    },
    "SCANFLOW_TRANSFER_SERVER",
    /broke off/,
  ],
  [
    "goes away",
    ({ url }, response) => {
      if (!url?.includes("runs/get")) return false;
      response.destroy();
      return true;
    },
    "SCANFLOW_TRANSFER_SERVER",
    /does not answer/,
  ],
])(
  "a server that %s ends the import with no half run, and the next one goes on",
  async (_, fault, code, says) => {
    const { server, tracking } = await filled();
    server.fault = fault;
    const refused = importFrom(tracking, { from: server.url });
    await expect(refused).rejects.toMatchObject({ code, message: expect.stringMatching(says) });
    const source = await openStoreSource(tracking.context);
    for (const { experimentId } of await source.experiments()) {
      for (const { id } of await source.runs(experimentId))
        expect((await source.run(id)).metrics).toHaveLength(1);
    }
    server.fault = () => false;
    await importFrom(tracking, { from: server.url });
    const there = await allRecords(await openStoreSource(server.tracking.context));
    expect(await allRecords(await openStoreSource(tracking.context))).toEqual(there);
  },
);

async function filled() {
  const server = await openFaultyServer();
  await importSource(server.tracking.context, fullSource());
  const { tracking } = await openTestTracking();
  return { server, tracking };
}
