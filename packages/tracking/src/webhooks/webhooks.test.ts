import { createHmac } from "node:crypto";
import { fastify } from "fastify";
import { expect, test } from "vitest";
import { trackingRoutes } from "../index.ts";
import { purgeByName } from "../purge/purge-by-name.ts";
import { createModel } from "../registry/models.ts";
import { openTestServer } from "../test-server.support.ts";
import { openTestTracking } from "../test-tracking.support.ts";
import { openReceiver } from "./receiver.support.ts";
import { createWebhook } from "./webhooks.ts";

const near = { webhooks: { allowPrivate: true, timeoutMs: 10_000, backoffMs: 1 } };
const created = [{ entity: "REGISTERED_MODEL", action: "CREATED" }];

test("a webhook is made, listed, changed and removed, and its secret is never answered", async () => {
  const { app, post, get, send, passMs } = await openTestServer();
  const fields = { name: "ci", url: "https://example.org/hook", secret: "s3cret", description: "builds" };
  const made = await post("webhooks", { ...fields, events: [...created, { entity: 2, action: 1 }] });
  const webhook = made.body.webhook as { webhook_id: string };
  expect(webhook).toEqual({
    webhook_id: expect.stringMatching(/^[0-9a-f-]{36}$/),
    name: "ci",
    url: "https://example.org/hook",
    description: "builds",
    status: "ACTIVE",
    events: [...created, { entity: "MODEL_VERSION", action: "CREATED" }],
    creation_timestamp: 1_000_000,
    last_updated_timestamp: 1_000_000,
  });
  const place = `webhooks/${webhook.webhook_id}`;
  passMs(5);
  const events = [{ entity: "MODEL_VERSION_ALIAS", action: "DELETED" }];
  const changed = await send("PATCH", place, { status: "DISABLED", secret: "other", events });
  expect(changed.body.webhook).toEqual({
    ...webhook,
    status: "DISABLED",
    events,
    last_updated_timestamp: 1_000_005,
  });
  await post("webhooks", { name: "two", url: "https://example.org/2", events: created });
  const first = await get("webhooks", { max_results: "1" });
  expect((first.body.webhooks as { name: string }[]).map(({ name }) => name)).toEqual(["two"]);
  const token = String(first.body.next_page_token);
  const second = await get("webhooks", { max_results: "1", page_token: token });
  expect(second.body).toEqual({ webhooks: [changed.body.webhook] });
  expect((await get(place)).body).toEqual({ webhook: changed.body.webhook });
  const all = await app.inject("/api/2.0/mlflow/webhooks");
  expect(all.body).not.toMatch(/s3cret|other/);
  expect((await send("DELETE", place)).body).toEqual({});
  for (const answer of [await get(place), await send("DELETE", place), await send("PATCH", place)]) {
    expect([answer.status, answer.body.error_code]).toEqual([404, "RESOURCE_DOES_NOT_EXIST"]);
  }
});

test.each([
  [{ name: "-no" }, "is invalid"],
  [{ url: "ftp://example.org/" }, "Invalid webhook URL scheme: 'ftp'"],
  [{ url: "no url" }, "Invalid webhook URL"],
  [{ url: "https://me:pass@host.test/" }, "cannot hold a user or password"],
  [{ url: "http://127.0.0.1/" }, "not a public address"],
  [{ url: "http://0x7f.1/" }, "not a public address"],
  [{ url: "http://[::ffff:10.0.0.1]/" }, "not a public address"],
  [{ url: "http://169.254.169.254/latest/meta-data" }, "not a public address"],
  [{ events: [] }, "Missing value for required parameter 'events'"],
  [
    { events: [{ entity: "MODEL_VERSION", action: "SET" }] },
    "Invalid action 'set' for entity 'model_version'",
  ],
  [{ events: [{ entity: "COW", action: "CREATED" }] }, "Invalid value"],
])("a webhook with %j is refused", async (wrong, message) => {
  const { post } = await openTestServer();
  const { status, body } = await post("webhooks", {
    name: "ok",
    url: "https://example.org/",
    events: created,
    ...wrong,
  });
  expect([status, body.error_code, body.message]).toEqual([
    400,
    "INVALID_PARAMETER_VALUE",
    expect.stringContaining(message),
  ]);
});

