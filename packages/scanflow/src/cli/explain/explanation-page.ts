import { type Figure, renderFigure } from "@scanflow/checks";

/** The figures of an explanation as one page that needs no other file. */
export function explanationPage(title: string, figures: readonly Figure[]): string {
  const name = title.replaceAll(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`);
  return [
    '<!doctype html><html lang="en"><head><meta charset="utf-8">',
    '<meta name="viewport" content="width=device-width,initial-scale=1">',
    `<title>${name}</title>`,
    "<style>body{font:16px/1.5 system-ui,sans-serif;max-width:42rem;margin:2rem auto;padding:0 1rem}svg{max-width:100%;height:auto}</style>",
    `</head><body><h1>${name}</h1>`,
    ...figures.map((figure) => renderFigure(figure)),
    "</body></html>\n",
  ].join("\n");
}
