import { TrackingError } from "../errors.ts";
import { accessTable, type Need, type Rule } from "./access-table.ts";
import type { Asked } from "./places.ts";
import { type Actor, everyApplication, may } from "./role.ts";

/** Why an actor may not do what is asked; undefined when it may. A rule that is missing lets nobody pass. */
export async function refusalOf(rule: Rule | undefined, asked: Asked): Promise<TrackingError | undefined> {
  if (rule === undefined) return denied("This route is not open to users.");
  if (typeof rule === "string") return undefined;
  for (const need of rule) {
    const refusal = await unmet(need, asked);
    if (refusal) return refusal;
  }
  return undefined;
}

/**
 * Judges a part of a request that is asked like a route of the protocol, such as `GET runs/get`.
 * Errors: SCANFLOW_TRACKING_DENIED. Without an actor there is nothing to judge.
 */
export async function authorise(
  context: Asked["context"] & { readonly actor?: Actor | undefined },
  row: string,
  input: Asked["input"],
): Promise<void> {
  const { actor } = context;
  if (actor === undefined) return;
  const rule = Object.hasOwn(accessTable, row) ? accessTable[row] : undefined;
  const refusal = await refusalOf(rule, { context, actor, input });
  if (refusal) throw refusal;
}

async function unmet({ role, on }: Need, asked: Asked): Promise<TrackingError | undefined> {
  const { actor } = asked;
  if (may(actor, role, everyApplication)) return undefined;
  const found = await Promise.all(on.map((finder) => finder(asked)));
  const places = [...new Set(found.flat())];
  // Nothing of the kind is there: the route says so to those who might have been let in to it.
  if (places.length === 0) {
    const anywhere = [...actor.roles.keys()].some((application) => may(actor, role, application));
    return anywhere ? undefined : deniedRole(actor, role, everyApplication);
  }
  const closed = places.find((application) => !may(actor, role, application));
  return closed === undefined ? undefined : deniedRole(actor, role, closed);
}

function deniedRole({ name }: Actor, role: string, application: string): TrackingError {
  const where = application === everyApplication ? "every application" : `the application "${application}"`;
  return denied(`User "${name}" needs the role ${role} on ${where} for this. Ask an admin of the tracker.`);
}

function denied(message: string): TrackingError {
  return new TrackingError("SCANFLOW_TRACKING_DENIED", message);
}
