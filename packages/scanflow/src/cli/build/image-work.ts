import type { ImageRecipe, ReadyImage } from "../../images/index.ts";

/** An image that is made or pushed, and how far it is. It changes while that goes on. */
export interface ImageWork {
  readonly recipe: ImageRecipe;
  /** Ids of the tasks that run in it; none for what others are built upon. */
  readonly tasks: readonly string[];
  /** `waiting` until it begins. */
  state: "waiting" | "working" | "done" | "failed";
  /** What its build said last. */
  line: string;
  /** Milliseconds on the clock of `performance`. */
  begun: number;
  tookMs: number;
  image: ReadyImage | null;
  /** Its name in the registry, with its digest. */
  pushed: string | null;
  error: unknown;
}

export interface WorkSteps {
  /** Makes it. */
  readonly need: (recipe: ImageRecipe, note: (line: string) => void) => Promise<ReadyImage>;
  /** Pushes it; null: nothing is pushed. */
  readonly push: ((recipe: ImageRecipe, note: (line: string) => void) => Promise<string>) | null;
  /** What it ends was not made, which is no failure. */
  readonly signal: AbortSignal;
  /** Hears of every change. */
  readonly changed: (work: ImageWork, line: string | null) => void;
}

/** An image for each recipe of these tasks. */
export function imageWorks(recipes: ReadonlyMap<string, ImageRecipe>): ImageWork[] {
  const tasksOf = Map.groupBy([...recipes], ([, { ref }]) => ref);
  return Array.from(tasksOf.values(), (all) => ({
    recipe: (all[0] as (typeof all)[number])[1],
    tasks: all.map(([task]) => task),
    state: "waiting" as const,
    line: "",
    begun: 0,
    tookMs: 0,
    image: null,
    pushed: null,
    error: null,
  }));
}

/** Makes all of them side by side, and lets all come to an end even when some fail. */
export async function doWorks(works: readonly ImageWork[], steps: WorkSteps): Promise<void> {
  await Promise.all(works.map((work) => doWork(work, steps)));
}

async function doWork(work: ImageWork, { need, push, signal, changed }: WorkSteps): Promise<void> {
  const note = (line: string) => {
    work.line = line;
    changed(work, line);
  };
  work.begun = performance.now();
  work.state = "working";
  changed(work, null);
  try {
    work.image = await need(work.recipe, note);
    if (push !== null) work.pushed = await push(work.recipe, note);
    work.state = "done";
  } catch (error) {
    work.state = signal.aborted ? "waiting" : "failed";
    work.error = error;
  }
  work.tookMs = performance.now() - work.begun;
  changed(work, null);
}
