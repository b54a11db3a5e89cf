import { hash } from "node:crypto";
import type { AttemptPlace, AttemptSpec } from "../runner.ts";

const prefix = "org.scanflow.";

/** By which everything is found that the owner of a state folder made in a daemon. `folder`: its path (absolute). */
export function ownerLabel(folder: string): Labels {
  return { [`${prefix}owner`]: hash("sha256", folder).slice(0, 16) };
}

export type Labels = Readonly<Record<string, string>>;

/** By which everything of one run is found. */
export function runLabel(run: string): Labels {
  return { [`${prefix}run`]: run };
}

/** Of what the attempts of a run share. */
export function runLabels({ run, origin }: Pick<AttemptSpec, "run" | "origin">): Labels {
  return {
    ...runLabel(run),
    ...(origin && {
      [`${prefix}application`]: origin.application,
      [`${prefix}workflow`]: origin.workflow,
      [`${prefix}group`]: origin.group,
    }),
  };
}

export function attemptLabels(spec: AttemptPlace & Pick<AttemptSpec, "origin">): Labels {
  const { task, attempt, token } = spec;
  return {
    ...runLabels(spec),
    [`${prefix}task`]: task,
    [`${prefix}attempt`]: String(attempt),
    [`${prefix}token`]: token,
  };
}

/** By which the container of one attempt is found. */
export function tokenLabel(token: string): Labels {
  return { [`${prefix}token`]: token };
}

/** As filters of lists want them. */
export function filterOf(labels: Labels): string[] {
  return Object.entries(labels).map(([name, value]) => `${name}=${value}`);
}

/** The run that something was made for. */
export function runOf(labels: Labels | null): string | undefined {
  return labels?.[`${prefix}run`];
}

/**
 * A name that the daemon accepts and people can read: `parts` joined by dashes; what is long is cut and kept apart by a
 * digest.
 */
export function dockerName(...parts: readonly string[]): string {
  const whole = ["scanflow", ...parts].filter((part) => part !== "").join("-");
  const plain = whole.toLowerCase().replaceAll(/[^a-z0-9_.-]+/g, ".");
  // What was replaced may be the only difference.
  if (plain === whole && plain.length <= 100) return plain;
  return `${plain.slice(0, 80)}-${hash("sha256", whole).slice(0, 8)}`;
}
