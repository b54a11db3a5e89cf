import type { Puzzle } from "./puzzle.ts";
import { columnsOf, curve, type Point, passages, round } from "./route.ts";
import { labelSize, NAME_SIZE, SMALL_SIZE, shortLabel } from "./size.ts";
import { solver } from "./solve.ts";
import { arrowHeads, type PlanTheme, STYLE_ROOT, styleSheet } from "./style.ts";
import { shorten, textWidth } from "./text-width.ts";
import { escapeXml } from "./xml.ts";

/** Any graph that is drawn from left to right, such as where a model came from. */
export interface GraphPicture {
  /** What it shows, for those who cannot see it. */
  readonly title: string;
  readonly nodes: readonly PictureNode[];
  readonly edges: readonly PictureEdge[];
}

export interface PictureNode {
  readonly id: string;
  /** A kind of node of a plan, whose colours it has, or `tracker`: a plain one. */
  readonly kind: string;
  readonly shape: "task" | "thing";
  readonly name: string;
  /** A second line, smaller. */
  readonly remark: string;
  /** Told on hover, a line each. */
  readonly details: readonly string[];
}

export interface PictureEdge {
  readonly from: string;
  readonly to: string;
  readonly kind: "data" | "order" | "value";
  readonly label: string | null;
}

interface Area extends Point {
  readonly width: number;
  readonly height: number;
}

const MARGIN = 20;
const HEIGHT = 44;
const LONGEST = 220;

/** The graph as a picture of its own: no script, no font, no link; what stands on hover is in each `<title>`. */
export async function graphSvg(
  { title, nodes, edges }: GraphPicture,
  { theme = "auto" }: { theme?: PlanTheme } = {},
): Promise<string> {
  const known = new Set(nodes.map(({ id }) => id));
  const drawn = edges.filter(({ from, to }) => known.has(from) && known.has(to));
  const puzzle: Puzzle = {
    items: nodes.map((node) => ({ id: node.id, width: widthOf(node), height: HEIGHT })),
    edges: drawn.map(({ from, to, label }) => ({
      from,
      to,
      label: label === null ? null : labelSize(label),
    })),
  };
  const solution = await solver()(puzzle);
  const columns = columnsOf(puzzle, solution);
  const areas = new Map(
    puzzle.items.map(({ id, width, height }): [string, Area] => [
      id,
      { ...(solution.middles.get(id) ?? ORIGIN), width, height },
    ]),
  );
  const lines = drawn.map((edge, at) => {
    const solved = solution.lines[at];
    const points = [
      side(areas.get(edge.from), 1),
      ...(solved ? passages(solved, columns) : []),
      side(areas.get(edge.to), -1),
    ];
    return { edge, points, label: solved?.label ?? null };
  });
  const { left, top, width, height } = boundsOf(
    [...areas.values()],
    lines.flatMap(({ points }) => points),
  );
  const label = escapeXml(title);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" class="${STYLE_ROOT}" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="graphics-document" aria-label="${label}">`,
    `<title>${label}</title>`,
    `<style>${styleSheet(theme)}</style>`,
    `<defs>${arrowHeads()}</defs>`,
    `<rect class="page" width="${width}" height="${height}"/>`,
    `<g transform="translate(${round(-left)} ${round(-top)})">`,
    ...lines.map(({ edge, points }) => lineMarkup(edge, points)),
    ...nodes.map((node) => nodeMarkup(node, areas.get(node.id) ?? { ...ORIGIN, width: 0, height: 0 })),
    ...lines.map(({ edge, label: place }) => labelMarkup(edge, place)),
    "</g>",
    "</svg>\n",
  ].join("\n");
}

const ORIGIN: Point = { x: 0, y: 0 };

function widthOf({ name, remark }: PictureNode): number {
  const words = Math.max(
    textWidth(shorten(name, NAME_SIZE, LONGEST), NAME_SIZE),
    textWidth(shorten(remark, SMALL_SIZE, LONGEST), SMALL_SIZE),
  );
  return Math.max(80, words + 28);
}

function side(area: Area | undefined, direction: 1 | -1): Point {
  return area ? { x: area.x + (direction * area.width) / 2, y: area.y } : ORIGIN;
}

function boundsOf(areas: readonly Area[], points: readonly Point[]) {
  const xs = [
    ...areas.flatMap(({ x, width }) => [x - width / 2, x + width / 2]),
    ...points.map(({ x }) => x),
  ];
  const ys = [
    ...areas.flatMap(({ y, height }) => [y - height / 2, y + height / 2]),
    ...points.map(({ y }) => y),
  ];
  const [left, right] = extent(xs);
  const [top, bottom] = extent(ys);
  return {
    left: left - MARGIN,
    top: top - MARGIN,
    width: round(right - left + 2 * MARGIN),
    height: round(bottom - top + 2 * MARGIN),
  };
}

function extent(values: readonly number[]): readonly [number, number] {
  const [first = 0] = values;
  return values.reduce(
    ([least, most], value) => [Math.min(least, value), Math.max(most, value)],
    [first, first],
  );
}

function lineMarkup({ kind, from, to, label }: PictureEdge, points: readonly Point[]): string {
  const said = escapeXml(`${from} → ${to}${label === null ? "" : `: ${label}`}`);
  return `<g class="${kind}" role="img" aria-label="${said}"><title>${said}</title><path class="line" d="${curve(points)}" marker-end="url(#${STYLE_ROOT}-${kind})"/></g>`;
}

function nodeMarkup({ kind, shape, name, remark, details }: PictureNode, area: Area): string {
  const { x, y, width, height } = area;
  const said = escapeXml([name, remark, ...details].filter((line) => line !== "").join("\n"));
  const radius = shape === "task" ? 9 : 2;
  const left = round(x - width / 2);
  const rect = `<rect class="shape" x="${left}" y="${round(y - height / 2)}" width="${round(width)}" height="${height}" rx="${radius}"/>`;
  const first = remark === "" ? y + 4.5 : y - 3;
  const words = `<text class="name middle" x="${round(x)}" y="${round(first)}">${escapeXml(shorten(name, NAME_SIZE, LONGEST))}</text>`;
  const small =
    remark === ""
      ? ""
      : `<text class="small faint middle" x="${round(x)}" y="${round(y + 13)}">${escapeXml(shorten(remark, SMALL_SIZE, LONGEST))}</text>`;
  return `<g class="${kind}" role="img" aria-label="${escapeXml(name)}"><title>${said}</title>${rect}${words}${small}</g>`;
}

function labelMarkup({ label }: PictureEdge, place: Point | null): string {
  if (label === null || place === null) return "";
  const { width, height } = labelSize(label);
  const back = `<rect class="page label" x="${round(place.x - width / 2)}" y="${round(place.y - height / 2)}" width="${round(width)}" height="${height}" rx="4"/>`;
  return `<g><title>${escapeXml(label)}</title>${back}<text class="small middle" x="${round(place.x)}" y="${round(place.y + 4)}">${escapeXml(shortLabel(label))}</text></g>`;
}
