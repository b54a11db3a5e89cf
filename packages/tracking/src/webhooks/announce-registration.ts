import type { Context } from "../context.ts";
import { getModel } from "../registry/models.ts";
import type { Registered } from "../registry/register-version.ts";
import { getVersion } from "../registry/versions.ts";
import type { Outbox } from "./outbox.ts";
import { modelCreated, versionCreated } from "./registry-events.ts";

/** Puts down for webhooks what a registration made; one that was there before was told before. */
export async function announceRegistration(
  context: Context & { readonly outbox: Outbox },
  name: string,
  { version, made }: Registered,
): Promise<void> {
  const { outbox } = context;
  if (made.includes("model")) await outbox.announce(modelCreated(await getModel(context, name)));
  if (made.includes("version")) {
    await outbox.announce(versionCreated(await getVersion(context, name, String(version))));
  }
}
