import { placeholder } from "./placeholders.ts";

/** Words that only a shell knows (POSIX.1-2017, 2.4 and 2.14), or that mean nothing outside it. */
const shellWords = new Set(
  (
    ". : ! { } [ case do done elif else esac fi for if in then until while alias bg break cd command continue eval " +
    "exec exit export fc fg getopts hash jobs local read readonly return set shift source times trap type ulimit " +
    "umask unalias unset wait"
  ).split(" "),
);

const shellCharacters = /[|&;<>()$`\\*?[\]#~{}!\n\r]/;
const assignment = /^[A-Za-z_][A-Za-z0-9_]*=/;

/**
 * The words of a command line that needs no shell: plain words and quoted text. null when it does need one (pipes,
 * redirections, variables, globs, built-in commands …). Placeholders are parts of words, whatever they hold.
 */
export function splitWords(line: string): string[] | null {
  const words: string[] = [];
  let word: string | undefined;
  for (const { text, kind } of pieces(line)) {
    if (kind === "blank") {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else if (kind === "shell") return null;
    else word = (word ?? "") + text;
  }
  if (word !== undefined) words.push(word);
  const [first] = words;
  return first !== undefined && (shellWords.has(first) || assignment.test(first)) ? null : words;
}

type Piece = { readonly kind: "blank" | "text" | "shell"; readonly text: string };

const tokens = new RegExp(`${placeholder.source}|[ \\t]+|'[^']*'|"[^"]*"|[^ \\t'"{]+|[{'"]`, "g");

function pieces(line: string): Piece[] {
  return Array.from(line.trim().matchAll(tokens), ([text]): Piece => {
    const first = text[0];
    if (first === " " || first === "\t") return { kind: "blank", text };
    if (text.startsWith("{{") && text.endsWith("}}")) return { kind: "text", text };
    if (first === "'" && text.length > 1) return { kind: "text", text: text.slice(1, -1) };
    if (first === '"' && text.length > 1) {
      return { kind: /[$`\\]/.test(text) ? "shell" : "text", text: text.slice(1, -1) };
    }
    return { kind: shellCharacters.test(text) || first === "'" || first === '"' ? "shell" : "text", text };
  });
}
