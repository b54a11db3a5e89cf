import type { Output } from "../output.ts";
import { printable } from "../text/width.ts";
import { LiveRegion } from "./live-region.ts";
import { picture } from "./picture.ts";
import type { Progress } from "./progress.ts";
import type { RunView } from "./run-view.ts";

const everyMs = 100;
/** So many lines in one tick are shown; a flood shows its end. */
const mostLines = 500;

/** A picture of the run that is drawn again ten times a second; the lines that tasks write scroll by above it. */
export function liveProgress(view: RunView, output: Output): Progress {
  const region = new LiveRegion(output.out);
  const style: Output["style"] = (kind, text) => output.style(kind, text);
  let above: string[] = [];
  let frame = 0;
  const draw = (lines: readonly string[]) => {
    const shown = above.slice(-mostLines);
    if (shown.length < above.length)
      shown.unshift(style("dim", `(${above.length - shown.length} lines left out)`));
    region.draw(lines, shown);
    above = [];
  };
  const drawPicture = () => {
    draw(picture(view, { ...region.size, now: Date.now(), frame, style }));
    frame += 1;
  };
  // A picture of very many tasks takes its time, and is drawn less often.
  let timer: NodeJS.Timeout | undefined;
  const tick = () => {
    const begun = performance.now();
    drawPicture();
    timer = setTimeout(tick, Math.max(everyMs, 10 * (performance.now() - begun)));
  };
  const redraw = () => region.draw();
  output.out.on("resize", redraw);
  const showAgain = () => region.close({ keep: true });
  process.once("exit", showAgain);
  tick();
  return {
    event: () => {},
    line: (task, line) => {
      // A line that is drawn over is seen in the picture, and comes once more when it is whole.
      if (!line.endsWith("\r"))
        above.push(`${style("dim", `${view.items.label(task)} |`)} ${printable(line)}`);
    },
    omitted: (lines) => {
      above.push(style("dim", `(${lines} lines left out here; they are in the logs)`));
    },
    end: ({ summarised }) => {
      clearTimeout(timer);
      output.out.off("resize", redraw);
      process.off("exit", showAgain);
      // The same tasks are not shown twice.
      if (summarised) draw([]);
      else drawPicture();
      region.close({ keep: !summarised });
    },
  };
}
