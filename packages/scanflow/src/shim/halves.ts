import { nothing, readResult, troubleOf } from "./attempt/carry-out.ts";
import { fetchAll } from "./attempt/fetch.ts";
import { LoggedShipper } from "./attempt/logged-shipper.ts";
import { publishAll } from "./attempt/publish.ts";
import { bringCheckpoint } from "./attend/bring.ts";
import { Fenced, GatewayClient } from "./gateway-client.ts";
import { ownCommand } from "./own-command.ts";
import { type ClaimAnswer, type End, type EndAnswer, type Order, protocolVersion } from "./protocol.ts";
import type { Settings } from "./settings.ts";
import { tell } from "./work.ts";

/** The first half of an attempt whose command the platform runs: inputs, code and files. Gives the exit code. */
export async function fetchHalf(settings: Settings): Promise<number> {
  const { client, order } = await ordered(settings);
  try {
    await fetchAll(client, order);
    await bringCheckpoint(client, order);
    return 0;
  } catch (error) {
    if (error instanceof Fenced) throw error;
    const { message } = await client.post<EndAnswer>("/attempt/end", {
      ...nothing,
      trouble: troubleOf(error),
    });
    tell(message);
    return 1;
  }
}

/** The last half: what the command logged, its result and its outputs. To be run where the command ended with 0. */
export async function publishHalf(settings: Settings): Promise<number> {
  const { client, order } = await ordered(settings);
  const { kind, message } = await client.post<EndAnswer>("/attempt/end", await endOf(client, order));
  tell(message);
  return kind === "succeeded" ? 0 : 1;
}

async function endOf(client: GatewayClient, order: Order): Promise<End> {
  const exited: End = { ...nothing, exit: { code: 0, signal: null } };
  try {
    const logged = order.places.logged === null ? undefined : new LoggedShipper(client, order.places.logged);
    await logged?.end();
    const lastLogged = (await logged?.last()) ?? null;
    const result = await readResult(order.places.result);
    return { ...exited, ...result, lastLogged, ...(await publishAll(client, order)) };
  } catch (error) {
    if (error instanceof Fenced) throw error;
    return { ...exited, trouble: troubleOf(error) };
  }
}

/** The order of the attempt whose token was given. */
async function ordered(settings: Settings): Promise<{ client: GatewayClient; order: Order }> {
  const client = new GatewayClient(settings, { patience: settings.patienceMs, isOfAttempt: true });
  const claim = { version: protocolVersion, task: null, site: settings.site, shim: ownCommand() };
  const answer = await client.post<ClaimAnswer>("/claim", claim);
  if (answer.kind === "order") return { client: client.as(answer.order.token), order: answer.order };
  throw new Error("the gateway gave no order to the token of an attempt");
}