test("what happens in the registry is told, signed, to whoever asked for it", async () => {
  const { post, send } = await openTestServer(near);
  const receiver = await openReceiver();
  const events = [
    ...created,
    { entity: "MODEL_VERSION", action: "CREATED" },
    { entity: "MODEL_VERSION_TAG", action: "SET" },
    { entity: "MODEL_VERSION_TAG", action: "DELETED" },
    { entity: "MODEL_VERSION_ALIAS", action: "CREATED" },
    { entity: "MODEL_VERSION_ALIAS", action: "DELETED" },
    { entity: "PROMPT", action: "CREATED" },
    { entity: "PROMPT_VERSION", action: "CREATED" },
    { entity: "PROMPT_TAG", action: "SET" },
  ];
  await post("webhooks", { name: "all", url: receiver.url, secret: "key", events });
  await post("webhooks", { name: "off", url: receiver.url, status: "DISABLED", events });
  await post("registered-models/create", { name: "m", tags: [{ key: "a", value: "b" }], description: "d" });
  await post("model-versions/create", { name: "m", source: "s3://b/k", run_id: "r" });
  await post("model-versions/set-tag", { name: "m", version: "1", key: "k", value: "v" });
  await send("DELETE", "model-versions/delete-tag", { name: "m", version: "1", key: "k" });
  await post("registered-models/alias", { name: "m", alias: "best", version: "1" });
  await send("DELETE", "registered-models/alias", { name: "m", alias: "best" });
  await post("registered-models/set-tag", { name: "m", key: "not", value: "told" });
  const marks = [{ key: "mlflow.prompt.is_prompt", value: "true" }];
  await post("registered-models/create", { name: "p", tags: marks });
  const text = [...marks, { key: "mlflow.prompt.text", value: "Hello {{name}}" }];
  await post("model-versions/create", { name: "p", source: "dummy-source", tags: text });
  await post("registered-models/set-tag", { name: "p", key: "k", value: "v" });

  const received = await receiver.until(9);
  const told = Object.fromEntries(received.map(({ body }) => [`${body.entity}.${body.action}`, body.data]));
  expect(told).toEqual({
    "registered_model.created": { name: "m", tags: { a: "b" }, description: "d" },
    "model_version.created": {
      name: "m",
      version: "1",
      source: "s3://b/k",
      run_id: "r",
      tags: {},
      description: null,
    },
    "model_version_tag.set": { name: "m", version: "1", key: "k", value: "v" },
    "model_version_tag.deleted": { name: "m", version: "1", key: "k" },
    "model_version_alias.created": { name: "m", alias: "best", version: "1" },
    "model_version_alias.deleted": { name: "m", alias: "best" },
    "prompt.created": { name: "p", tags: {}, description: null },
    "prompt_version.created": {
      name: "p",
      version: "1",
      template: "Hello {{name}}",
      tags: {},
      description: null,
    },
    "prompt_tag.set": { name: "p", key: "k", value: "v" },
  });
  for (const { headers, text: body } of received) {
    const signed = `${headers["x-mlflow-delivery-id"]}.${headers["x-mlflow-timestamp"]}.${body}`;
    const digest = createHmac("sha256", "key").update(signed).digest("base64");
    expect(headers).toMatchObject({
      "content-type": "application/json",
      "x-mlflow-signature": `v1,${digest}`,
    });
  }
});

test("trouble that may pass is tried again with the same id, four times at most; a refusal is not", async () => {
  const { post, store } = await openTestServer(near);
  const statuses = [503, 500, 200, 400, 500, 500, 500, 500];
  const receiver = await openReceiver((nth) => ({ status: statuses[nth] ?? 200 }));
  await post("webhooks", { name: "w", url: receiver.url, events: created });
  await post("registered-models/create", { name: "a" });
  await receiver.until(3);
  await post("registered-models/create", { name: "b" });
  await receiver.until(4);
  await post("registered-models/create", { name: "c" });
  await receiver.until(8);
  await post("registered-models/create", { name: "d" });
  const received = await receiver.until(9);
  expect(received.map(({ body }) => body.data.name)).toEqual([..."aaabccccd"]);
  expect(new Set(received.map(({ headers }) => headers["x-mlflow-delivery-id"])).size).toBe(4);
  await expect.poll(() => store.read("SELECT delivery_id FROM tracking_webhook_deliveries")).toEqual([]);
});

test("a receiver that does not answer holds up no other", async () => {
  const { post } = await openTestServer({ webhooks: { allowPrivate: true, timeoutMs: 300_000 } });
  const silent = await openReceiver(() => "never");
  const prompt = await openReceiver();
  await post("webhooks", { name: "silent", url: silent.url, events: created });
  for (let i = 0; i < 30; i++) await post("registered-models/create", { name: `m${i}` });
  await post("webhooks", { name: "prompt", url: prompt.url, events: created });
  await post("registered-models/create", { name: "told" });
  expect((await prompt.until(1)).map(({ body }) => body.data.name)).toEqual(["told"]);
  expect(silent.received.length).toBeLessThanOrEqual(5);
});

