import type { Output } from "../output.ts";
import { counted } from "../text/counted.ts";
import { duration } from "../text/duration.ts";
import { size } from "../text/size.ts";
import { table } from "../text/table.ts";
import { clip, printable } from "../text/width.ts";
import type { ImageWork } from "./image-work.ts";

type Style = Output["style"];

const most = 3;

/** A line for each image while it is made: what it is, for whom, and what its build said last. */
export function progressRows(works: readonly ImageWork[], width: number, style: Style): string[] {
  const rows = table(works.map((work) => [mark(work, style), nameOf(work), tasksText(work)]));
  return rows.flatMap((row, at) => {
    const work = works[at];
    const line = work?.state === "working" ? `    ${clip(printable(work.line), width - 4)}` : "";
    return line.trim() === "" ? [row] : [row, style("dim", line)];
  });
}

/** The same when all is over. */
export function summaryRows(works: readonly ImageWork[], style: Style): string[] {
  const rows = table(
    works.map((work) => [
      mark(work, style),
      nameOf(work),
      work.recipe.ref,
      sizeText(work),
      endText(work),
      tasksText(work),
    ]),
  );
  return rows.flatMap((row, at) => {
    const pushed = works[at]?.pushed ?? null;
    return pushed === null ? [row] : [row, `    ${style("dim", "pushed")} ${pushed}`];
  });
}

/** What an image is, in the words that stand before each line of its build. */
export function nameOf({ recipe }: Pick<ImageWork, "recipe">): string {
  return recipe.kind === "given" ? "given" : recipe.about;
}

function mark({ state, image }: ImageWork, style: Style): string {
  if (state === "failed") return style("red", "✗");
  if (state === "waiting") return style("dim", "·");
  if (state === "working") return style("cyan", "▸");
  return image?.how === "ready" ? style("blue", "=") : style("green", "✓");
}

function sizeText({ image }: ImageWork): string {
  return image === null ? "" : size(image.bytes);
}

function endText({ state, image, tookMs }: ImageWork): string {
  if (state === "failed") return "failed";
  if (image === null) return "not made";
  return image.how === "ready" ? "was there" : `${image.how} in ${duration(tookMs)}`;
}

function tasksText({ tasks }: ImageWork): string {
  const more = tasks.length - most;
  const named = tasks.slice(0, most).join(", ");
  return more > 0 ? `${named} and ${counted(more, "other")}` : named;
}
