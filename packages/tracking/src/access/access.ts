import type { Context } from "../context.ts";
import { TrackingError } from "../errors.ts";
import { exists, invalid, missing } from "../refusal.ts";
import { type Statement, StoreRefusal } from "../store/index.ts";
import { checkApplication, checkUserName } from "./names.ts";
import { type Actor, everyApplication, type Role, roles } from "./role.ts";
import { isSecretOf, makeToken, parseToken, type StoredToken } from "./token.ts";

export interface User {
  readonly name: string;
  /** Milliseconds since 1970. */
  readonly createdMs: number;
  readonly roles: readonly { readonly application: string; readonly role: Role }[];
  readonly tokens: readonly TokenInfo[];
}

/** What may be told of a token; its secret is kept nowhere. */
export interface TokenInfo {
  readonly id: string;
  readonly label: string;
  readonly createdMs: number;
  readonly expiresMs: number | undefined;
  readonly revokedMs: number | undefined;
}

export interface Grant {
  readonly name: string;
  readonly role: Role;
  /** Default `*`: every application. */
  readonly application?: string;
}

export interface TokenStart {
  readonly user: string;
  /** What it is for, such as `laptop`. Default empty. */
  readonly label?: string;
  /** Milliseconds since 1970; default never. */
  readonly expiresMs?: number | undefined;
}

/**
 * Users, their roles and tokens. There is no user and no password to begin with: who may write the database makes the
 * first admin. Errors: SCANFLOW_TRACKING_INVALID, _EXISTS, _MISSING.
 */
export interface Access {
  /** Makes a user with one role. */
  addUser(grant: Grant): Promise<void>;
  /** Gives a user another role on an application; null takes it away. Not from the last admin: SCANFLOW_TRACKING_LAST_ADMIN. */
  setRole(grant: Omit<Grant, "role"> & { readonly role: Role | null }): Promise<void>;
  /**
   * Removes a user with roles and tokens; what the audit says of the user stays. The last admin goes only with
   * `evenLast`, else SCANFLOW_TRACKING_LAST_ADMIN. A server that runs asks for tokens also when nobody is left.
   */
  removeUser(name: string, options?: { readonly evenLast?: boolean }): Promise<void>;
  listUsers(): Promise<User[]>;
  /** Makes a token and gives it: the only time that it can be read. */
  addToken(start: TokenStart): Promise<{ readonly id: string; readonly token: string }>;
  /** Ends a token by its id, at once. */
  revokeToken(id: string): Promise<void>;
  /** Who has the token; undefined when it is unknown, expired or revoked. */
  authenticate(token: string): Promise<Actor | undefined>;
}

/**
 * Opens the users of a tracker's store.
 *
 * ```ts
 * import { openAccess, trackingMigrations } from "@scanflow/tracking";
 * import { openStore } from "@scanflow/tracking/store";
 *
 * const store = await openStore<unknown>({ location: "tracking.db", migrations: trackingMigrations });
 * const access = openAccess({ store });
 * await access.addUser({ name: "mira", role: "editor", application: "digits" });
 * const { token } = await access.addToken({ user: "mira", label: "laptop" });
 * ```
 */
export function openAccess(options: Pick<Context, "store"> & Partial<Pick<Context, "now">>): Access {
  const context: Context = { now: Date.now, ...options };
  return {
    addUser: (grant) => addUser(context, grant),
    setRole: (grant) => setRole(context, grant),
    removeUser: (name, options) => removeUser(context, name, options),
    listUsers: () => listUsers(context),
    addToken: (start) => addToken(context, start),
    revokeToken: (id) => revokeToken(context, id),
    authenticate: (token) => authenticate(context, token),
  };
}

async function addUser({ store, now }: Context, { name, role, application }: Grant): Promise<void> {
  checkUserName(name);
  const grant = [name, checkApplication(application), checkRole(role)];
  try {
    await store.write([
      { sql: "SELECT name FROM access_users WHERE name = ?", params: [name], refuse: "name-taken" },
      { sql: "INSERT INTO access_users (name, created_ms) VALUES (?, ?)", params: [name, now()] },
      { sql: "INSERT INTO access_roles (user_name, application, role) VALUES (?, ?, ?)", params: grant },
    ]);
  } catch (error) {
    if (!(error instanceof StoreRefusal)) throw error;
    throw exists(`There is a user "${name}" already. Choose another name, or change that user's role.`);
  }
}

async function setRole(
  context: Context,
  { name, role, application = everyApplication }: Omit<Grant, "role"> & { role: Role | null },
): Promise<void> {
  checkApplication(application);
  await checkUser(context, name);
  const grant =
    role === null
      ? {
          sql: "DELETE FROM access_roles WHERE user_name = ? AND application = ?",
          params: [name, application],
        }
      : {
          sql: `INSERT INTO access_roles (user_name, application, role) VALUES (?, ?, ?)
            ON CONFLICT (user_name, application) DO UPDATE SET role = excluded.role`,
          params: [name, application, checkRole(role)],
        };
  const keeps = application !== everyApplication || role === "admin";
  await writeUnlessLast(context, name, [...(keeps ? [] : [lastAdmin(name)]), grant]);
}

