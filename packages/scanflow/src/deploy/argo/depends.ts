import { condition, passedTasks, tellersOf } from "./condition.ts";
import { type Atom, atomsOf, type Formula } from "./formula.ts";
import type { Scope } from "./scope.ts";

/**
 * A formula in the words of `depends`, which also waits for the end of `awaited`. A bare name means "succeeded or
 * skipped" there, which is just what order asks for. What only an expression can say is told by a task of its own.
 */
export function depends(scope: Scope, formula: Formula, awaited: Iterable<string>): string {
  const whole = formula.kind === "constant" ? "" : logic(scope, formula);
  const text = formula.kind === "all" ? whole.replace(/^\((.*)\)$/, "$1") : whole;
  const named = new Set(text.match(/[A-Za-z][-A-Za-z0-9]*(?=\.|\b)/g) ?? []);
  const ends = [...awaited].filter((name) => !named.has(name)).map(ended);
  return [...(text === "" ? [] : [text]), ...ends].join(" && ");
}

/** Whether a formula speaks of nothing but how tasks of this DAG ended for Argo. */
export function isPlain(scope: Scope, formula: Formula): boolean {
  return atomsOf(formula).every(({ task, is }) => {
    return (
      !is.includes(":") &&
      is !== "lost" &&
      scope.placeOf(task).kind === "here" &&
      tellersOf(scope, task).length === 0
    );
  });
}

function ended(name: string): string {
  return `(${["Succeeded", "Failed", "Errored", "Skipped", "Omitted"].map((end) => `${name}.${end}`).join(" || ")})`;
}

function logic(scope: Scope, formula: Formula): string {
  switch (formula.kind) {
    case "constant":
      throw new Error("A constant stands in a formula. Report this as a bug.");
    case "atom":
      return holds(scope, formula);
    case "not":
      return formula.of.kind === "atom" ? holdsNot(scope, formula.of) : `!(${logic(scope, formula.of)})`;
    case "any":
      return disjunction(scope, formula.of);
    case "all":
      return conjunction(scope, formula.of);
  }
}

/** Of what was either taken or passed, or succeeded or was skipped, the bare name says so. */
function disjunction(scope: Scope, parts: readonly Formula[]): string {
  const said = new Set(parts.flatMap((part) => (part.kind === "atom" ? [keyOf(part)] : [])));
  const texts = parts.flatMap((part): readonly string[] => {
    if (part.kind !== "atom" || !isHere(scope, part.task)) return [logic(scope, part)];
    const { task, is } = part;
    const [kind, branch = ""] = is.split(":");
    const later = kind === "passed" ? passedTasks(scope, task, Number(branch)).slice(1) : [];
    if (kind === "passed" && later.length === 0 && said.has(`${task} took:${branch}`)) return [];
    const whole =
      said.has(`${task} passed:${branch}`) && passedTasks(scope, task, Number(branch)).length === 1;
    if (kind === "took" && whole) return [scope.names.of(task, branch)];
    const isEntry = scope.index.task(task).kind === "entry";
    if (isEntry && is === "skipped" && said.has(`${task} succeeded`)) return [];
    if (isEntry && is === "succeeded" && said.has(`${task} skipped`)) return [scope.names.of(task)];
    return [logic(scope, part)];
  });
  const different = [...new Set(texts)];
  return different.length === 1 ? (different[0] ?? "") : `(${different.join(" || ")})`;
}

/** Who neither failed nor stands behind a failure succeeded or was skipped. */
function conjunction(scope: Scope, parts: readonly Formula[]): string {
  const denied = new Set(
    parts.flatMap((part) => (part.kind === "not" && part.of.kind === "atom" ? [keyOf(part.of)] : [])),
  );
  const texts = parts.flatMap((part): string[] => {
    if (part.kind !== "not" || part.of.kind !== "atom") return [logic(scope, part)];
    const { task, is } = part.of;
    const fine = denied.has(`${task} failed`) && denied.has(`${task} upstream-failed`) && isHere(scope, task);
    if (!fine || (is !== "failed" && is !== "upstream-failed")) return [holdsNot(scope, part.of)];
    if (is === "upstream-failed") return [];
    const told = tellersOf(scope, task).map(
      ({ name, bad }) => `!${name}.${bad === "Error" ? "Errored" : bad}`,
    );
    return [scope.names.of(task), ...told];
  });
  const different = [...new Set(texts)];
  return different.length === 1 ? (different[0] ?? "") : `(${different.join(" && ")})`;
}

function keyOf({ task, is }: Atom): string {
  return `${task} ${is}`;
}

function isHere(scope: Scope, id: string): boolean {
  return scope.placeOf(id).kind === "here";
}

function holdsNot(scope: Scope, atom: Atom): string {
  return `!${holds(scope, atom)}`;
}

function holds(scope: Scope, atom: Atom): string {
  const { task, is } = atom;
  if (isHere(scope, task)) {
    const name = scope.names.of(task);
    const told = tellersOf(scope, task).map(
      ({ name: teller, bad }) => `${teller}.${bad === "Error" ? "Errored" : bad}`,
    );
    if (is === "skipped") return `${name}.Skipped`;
    if (is === "upstream-failed") return `${name}.Omitted`;
    if (is === "failed") return `(${[`${name}.Failed`, `${name}.Errored`, ...told].join(" || ")})`;
    if (is === "succeeded") {
      const well =
        scope.index.task(task).kind === "service"
          ? `(${name}.Succeeded || ${name}.Daemoned)`
          : `${name}.Succeeded`;
      return told.length === 0 ? well : `(${[well, ...told.map((each) => `!${each}`)].join(" && ")})`;
    }
    if (is.startsWith("passed:")) {
      const [branch, ...later] = passedTasks(scope, task, Number(is.slice("passed:".length)));
      const texts = [`${branch}.Skipped`, ...later.map((each) => `!${each}.Errored`)];
      return texts.length === 1 ? (texts[0] ?? "") : `(${texts.join(" && ")})`;
    }
    if (is.startsWith("took:")) return `${scope.names.of(task, is.slice("took:".length))}.Succeeded`;
  }
  const teller = scope.names.of(task, `is-${is}`);
  if (!scope.tellers.has(teller)) scope.tellers.set(teller, condition(scope, atom));
  return `${teller}.Succeeded`;
}
