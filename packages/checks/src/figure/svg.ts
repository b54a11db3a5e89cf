/** Values of an element's attributes; those that are undefined are left out. */
export type Attributes = Readonly<Record<string, string | number | undefined>>;

// Characters that XML 1.0 has no way to write.
const UNWRITABLE = /[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu;

/** A text as the content or a quoted attribute of XML and of HTML; what neither can hold becomes U+FFFD. */
export function escapeMarkup(text: string): string {
  return text
    .replaceAll(UNWRITABLE, "\ufffd")
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;")
    .replaceAll("'", "&#39;");
}

/** An element; its children are markup already, its attributes are escaped, and numbers have two decimals. */
export function element(name: string, attributes: Attributes, ...children: readonly string[]): string {
  const written = Object.entries(attributes).map(([key, value]) =>
    value === undefined ? "" : ` ${key}="${typeof value === "number" ? pixel(value) : escapeMarkup(value)}"`,
  );
  const content = children.join("");
  return content === ""
    ? `<${name}${written.join("")}/>`
    : `<${name}${written.join("")}>${content}</${name}>`;
}

/** A text at a place of a picture. */
export function textAt(x: number, y: number, { text, ...attributes }: Attributes & { text: string }): string {
  return element("text", { x, y, ...attributes }, escapeMarkup(text));
}

/** A coordinate, with as many digits as an eye can see. */
export function pixel(value: number): string {
  return Number.isFinite(value) ? String(Math.round(value * 100) / 100 + 0) : "0";
}

/** A text of at most `length` characters: a longer one keeps its start. */
export function shorten(text: string, length: number): string {
  if (text.length <= length) return text;
  const characters = Array.from(text.slice(0, 4 * length));
  return characters.length <= length && text.length <= 4 * length
    ? text
    : `${characters.slice(0, Math.max(1, length - 1)).join("")}…`;
}

/** How wide a text of 11 px is about, in pixels: no font is at hand to measure it. */
export function widthOf(text: string): number {
  return 6.2 * Array.from(text).length;
}
