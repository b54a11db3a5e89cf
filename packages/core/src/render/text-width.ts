const NARROW = /[\u0020-\u002c\u002e\u003a\u003b|`ijlftrI[\]()]/u;
const WIDE = /[mwMWQOG@%&]/u;
const CAPITAL = /\p{Lu}/u;
const FULL = /[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Hangul}\p{Extended_Pictographic}\uff00-\uff60]/u;
const COMBINING = /\p{M}/u;

/**
 * About how wide a text stands in a common sans-serif font, in pixels: the advance widths of Helvetica and DejaVu
 * Sans by class of character, rounded up, so that a box is rather too wide than too narrow.
 */
export function textWidth(text: string, fontSize: number): number {
  let ems = 0;
  for (const character of text) ems += emWidth(character);
  return ems * fontSize;
}

/** The text, cut to a width with an ellipsis. */
export function shorten(text: string, fontSize: number, width: number): string {
  if (textWidth(text, fontSize) <= width) return text;
  let short = "";
  let left = width - textWidth("…", fontSize);
  for (const character of text) {
    left -= emWidth(character) * fontSize;
    if (left < 0) break;
    short += character;
  }
  return `${short.trimEnd()}…`;
}

function emWidth(character: string): number {
  if (COMBINING.test(character)) return 0;
  if (NARROW.test(character)) return 0.39;
  if (WIDE.test(character)) return 0.92;
  if (FULL.test(character)) return 1.05;
  return CAPITAL.test(character) ? 0.7 : 0.62;
}
