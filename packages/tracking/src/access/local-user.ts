import { userInfo } from "node:os";
import { type Actor, everyApplication } from "./role.ts";

/** Who works at this machine without logging in: may do everything, under the name that is given or the system's. */
export function localUser(name = systemName()): Actor {
  return { name, roles: new Map([[everyApplication, "admin"]]) };
}

/** In a container the user may have no name. */
function systemName(): string {
  try {
    return userInfo().username;
  } catch {
    return `user ${process.getuid?.() ?? "unknown"}`;
  }
}
