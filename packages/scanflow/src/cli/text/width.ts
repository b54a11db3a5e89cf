import { stripVTControlCharacters } from "node:util";

/** Wide in a terminal: East Asian wide and full-width forms, and emoji (Unicode TR 11). */
const WIDE =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\u33ff\u3400-\u4dbf\u4e00-\u9fff\ua000-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|\p{Emoji_Presentation}/u;
const NARROWER = /[\p{Mn}\p{Me}\p{Cf}]/u;

/** How many columns a text takes. Styles take none. */
export function widthOf(text: string): number {
  let width = 0;
  for (const character of stripVTControlCharacters(text)) width += columns(character);
  return width;
}

/** The text padded with spaces to a number of columns. */
export function pad(text: string, width: number): string {
  return text + " ".repeat(Math.max(0, width - widthOf(text)));
}

/** The beginning of an unstyled text that fits, with an ellipsis where something is left out. */
export function clip(text: string, width: number): string {
  if (widthOf(text) <= width) return text;
  let shown = "";
  let used = 1;
  for (const character of text) {
    used += columns(character);
    if (used > width) break;
    shown += character;
  }
  return width < 1 ? "" : `${shown}…`;
}

/** An unstyled text without its middle where it does not fit: names of files often differ at their end. */
export function clipMiddle(text: string, width: number): string {
  if (widthOf(text) <= width || width < 3) return clip(text, width);
  const room = Math.floor((width - 1) / 2);
  const characters = [...text];
  let end = characters.length;
  for (let used = 0; end > 0; end -= 1) {
    used += columns(characters[end - 1] ?? "");
    if (used > room) break;
  }
  return `${clip(text, width - room)}${characters.slice(end).join("")}`;
}

/** A line that others wrote, without what would move the cursor or change its colour. */
export function printable(line: string): string {
  const plain = stripVTControlCharacters(line).replaceAll("\t", "  ");
  // A progress bar redraws its line: what stands there last is what a person would see.
  const last = plain.slice(plain.trimEnd().lastIndexOf("\r") + 1);
  return last.replaceAll(/[\p{Cc}\u2028\u2029]/gu, "");
}

function columns(character: string): number {
  if (NARROWER.test(character)) return 0;
  return WIDE.test(character) ? 2 : 1;
}