test("what the engine registers is told once, also when it is registered again", async () => {
  const { post, tracking } = await openTestServer(near);
  const receiver = await openReceiver();
  const events = [...created, { entity: "MODEL_VERSION", action: "CREATED" }];
  await post("webhooks", { name: "w", url: receiver.url, events });
  await tracking.startRuns([{ runId: "r", experimentId: "0", name: "r", startTime: 1 }]);
  const registration = { name: "m", runId: "r", source: "model", digest: `sha256:${"a".repeat(64)}` };
  await tracking.registerVersion(registration);
  await tracking.registerVersion(registration);
  await post("registered-models/create", { name: "last" });
  const received = await receiver.until(3);
  const told = received.map(({ body }) => `${body.entity} ${body.data.name} ${body.data.version ?? ""}`);
  expect(told.toSorted()).toEqual(["model_version m 1", "registered_model last ", "registered_model m "]);
});

test("the number of a version that is told is the one it gets, also after a purge", async () => {
  const { post, tracking } = await openTestServer(near);
  const receiver = await openReceiver();
  await tracking.startRuns([{ runId: "r", experimentId: "0", name: "r", startTime: 1 }]);
  await post("registered-models/create", { name: "m" });
  for (let i = 0; i < 2; i++) await post("model-versions/create", { name: "m", source: "s3://b/k" });
  await purgeByName(tracking, { kind: "versions", name: "m", versions: ["2"] });
  const events = [{ entity: "MODEL_VERSION", action: "CREATED" }];
  await post("webhooks", { name: "w", url: receiver.url, events });
  const { body } = await post("model-versions/create", { name: "m", source: "s3://b/k" });
  expect(body.model_version).toMatchObject({ version: "3" });
  const digest = `sha256:${"a".repeat(64)}`;
  await tracking.registerVersion({ name: "m", runId: "r", source: "model", digest });
  await tracking.registerVersion({ name: "new", runId: "r", source: "model", digest });
  const received = await receiver.until(3);
  const told = received.map(({ body: { data } }) => `${data.name} ${data.version}`);
  expect(told.toSorted()).toEqual(["m 3", "m 4", "new 1"]);
});

test("a redirect is not followed, and a name that leads into a private network is not called", async () => {
  const inside = await openReceiver();
  const outside = await openReceiver(() => ({ status: 302, headers: { location: inside.url } }));
  const open = await openTestServer(near);
  const tryOut = async ({ post }: typeof open, url: string) => {
    const { body } = await post("webhooks", { name: "w", url, events: created });
    const { webhook_id } = body.webhook as { webhook_id: string };
    return (await post(`webhooks/${webhook_id}/test`, {})).body.result;
  };
  expect(await tryOut(open, outside.url)).toEqual({ success: true, response_status: 302, response_body: "" });
  const closed = await openTestServer();
  expect(await tryOut(closed, inside.url.replace("127.0.0.1", "localhost"))).toEqual({
    success: false,
    error_message: expect.stringContaining("is not a public address"),
  });
  expect(inside.received).toEqual([]);
});

test("a trial sends an example of the event that is asked for and shows the answer", async () => {
  const { post } = await openTestServer(near);
  const receiver = await openReceiver((nth) => ({
    status: nth === 0 ? 200 : 418,
    body: "x".repeat(100_000),
  }));
  const { body } = await post("webhooks", { name: "w", url: receiver.url, events: created });
  const place = `webhooks/${(body.webhook as { webhook_id: string }).webhook_id}/test`;
  const event = { entity: "MODEL_VERSION_ALIAS", action: "CREATED" };
  expect((await post(place, { event })).body.result).toMatchObject({ success: true, response_status: 200 });
  expect((await post(place)).body.result).toEqual({
    success: false,
    response_status: 418,
    response_body: "x".repeat(16_384),
  });
  expect(receiver.received.map(({ body: told }) => told.data)).toEqual([
    { name: "example_model", alias: "example_alias", version: "1" },
    expect.objectContaining({ name: "example_model", tags: { example_key: "example_value" } }),
  ]);
  expect((await post("webhooks/nobody/test", {})).status).toBe(404);
});

test("a server that stops or dies forgets no delivery: the next one makes it", async () => {
  const test = await openTestTracking(near);
  const { context } = test.tracking;
  const receiver = await openReceiver((nth) => (nth === 0 ? "never" : { status: 200 }));
  const events = [{ entity: "registered_model", action: "created" }] as const;
  await createWebhook(context, { name: "w", url: receiver.url, events });
  // Put down by a server that died before it sent anything.
  await context.outbox.along(context, [{ ...events[0], data: { name: "early" } }], (telling) =>
    createModel(telling, { name: "early", tags: [] }),
  );
  for (const count of [1, 2]) {
    const app = fastify();
    await app.register(trackingRoutes(test.tracking));
    await app.ready();
    await receiver.until(count);
    // The first request is never answered: the server stops in the middle of it.
    await app.close();
  }
  const ids = receiver.received.map(({ headers }) => headers["x-mlflow-delivery-id"]);
  expect(ids[1]).toBe(ids[0]);
  expect(receiver.received.map(({ body }) => body.data.name)).toEqual(["early", "early"]);
});
