export type PlanTheme = "auto" | "light" | "dark";

interface Palette {
  readonly page: string;
  readonly text: string;
  readonly faint: string;
  readonly line: string;
  readonly order: string;
  readonly value: string;
  /** Boxes by depth, the outermost first; deeper ones begin anew. */
  readonly boxes: readonly string[];
  readonly border: string;
  /** Fill and line of each kind. */
  readonly kinds: Readonly<Record<string, readonly [string, string]>>;
}

const LIGHT: Palette = {
  page: "#ffffff",
  text: "#1b2330",
  faint: "#556070",
  line: "#4a5568",
  order: "#6b7686",
  value: "#8a5a00",
  boxes: ["#f6f8fb", "#ffffff"],
  border: "#b9c3d0",
  kinds: {
    executor: ["#e8f0fe", "#2f66c8"],
    checker: ["#e4f5ea", "#1f7a45"],
    service: ["#f1e9fd", "#7140bd"],
    choice: ["#fff3d6", "#a36a00"],
    approval: ["#fde8ef", "#b32d5e"],
    labeling: ["#def4f5", "#0f747b"],
    tracker: ["#eceff4", "#4a5568"],
  },
};

const DARK: Palette = {
  page: "#12161d",
  text: "#e8ecf2",
  faint: "#a3aebd",
  line: "#a9b5c5",
  order: "#8592a5",
  value: "#e0b050",
  boxes: ["#181d26", "#1f2632"],
  border: "#465264",
  kinds: {
    executor: ["#1c2f52", "#7aa7f7"],
    checker: ["#173a28", "#62c98d"],
    service: ["#33234f", "#b794f0"],
    choice: ["#43330f", "#e6b54a"],
    approval: ["#4a1d30", "#f08bb0"],
    labeling: ["#123b3f", "#5cc9d1"],
    tracker: ["#2a323f", "#a9b5c5"],
  },
};

/** How many fills boxes have by depth. */
export const BOX_SHADES = LIGHT.boxes.length;

/** Put before every rule, so that a picture inside a page leaves the rest of the page alone. */
export const STYLE_ROOT = "scanflow-plan";

/** The style sheet; `auto` follows the reader's own setting. Plain colours, since not every viewer knows variables. */
export function styleSheet(theme: PlanTheme): string {
  const fonts = [
    rule("text", "font:13px system-ui,-apple-system,'Segoe UI',Roboto,'DejaVu Sans',sans-serif"),
    rule(".small", "font-size:11px"),
    rule(".title", "font-weight:600"),
    rule(".middle", "text-anchor:middle"),
    rule(".icon", "fill:none;stroke-width:1.6;stroke-linejoin:round;stroke-linecap:round"),
    rule(".shape", "stroke-width:1.4"),
    rule(".line", "fill:none;stroke-width:1.5"),
    rule(".order .line", "stroke-dasharray:6 4"),
    rule(".value .line", "stroke-dasharray:1.5 4;stroke-linecap:round;stroke-width:2"),
  ].join("");
  if (theme !== "auto") return fonts + colours(theme === "dark" ? DARK : LIGHT);
  return `${fonts}${colours(LIGHT)}@media (prefers-color-scheme:dark){${colours(DARK)}}`;
}

/** The heads of arrows by kind of edge, for a picture's `<defs>`. */
export function arrowHeads(): string {
  const head = (kind: string) =>
    `<marker id="${STYLE_ROOT}-${kind}" viewBox="0 0 10 10" refX="9.5" refY="5" markerWidth="9" markerHeight="9" markerUnits="userSpaceOnUse" orient="auto"><path class="head-${kind}" d="M0 1 10 5 0 9Z"/></marker>`;
  return ["data", "order", "value"].map(head).join("");
}

function colours(palette: Palette): string {
  return [
    rule(".page", `fill:${palette.page}`),
    rule("text", `fill:${palette.text}`),
    rule("text.faint", `fill:${palette.faint}`),
    ...palette.boxes.map((fill, depth) => rule(`.box-${depth}`, `fill:${fill};stroke:${palette.border}`)),
    rule(".label", "stroke:none"),
    rule(".bundle>rect", `stroke-dasharray:3 3;stroke:${palette.border}`),
    rule(".line", `stroke:${palette.line}`),
    rule(".order .line", `stroke:${palette.order}`),
    rule(".value .line", `stroke:${palette.value}`),
    rule(".head-data", `fill:${palette.line}`),
    rule(".head-order", `fill:${palette.order}`),
    rule(".head-value", `fill:${palette.value}`),
    ...Object.entries(palette.kinds).flatMap(([kind, [fill, line]]) => [
      rule(`.${kind} .shape`, `fill:${fill};stroke:${line}`),
      rule(`.${kind} .icon`, `stroke:${line}`),
    ]),
  ].join("");
}

function rule(selector: string, body: string): string {
  return `.${STYLE_ROOT} ${selector}{${body}}`;
}
