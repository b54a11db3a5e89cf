import type { Output } from "../output.ts";
import { LiveRegion } from "../progress/live-region.ts";
import { pad, printable, widthOf } from "../text/width.ts";
import type { ImageWork } from "./image-work.ts";
import { nameOf, progressRows, summaryRows } from "./work-rows.ts";

const everyMs = 100;

export interface WorksShown {
  readonly changed: (work: ImageWork, line: string | null) => void;
  /** Prints the table of all, and ends what moved. */
  end(): void;
}

/** Shows images while they are made: drawn again in place on a terminal, else a line for each that a build says. */
export function showWorks(works: readonly ImageWork[], output: Output): WorksShown {
  const style: Output["style"] = (kind, text) => output.style(kind, text);
  const summary = () => {
    if (works.every(({ state }) => state === "waiting")) return;
    for (const row of summaryRows(works, style)) output.line(row);
  };
  if (output.json) return { changed: () => {}, end: () => {} };
  if (!output.terminal) {
    const width = Math.max(0, ...works.map((work) => widthOf(nameOf(work))));
    return {
      changed: (work, line) => {
        if (line !== null)
          output.line(`${pad(nameOf(work), width)}  ${style("dim", "|")} ${printable(line)}`);
      },
      end: summary,
    };
  }
  const region = new LiveRegion(output.out);
  const draw = () => region.draw(progressRows(works, region.size.width, style));
  const timer = setInterval(draw, everyMs);
  const showAgain = () => region.close({ keep: true });
  process.once("exit", showAgain);
  draw();
  return {
    changed: () => {},
    end: () => {
      clearInterval(timer);
      process.off("exit", showAgain);
      region.close({ keep: false });
      summary();
    },
  };
}
