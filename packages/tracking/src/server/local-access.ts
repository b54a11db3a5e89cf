import { createHash, timingSafeEqual } from "node:crypto";
import type { Access } from "../access/access.ts";
import { localUser } from "../access/local-user.ts";

/** Takes the token of the server's own record for that of who works at this machine, and all others as before. */
export function withLocalToken(
  access: Pick<Access, "authenticate">,
  local: string,
): Pick<Access, "authenticate"> {
  const known = digest(local);
  return {
    authenticate: async (token) =>
      timingSafeEqual(digest(token), known) ? localUser() : access.authenticate(token),
  };
}

function digest(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}
