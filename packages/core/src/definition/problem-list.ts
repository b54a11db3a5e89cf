import type { Finding, Locate, Problem, Report } from "./problem.ts";

/** A document that is wrong throughout would take long to list, and nobody reads so many problems. */
const MOST_PROBLEMS = 300;

class EnoughProblems extends Error {}

interface Origin {
  readonly file?: string;
  readonly locate?: Locate;
}

/** Collects problems, each with its place. */
export class ProblemList {
  readonly found: Problem[] = [];
  readonly #origin: Origin;
  #cut = false;

  constructor(origin: Origin) {
    this.#origin = origin;
  }

  /** What `look` gives; undefined when it was stopped, because it reported more than anybody reads. */
  collect<Result>(look: (report: Report) => Result): Result | undefined {
    try {
      return look((finding) => this.#add(finding));
    } catch (error) {
      if (!(error instanceof EnoughProblems)) throw error;
      this.#cut = true;
      return undefined;
    }
  }

  #add(found: Finding | Problem): void {
    if (this.found.length === MOST_PROBLEMS) throw new EnoughProblems();
    if ("place" in found) {
      // What several nodes are made from is wrong once.
      if (!this.found.includes(found)) this.found.push(found);
      return;
    }
    const { code, message, path, suggestion } = found;
    const { file, locate } = this.#origin;
    const place = { ...(file !== undefined && { file }), path, ...locate?.(path) };
    this.found.push({ code, message, place, ...(suggestion !== undefined && { suggestion }) });
  }

  /** In the order of their files where lines are known, else as they were found. */
  sorted(): readonly Problem[] {
    const files = [...new Set([this.#origin.file, ...this.found.map(({ place }) => place.file)])];
    const sorted = this.found.toSorted(
      ({ place: a }, { place: b }) =>
        files.indexOf(a.file) - files.indexOf(b.file) ||
        (a.line ?? 0) - (b.line ?? 0) ||
        (a.column ?? 0) - (b.column ?? 0),
    );
    if (!this.#cut) return sorted;
    const message = `there are more than ${MOST_PROBLEMS} problems: correct these first`;
    return [...sorted, { code: "SCANFLOW_DOCUMENT_INVALID", message, place: { path: [] } }];
  }
}
