import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";

/** A token as it is kept: what cannot be turned back into it. */
export interface StoredToken {
  readonly id: string;
  readonly salt: string;
  readonly digest: string;
}

const form = /^sft_([0-9a-f]{16})_([A-Za-z0-9_-]{43})$/;

/** Makes a token of 256 random bits: `sft_`, an id by which it is found and named, and the secret. */
export function makeToken(): { readonly token: string; readonly stored: StoredToken } {
  const id = randomBytes(8).toString("hex");
  const secret = randomBytes(32).toString("base64url");
  const salt = randomBytes(16).toString("hex");
  return { token: `sft_${id}_${secret}`, stored: { id, salt, digest: digestOf(secret, salt) } };
}

/** Undefined when the text is no token. */
export function parseToken(token: string): { readonly id: string; readonly secret: string } | undefined {
  const [, id, secret] = form.exec(token) ?? [];
  return id === undefined || secret === undefined ? undefined : { id, secret };
}

/** Compares in a time that does not depend on where they differ. */
export function isSecretOf(secret: string, { salt, digest }: StoredToken): boolean {
  return timingSafeEqual(Buffer.from(digestOf(secret, salt), "hex"), Buffer.from(digest, "hex"));
}

/** A secret of 256 random bits cannot be guessed, so one round of a keyed hash is enough. */
function digestOf(secret: string, salt: string): string {
  return createHmac("sha256", salt).update(secret).digest("hex");
}
