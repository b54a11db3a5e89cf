import type { Access, User } from "@scanflow/tracking";
import { z } from "zod";
import type { CommandFunction } from "../command.ts";
import { EXIT } from "../exit-code.ts";
import type { Output } from "../output.ts";
import { readOptions, span } from "../read-options.ts";
import { table } from "../text/table.ts";
import { DEFAULT_STORE } from "../tracker-options.ts";
import { codedUsageError } from "../usage-error.ts";

const Options = z.object({
  role: z.enum(["viewer", "editor", "admin", "none"], "must be viewer, editor, admin or none").optional(),
  application: z.string().min(1, "must name an application").optional(),
  token: z.boolean().default(false),
  expires: span.optional(),
  revoke: z.string().optional(),
  remove: z.boolean().default(false),
  last: z.boolean().default(false),
  store: z.string().default(DEFAULT_STORE),
});
type Asked = z.output<typeof Options>;

interface Changed {
  readonly name: string;
  readonly change: "made" | "changed" | "removed";
  /** Shown this once. */
  readonly token?: string;
  /** Nobody was there before: from now on the tracker asks for tokens. */
  readonly first?: boolean;
}

export const command: CommandFunction = async ({ arguments: [name], options, directory, output }) => {
  const asked = readOptions(Options, options);
  const { withAccess } = await import("@scanflow/tracking/server");
  await withAccess({ store: asked.store, folder: directory }, async (access) => {
    if (name === undefined) list(await access.listUsers(), output);
    else tell(await change(access, name, asked), output);
  });
  return EXIT.done;
};

async function change(access: Access, name: string, asked: Asked): Promise<Changed> {
  const { role, application = "*", token, expires, revoke, remove, last } = asked;
  if (last && !remove) throw codedUsageError("--last goes with --remove: it removes the last admin, too.");
  if (remove) {
    await access.removeUser(name, { evenLast: last });
    return { name, change: "removed" };
  }
  const users = await access.listUsers();
  const known = users.find((user) => user.name === name);
  if (revoke !== undefined) {
    if (!known?.tokens.some(({ id }) => id === revoke)) {
      throw codedUsageError(`User "${name}" has no token "${revoke}". "scanflow user" lists their ids.`);
    }
    await access.revokeToken(revoke);
    return { name, change: "changed" };
  }
  if (known && role === undefined && !token) {
    throw codedUsageError(
      `There is a user "${name}" already. Say --role for another role, --token for another token, --revoke to end one, or --remove.`,
    );
  }
  if (!known) {
    if (role === "none") throw codedUsageError(`There is no user "${name}" to take a role from.`);
    await access.addUser({ name, role: role ?? "viewer", application });
  } else if (role !== undefined) {
    await access.setRole({ name, role: role === "none" ? null : role, application });
  }
  const expiresMs = expires === undefined ? undefined : Date.now() + expires;
  const made = known && !token ? undefined : await access.addToken({ user: name, expiresMs });
  return {
    name,
    change: known ? "changed" : "made",
    ...(made ? { token: made.token } : {}),
    ...(users.length === 0 ? { first: true } : {}),
  };
}

function tell(changed: Changed, output: Output): void {
  if (output.json) {
    output.document(changed);
    return;
  }
  const { name, change, token, first } = changed;
  output.line(`User ${name} ${change}.`);
  if (token === undefined) return;
  output.line(`MLFLOW_TRACKING_TOKEN=${token}`);
  output.note("The token is shown this once.");
  if (first) output.note("This is the first user: from now on the tracker asks everybody for a token.");
}

function list(users: readonly User[], output: Output): void {
  if (output.json) {
    output.document(users);
    return;
  }
  const rows = users.map(({ name, roles, tokens }) => [
    name,
    roles
      .map(({ application, role }) => (application === "*" ? role : `${role} of ${application}`))
      .join(", ") || "no role",
    tokens
      .filter(({ revokedMs }) => revokedMs === undefined)
      .map(({ id, expiresMs }) => (expiresMs === undefined ? id : `${id} until ${isoTime(expiresMs)}`))
      .join(", ") || "no token",
  ]);
  for (const line of table(rows)) output.line(line);
  if (users.length === 0) output.note('There are no users. Make one with "scanflow user NAME --role admin".');
}

function isoTime(ms: number): string {
  return new Date(ms).toISOString();
}
