import { expect, test } from "vitest";
import { z } from "zod";
import { openFaultyServer } from "./faulty-server.support.ts";
import { ServerClient } from "./server-client.ts";

test("a file may take longer than an answer that is read as a whole", async () => {
  const server = await openFaultyServer();
  const patienceMs = 50;
  server.fault = (_, response) => {
    response.write("be");
    setTimeout(() => response.end("gun"), 4 * patienceMs);
    return true;
  };
  const client = new ServerClient({ url: server.url, authorization: undefined }, { patienceMs });
  const chunks = await Array.fromAsync(client.bytes("file"));
  expect(Buffer.concat(chunks).toString()).toBe("begun");
  const asked = client.ask({ path: "whole", schema: z.unknown() });
  await expect(asked).rejects.toMatchObject({ code: "SCANFLOW_TRANSFER_SERVER" });
});

test("who waits for a server that says nothing can end it", async () => {
  const server = await openFaultyServer();
  const end = new AbortController();
  server.fault = () => {
    end.abort(new Error("enough"));
    return true;
  };
  const { signal } = end;
  const client = new ServerClient({ url: server.url, authorization: undefined }, { signal });
  await expect(client.ask({ path: "any", schema: z.unknown() })).rejects.toThrow("enough");
  expect(server.asked).toHaveLength(1);
});
