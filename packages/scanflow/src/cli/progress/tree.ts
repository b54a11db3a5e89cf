import { isSettled, type ViewTask } from "./view-task.ts";

/** A task, a nested workflow or a map, with what lies inside it. */
export interface Branch {
  /** Its own part of the id: `softmax`, or for an item of a map `[2]` with the item. */
  readonly name: string;
  readonly task: ViewTask | null;
  readonly inside: readonly Branch[];
}

/** A row of the picture. */
export interface Leaf {
  readonly depth: number;
  readonly branch: Branch;
  /** What is inside is not shown; these are the tasks there. */
  readonly folded: readonly ViewTask[];
}

interface Growing {
  readonly name: string;
  task: ViewTask | null;
  readonly inside: Map<string, Growing>;
}

/**
 * Tasks by the paths in their ids: `train/softmax` lies in `train`, `fit[2]` in `fit`. `itemOf` says what the index at
 * the end of a path stands for.
 */
export function branchesOf(
  tasks: Iterable<ViewTask>,
  itemOf: (path: string) => string = () => "",
): readonly Branch[] {
  const root: Growing = { name: "", task: null, inside: new Map() };
  for (const task of tasks) {
    let at = root;
    for (const { 0: part, index } of task.id.matchAll(/\[\d+\]|[^/[\]]+/g)) {
      let next = at.inside.get(part);
      if (!next) {
        const item = part.startsWith("[") ? itemOf(task.id.slice(0, index + part.length)) : "";
        next = { name: item === "" ? part : `${part} ${item}`, task: null, inside: new Map() };
        at.inside.set(part, next);
      }
      at = next;
    }
    at.task = task;
  }
  return grown(root).inside;
}

function grown({ name, task, inside }: Growing): Branch {
  return { name, task, inside: [...inside.values()].map(grown) };
}

/** All tasks that lie inside, at any depth. */
export function tasksInside({ inside }: Branch): ViewTask[] {
  return inside.flatMap((branch) => [
    ...(branch.task && branch.inside.length === 0 ? [branch.task] : []),
    ...tasksInside(branch),
  ]);
}

/** Rows for at most so many lines: what is quiet is folded first, then what matters least is left out. */
export function rowsOf(branches: readonly Branch[], most: number): { rows: Leaf[]; left: ViewTask[] } {
  for (const fold of [never, allWell, allQuiet]) {
    const rows = flat(branches, 0, fold);
    if (rows.length <= most) return { rows, left: [] };
  }
  const rows = flat(branches, 0, allQuiet);
  const ranked = rows.map((row, place) => ({ row, place })).sort((a, b) => rank(b.row) - rank(a.row));
  const kept = ranked.slice(0, Math.max(0, most - 1)).sort((a, b) => a.place - b.place);
  const left = ranked.slice(Math.max(0, most - 1)).flatMap(({ row }) => {
    if (row.folded.length > 0) return row.folded;
    return row.branch.task ? [row.branch.task] : [];
  });
  return { rows: kept.map(({ row }) => row), left };
}

type Fold = (tasks: readonly ViewTask[]) => boolean;

const never: Fold = () => false;
const allWell: Fold = (tasks) => tasks.every((task) => isSettled(task) && task.status !== "failed");
const allQuiet: Fold = (tasks) =>
  allWell(tasks) || tasks.every(({ status, retryAt }) => status === "pending" && retryAt === null);

function flat(branches: readonly Branch[], depth: number, fold: Fold): Leaf[] {
  return branches.flatMap((branch) => {
    const inside = tasksInside(branch);
    const folded = inside.length > 0 && fold(inside) ? inside : [];
    const below = folded.length > 0 ? [] : flat(branch.inside, depth + 1, fold);
    return [{ depth, branch, folded }, ...below];
  });
}

/** How much a row matters to one who watches. */
function rank({ branch, folded }: Leaf): number {
  const { task } = branch;
  if (folded.length > 0 || !task) return 1;
  if (["running", "up", "waiting"].includes(task.status) || task.retryAt !== null) return 4;
  if (task.status === "failed") return 3;
  return task.status === "pending" ? 0 : 2;
}