async function removeUser(context: Context, name: string, { evenLast = false } = {}): Promise<void> {
  const remove = { sql: "DELETE FROM access_users WHERE name = ?", params: [name] };
  const results = await writeUnlessLast(context, name, [...(evenLast ? [] : [lastAdmin(name)]), remove]);
  if (results.at(-1)?.changes === 0) throw userMissing(name);
}

/** Finds a row when the user is the only admin of everything. */
function lastAdmin(name: string): Statement {
  return {
    sql: `SELECT r.user_name FROM access_roles r
      WHERE r.user_name = ? AND r.application = '*' AND r.role = 'admin' AND NOT EXISTS (
        SELECT 1 FROM access_roles o WHERE o.application = '*' AND o.role = 'admin' AND o.user_name <> ?)`,
    params: [name, name],
    refuse: "last-admin",
  };
}

async function writeUnlessLast({ store }: Context, name: string, unit: readonly Statement[]) {
  try {
    return await store.write(unit);
  } catch (error) {
    if (!(error instanceof StoreRefusal)) throw error;
    throw new TrackingError(
      "SCANFLOW_TRACKING_LAST_ADMIN",
      `"${name}" is the last admin of everything. Make another one first ("scanflow user NAME --role admin"), or remove even the last one with --remove --last.`,
    );
  }
}

async function listUsers({ store }: Context): Promise<User[]> {
  const [users = [], granted = [], tokens = []] = await store.snapshot([
    { sql: "SELECT name, created_ms FROM access_users ORDER BY name" },
    { sql: "SELECT user_name, application, role FROM access_roles ORDER BY application" },
    {
      sql: "SELECT id, user_name, label, created_ms, expires_ms, revoked_ms FROM access_tokens ORDER BY created_ms, id",
    },
  ]);
  return users.map(({ name, created_ms: createdMs }) => ({
    name: String(name),
    createdMs: Number(createdMs),
    roles: granted
      .filter((row) => row.user_name === name)
      .map(({ application, role }) => ({ application: String(application), role: role as Role })),
    tokens: tokens
      .filter((row) => row.user_name === name)
      .map((row) => ({
        id: String(row.id),
        label: String(row.label),
        createdMs: Number(row.created_ms),
        expiresMs: row.expires_ms === null ? undefined : Number(row.expires_ms),
        revokedMs: row.revoked_ms === null ? undefined : Number(row.revoked_ms),
      })),
  }));
}

async function addToken(context: Context, { user, label = "", expiresMs }: TokenStart) {
  const at = context.now();
  if (expiresMs !== undefined && !(expiresMs > at)) {
    throw invalid("The token would have expired already. Give a time that is still to come.");
  }
  await checkUser(context, user);
  const { token, stored } = makeToken();
  await context.store.write([
    {
      sql: `INSERT INTO access_tokens (id, user_name, label, salt, digest, created_ms, expires_ms)
        VALUES (?, ?, ?, ?, ?, ?, ?)`,
      params: [stored.id, user, label, stored.salt, stored.digest, at, expiresMs ?? null],
    },
  ]);
  return { id: stored.id, token };
}

async function revokeToken({ store, now }: Context, id: string): Promise<void> {
  const [revoked] = await store.write([
    {
      sql: "UPDATE access_tokens SET revoked_ms = COALESCE(revoked_ms, ?) WHERE id = ?",
      params: [now(), id],
    },
  ]);
  if (revoked?.changes === 0) throw missing(`There is no token "${id}". Look for its id among the users.`);
}

/** One read, and none of it remembered: what is revoked or taken away counts from the next request on. */
async function authenticate({ store, now }: Context, token: string): Promise<Actor | undefined> {
  const parsed = parseToken(token);
  if (!parsed) return undefined;
  const rows = await store.read<StoredToken & { user_name: string; application: string | null; role: Role }>(
    `SELECT t.id, t.salt, t.digest, t.user_name, r.application, r.role FROM access_tokens t
      LEFT JOIN access_roles r ON r.user_name = t.user_name
      WHERE t.id = ? AND t.revoked_ms IS NULL AND (t.expires_ms IS NULL OR t.expires_ms > ?)`,
    [parsed.id, now()],
  );
  const [first] = rows;
  if (!first || !isSecretOf(parsed.secret, first)) return undefined;
  const granted = rows.flatMap(({ application, role }) =>
    application === null ? [] : [[application, role] as const],
  );
  return { name: first.user_name, roles: new Map(granted) };
}

function checkRole(role: string): Role {
  const known = roles.find((one) => one === role);
  if (known) return known;
  throw invalid(`There is no role "${role}". Use one of ${roles.join(", ")}.`);
}

async function checkUser({ store }: Context, name: string): Promise<void> {
  const found = await store.read("SELECT name FROM access_users WHERE name = ?", [name]);
  if (found.length === 0) throw userMissing(name);
}

function userMissing(name: string): Error {
  return missing(`There is no user "${name}". Make the user first.`);
}
