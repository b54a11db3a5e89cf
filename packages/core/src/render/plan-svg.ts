import type { Plan } from "../plan/plan.ts";
import { arrange } from "./arrange.ts";
import { describeBox, describeEdge, describeNode } from "./describe.ts";
import { type DrawnBox, type DrawnEdge, drawingOf } from "./drawing.ts";
import type { Area, Frame, Line } from "./frame.ts";
import { curve, round } from "./route.ts";
import { nodeMarkup } from "./shape.ts";
import { boxTitle, NAME_SIZE, SMALL_SIZE, STACK } from "./size.ts";
import { arrowHeads, BOX_SHADES, type PlanTheme, STYLE_ROOT, styleSheet } from "./style.ts";
import { textWidth } from "./text-width.ts";
import { escapeXml } from "./xml.ts";

const MARGIN = 16;

/**
 * The plan as a picture of its own (no script, no font, no link): a box per workflow with its name and tracker, a
 * shape per kind of node, full lines for data, dashed ones for order, dotted ones for values that an expression
 * reads. Every element has a `<title>` that tells more on hover. `auto`, the default theme, follows the reader's
 * own choice of light or dark.
 *
 * Laid out by Dagre, workflow by workflow; a workflow of more than about 100 nodes, or what comes behind the first 1,000
 * or so, is laid out in plain layers, which takes time in proportion to its size.
 */
export async function planSvg(plan: Plan, { theme = "auto" }: { theme?: PlanTheme } = {}): Promise<string> {
  const frame = await arrange(drawingOf(plan));
  const width = round((frame?.width ?? 0) + 2 * MARGIN);
  const height = round((frame?.height ?? 0) + 2 * MARGIN);
  const label = escapeXml(
    `Plan of the workflow ${plan.workflow} of ${plan.application}: ${plan.tasks.length} tasks`,
  );
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" class="${STYLE_ROOT}" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="graphics-document" aria-label="${label}">`,
    `<title>${label}</title>`,
    `<style>${styleSheet(theme)}</style>`,
    `<defs>${arrowHeads()}</defs>`,
    `<rect class="page" width="${width}" height="${height}"/>`,
    frame ? frameMarkup(frame, { x: MARGIN, y: MARGIN }, 0) : "",
    "</svg>\n",
  ].join("\n");
}

function frameMarkup(frame: Frame, corner: Corner, depth: number): string {
  const { box, nodes, frames, lines } = frame;
  const place = ` transform="translate(${round(corner.x)} ${round(corner.y)})"`;
  const shade = box ? depth % BOX_SHADES : (depth - 1) % BOX_SHADES;
  return [
    box
      ? `${opening("group", "workflow", describeBox(box), place)}${boxMarkup(box, frame, shade)}`
      : `${opening("group", "bundle", [`${nodes.length} nodes with the same edges`], place)}${boxRect(frame, shade, 0)}`,
    ...frames.map((inner) => frameMarkup(inner.frame, cornerOf(inner.area), depth + 1)),
    ...lines.map(lineMarkup),
    ...nodes.map(
      ({ node, area }) =>
        `${opening("img", node.task.kind, describeNode(node))}${nodeMarkup(node, area)}</g>`,
    ),
    ...lines.map((line) => labelMarkup(line, shade)),
    "</g>",
  ].join("\n");
}

function boxMarkup(box: DrawnBox, frame: Frame, shade: number): string {
  const sheets = box.mapped ? [2, 1].map((sheet) => boxRect(frame, shade, sheet * STACK)) : [];
  return `${sheets.join("")}${boxRect(frame, shade, 0)}${titleMarkup(box, frame.width)}`;
}

interface Corner {
  readonly x: number;
  readonly y: number;
}

function opening(role: string, kind: string, lines: readonly string[], rest = ""): string {
  const [first = ""] = lines;
  return `<g class="${kind}" role="${role}" aria-label="${escapeXml(first)}"${rest}><title>${escapeXml(lines.join("\n"))}</title>`;
}

function boxRect({ width, height }: Frame, shade: number, shift: number): string {
  return `<rect class="box-${shade}" x="${shift}" y="${-shift}" width="${round(width)}" height="${round(height)}" rx="10"/>`;
}

function titleMarkup(box: DrawnBox, width: number): string {
  const { name, remark, tracker } = boxTitle(box);
  const behind = 16 + textWidth(name, NAME_SIZE) * 1.08 + 4;
  const words = `<text class="title" x="14" y="22">${escapeXml(name)}</text>`;
  const faint = remark && `<text class="small faint" x="${round(behind)}" y="22">${escapeXml(remark)}</text>`;
  if (tracker === null) return words + faint;
  const room = textWidth(tracker, SMALL_SIZE) + 16;
  const left = width - room - 10;
  const tag = `<rect class="shape" x="${round(left)}" y="8" width="${round(room)}" height="20" rx="10"/><text class="small middle" x="${round(left + room / 2)}" y="22">${escapeXml(tracker)}</text>`;
  return `${words}${faint}<g class="tracker">${tag}</g>`;
}

function cornerOf({ x, y, width, height }: Area): Corner {
  return { x: x - width / 2, y: y - height / 2 };
}

function lineMarkup({ points, kind, arrow, edges }: Line): string {
  const head = arrow ? ` marker-end="url(#${STYLE_ROOT}-${kind})"` : "";
  return `${opening("img", kind, edgeLines(edges))}<path class="line" d="${curve(points)}"${head}/></g>`;
}

/** Most edges that one line names. */
const NAMED_EDGES = 12;

function edgeLines(edges: readonly DrawnEdge[]): readonly string[] {
  const named = edges.slice(0, NAMED_EDGES).map(describeEdge);
  return edges.length > named.length ? [...named, `and ${edges.length - named.length} more`] : named;
}

function labelMarkup({ label }: Line, shade: number): string {
  if (label === null) return "";
  const { area, text, full } = label;
  const { x, y } = cornerOf(area);
  const back = `<rect class="box-${shade} label" x="${round(x)}" y="${round(y)}" width="${round(area.width)}" height="${round(area.height)}" rx="4"/>`;
  return `<g><title>${escapeXml(full)}</title>${back}<text class="small middle" x="${round(area.x)}" y="${round(area.y + 4)}">${escapeXml(text)}</text></g>`;
}
