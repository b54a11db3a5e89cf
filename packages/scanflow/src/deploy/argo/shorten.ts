import type { DagTask } from "./dag-tasks.ts";

const NAME = /[A-Za-z][-A-Za-z0-9]*/;
const ENDED = new RegExp(
  `(?: && )?\\((${NAME.source})\\.Succeeded \\|\\| \\1\\.Failed \\|\\| \\1\\.Errored \\|\\| \\1\\.Skipped \\|\\| \\1\\.Omitted\\)`,
  "g",
);
const WORD = new RegExp(`(${NAME.source})(\\.[A-Z][a-z]+)?`, "g");

/** The same tasks without waiting for what others that they wait for have waited for already. */
export function shorten(tasks: readonly DagTask[]): readonly DagTask[] {
  const needed = new Map(tasks.map(({ name, depends = "" }) => [name, namedIn(depends)]));
  return tasks.map((task) => {
    const { depends = "", ...rest } = task;
    if (!depends.includes(".Omitted)")) return task;
    const behind = new Set<string>();
    for (const name of needed.get(task.name) ?? [])
      for (const each of needed.get(name) ?? []) behind.add(each);
    for (const name of behind) for (const each of needed.get(name) ?? []) behind.add(each);
    const short = depends.replaceAll(ENDED, (whole, name: string) => (behind.has(name) ? "" : whole));
    const text = short.replace(/^ && /, "");
    return text === "" ? rest : { ...rest, depends: text };
  });
}

function namedIn(depends: string): readonly string[] {
  return [...new Set(Array.from(depends.matchAll(WORD), ([, name = ""]) => name))];
}
