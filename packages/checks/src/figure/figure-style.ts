/** How many series have a colour of their own; the next ones begin again. */
export const COLOURS = 6;

// Okabe and Ito (2008), Color Universal Design: told apart by colour-blind readers; lighter ones on dark paper.
const LIGHT = ["#0072b2", "#d55e00", "#009e73", "#b35a94", "#a87200", "#5d6b78"];
const DARK = ["#56b4e9", "#ff8f4a", "#2fd0a0", "#e39ac6", "#f0c03c", "#aab6c2"];

function variables(colours: readonly string[], paper: string, ink: string): string {
  const named = colours.map((colour, at) => `--figure-${at + 1}:${colour}`).join(";");
  return `${named};--figure-paper:${paper};--figure-ink:${ink}`;
}

/** Values of the variables that figures are drawn with, as CSS declarations. */
export const LIGHT_FIGURES = variables(LIGHT, "#ffffff", "#1d2733");
export const DARK_FIGURES = variables(DARK, "#161c24", "#e6ebf0");

const series = Array.from(
  { length: COLOURS },
  (_, at) => `.figure .f${at}{fill:var(--figure-${at + 1})}.figure .s${at}{stroke:var(--figure-${at + 1})}`,
).join("");

/** The rules that figures are drawn by: once for a page of figures, or within a figure that stands alone. */
export const FIGURE_RULES = `.figure{font:11px system-ui,-apple-system,"Segoe UI",Roboto,"Liberation Sans",sans-serif;color:var(--figure-ink);max-width:100%;height:auto}.figure text{fill:currentColor}.figure .title{font-size:13px;font-weight:600}.figure .soft{opacity:.68}.figure .axis{stroke:currentColor;stroke-opacity:.45}.figure .rule{stroke:currentColor;stroke-opacity:.12}.figure .paper{fill:var(--figure-paper)}.figure .ink{fill:currentColor}.figure .line{fill:none;stroke-width:2;stroke-linejoin:round}.figure .whisker{stroke:currentColor;stroke-width:1.4;fill:none}.figure .level{stroke:currentColor;stroke-dasharray:5 4;stroke-opacity:.75}.figure .on{fill:var(--figure-paper)}${series}`;

/** Rules and colours for a figure that stands alone, in light and in dark. */
export const FIGURE_STYLE = `.figure{${LIGHT_FIGURES}}@media (prefers-color-scheme:dark){.figure{${DARK_FIGURES}}}${FIGURE_RULES}`;
