import { printable } from "./width.ts";

/**
 * An error's message on one line: without the lines of a log that it quotes, and the words that introduce them. Line
 * breaks in any other message become spaces.
 */
export function headline(message: string): string {
  const [first = "", ...rest] = message.split("\n");
  if (!first.trimEnd().endsWith(":")) return printable(message.replaceAll(/\s*[\r\n]+\s*/g, " ").trim());
  if (rest.length === 0) return printable(first);
  const end = first.lastIndexOf(". ");
  return printable(end < 0 ? first : first.slice(0, end + 1));
}
