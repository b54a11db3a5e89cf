import { expect, test } from "vitest";
import { openTestTracking } from "../test-tracking.support.ts";
import { openAccess } from "./access.ts";

async function open() {
  const { store, tracking, passMs } = await openTestTracking();
  return { store, passMs, access: openAccess({ store, now: tracking.context.now }) };
}

test("there is nobody to begin with, and an unknown token is nobody's", async () => {
  const { access } = await open();
  expect(await access.listUsers()).toEqual([]);
  for (const token of ["", "admin", `sft_${"0".repeat(16)}_${"A".repeat(43)}`]) {
    expect(await access.authenticate(token)).toBeUndefined();
  }
});

test("a token of 256 random bits names its user and the roles, and is kept nowhere", async () => {
  const { access, store } = await open();
  await access.addUser({ name: "mira", role: "editor", application: "digits" });
  await access.setRole({ name: "mira", application: "fraud", role: "viewer" });
  const { id, token } = await access.addToken({ user: "mira", label: "laptop" });
  const secret = token.slice(-43);
  expect(Buffer.from(secret, "base64url")).toHaveLength(32);
  expect(await access.authenticate(token)).toEqual({
    name: "mira",
    roles: new Map([
      ["digits", "editor"],
      ["fraud", "viewer"],
    ]),
  });
  expect(JSON.stringify(await store.read("SELECT * FROM access_tokens"))).not.toContain(secret);
  const [user] = await access.listUsers();
  expect(user?.tokens).toMatchObject([{ id, label: "laptop" }]);
});

test("the id of one token with the secret of another is nobody's", async () => {
  const { access } = await open();
  await access.addUser({ name: "mira", role: "admin" });
  const first = await access.addToken({ user: "mira" });
  const second = await access.addToken({ user: "mira" });
  expect(await access.authenticate(`sft_${first.id}_${second.token.slice(-43)}`)).toBeUndefined();
});

test("a token ends when it expires, when it is revoked, and with its user", async () => {
  const { access, passMs } = await open();
  await access.addUser({ name: "mira", role: "admin" });
  const short = await access.addToken({ user: "mira", expiresMs: 1_000_500 });
  const revoked = await access.addToken({ user: "mira" });
  const kept = await access.addToken({ user: "mira" });
  passMs(499);
  expect(await access.authenticate(short.token)).toMatchObject({ name: "mira" });
  passMs(1);
  expect(await access.authenticate(short.token)).toBeUndefined();
  await access.revokeToken(revoked.id);
  expect(await access.authenticate(revoked.token)).toBeUndefined();
  expect(await access.authenticate(kept.token)).toMatchObject({ name: "mira" });
  await access.removeUser("mira", { evenLast: true });
  expect(await access.authenticate(kept.token)).toBeUndefined();
});

test("a role that is taken away or changed counts from the next request on", async () => {
  const { access } = await open();
  await access.addUser({ name: "mira", role: "viewer" });
  const { token } = await access.addToken({ user: "mira" });
  await access.setRole({ name: "mira", role: "editor" });
  expect(await access.authenticate(token)).toMatchObject({ roles: new Map([["*", "editor"]]) });
  await access.setRole({ name: "mira", role: null });
  expect(await access.authenticate(token)).toEqual({ name: "mira", roles: new Map() });
});

test("the last admin stays, unless it is meant", async () => {
  const { access } = await open();
  await access.addUser({ name: "ada", role: "admin" });
  await access.addUser({ name: "eda", role: "editor" });
  await access.addUser({ name: "dora", role: "admin", application: "digits" });
  const refused = { code: "SCANFLOW_TRACKING_LAST_ADMIN", message: expect.stringContaining('"ada"') };
  await expect(access.removeUser("ada")).rejects.toMatchObject(refused);
  await expect(access.setRole({ name: "ada", role: "viewer" })).rejects.toMatchObject(refused);
  await expect(access.setRole({ name: "ada", role: null })).rejects.toMatchObject(refused);
  await access.setRole({ name: "ada", role: "admin" });
  await access.setRole({ name: "ada", role: "viewer", application: "digits" });
  await access.setRole({ name: "eda", role: "admin" });
  await access.setRole({ name: "ada", role: null });
  await access.removeUser("ada");
  await access.removeUser("dora");
  await expect(access.removeUser("eda")).rejects.toMatchObject({ code: "SCANFLOW_TRACKING_LAST_ADMIN" });
  await access.removeUser("eda", { evenLast: true });
  expect(await access.listUsers()).toEqual([]);
});

test.each([
  ["a name that is taken", "EXISTS", (a: Access) => a.addUser({ name: "mira", role: "viewer" })],
  ["a name that is none", "INVALID", (a: Access) => a.addUser({ name: "a b", role: "viewer" })],
  ["a role that is none", "INVALID", (a: Access) => a.addUser({ name: "b", role: "owner" as "admin" })],
  [
    "an application that is none",
    "INVALID",
    (a: Access) => a.setRole({ name: "mira", role: "admin", application: "a/b" }),
  ],
  ["a user who is not there", "MISSING", (a: Access) => a.setRole({ name: "nobody", role: "viewer" })],
  ["removing a user who is not there", "MISSING", (a: Access) => a.removeUser("nobody")],
  ["a token for nobody", "MISSING", (a: Access) => a.addToken({ user: "nobody" })],
  ["a token that has expired", "INVALID", (a: Access) => a.addToken({ user: "mira", expiresMs: 1_000_000 })],
  ["revoking a token that is not there", "MISSING", (a: Access) => a.revokeToken("0")],
])("%s is refused", async (_, code, act) => {
  const { access } = await open();
  await access.addUser({ name: "mira", role: "viewer" });
  await expect(act(access)).rejects.toMatchObject({ code: `SCANFLOW_TRACKING_${code}` });
  expect(await access.listUsers()).toMatchObject([{ name: "mira", tokens: [] }]);
});

type Access = ReturnType<typeof openAccess>;
