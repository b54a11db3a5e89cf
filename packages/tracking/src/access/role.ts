/** Each may do what those before it may: a viewer reads, an editor writes, an admin grants and audits. */
export const roles = ["viewer", "editor", "admin"] as const;
export type Role = (typeof roles)[number];

/** Stands for every application, those to come too. */
export const everyApplication = "*";

/** Who asks, and what that one may do. */
export interface Actor {
  readonly name: string;
  /** By application; `*` is every application. */
  readonly roles: ReadonlyMap<string, Role>;
}

/** Whether the actor has at least this role on the application (`*`: on all of them). */
export function may({ roles: granted }: Actor, role: Role, application: string): boolean {
  return [granted.get(application), granted.get(everyApplication)].some(
    (own) => own !== undefined && roles.indexOf(own) >= roles.indexOf(role),
  );
}

/** The applications on which the actor has at least this role; undefined stands for every one. */
export function applicationsOf(actor: Actor, role: Role): string[] | undefined {
  if (may(actor, role, everyApplication)) return undefined;
  return [...actor.roles.keys()].filter((application) => may(actor, role, application)).sort();
}

/** The application that an actor works for, when it is a single one: what is made without naming one goes there. */
export function homeOf(actor: Actor): string | undefined {
  const edited = applicationsOf(actor, "editor");
  return edited?.length === 1 ? edited[0] : undefined;
}
