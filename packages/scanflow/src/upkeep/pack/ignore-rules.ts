/** What is never packed, unless a `.scanflowignore` of the application's own says otherwise. */
export const defaultRules = `
.scanflow/
.git/
node_modules/
__pycache__/
.venv/
venv/
.env
.env.*
*.scanflow.tgz
`;

/** Whether a path (with `/` between names, relative to the folder of the rules) is ignored; null: no rule speaks of it. */
export type Rules = (path: string, isFolder: boolean) => boolean | null;

/**
 * Rules as `.gitignore` has them: `#` begins a comment; `!` takes an earlier rule back; a `/` at the end means folders
 * only; a `/` elsewhere ties the rule to this folder, without one it holds at any depth; `*` and `?` stop at `/`, `**`
 * does not; `[abc]` is one of these. The last rule that fits decides. What lies in an ignored folder is not looked at.
 */
export function parseRules(text: string): Rules {
  const rules = text.split(/\r?\n/).flatMap((line) => parseRule(line) ?? []);
  return (path, isFolder) => {
    const last = rules.findLast(
      ({ pattern, foldersOnly }) => (isFolder || !foldersOnly) && pattern.test(path),
    );
    return last ? !last.negated : null;
  };
}

interface Rule {
  readonly pattern: RegExp;
  readonly negated: boolean;
  readonly foldersOnly: boolean;
}

function parseRule(line: string): Rule | null {
  let glob = line.replace(/(?<!\\)\s+$/, "");
  if (glob === "" || glob.startsWith("#")) return null;
  const negated = glob.startsWith("!");
  if (negated) glob = glob.slice(1);
  const foldersOnly = glob.endsWith("/");
  if (foldersOnly) glob = glob.slice(0, -1);
  const tied = glob.includes("/");
  if (glob.startsWith("/")) glob = glob.slice(1);
  if (glob === "") return null;
  const source = `^${tied ? "" : "(?:.*/)?"}${translate(glob)}$`;
  try {
    return { pattern: new RegExp(source, "u"), negated, foldersOnly };
  } catch {
    // A class such as `[z-a]` fits nothing.
    return null;
  }
}

function translate(glob: string): string {
  return glob.replaceAll(
    /\*\*\/|\/\*\*$|\*|\?|\[!?[^\]/]+\]|\\(.)|./gsu,
    (token: string, escaped: string | undefined) => {
      if (escaped !== undefined) return literal(escaped);
      if (token === "**/") return "(?:.*/)?";
      if (token === "/**") return "/.*";
      if (token === "*") return "[^/]*";
      if (token === "?") return "[^/]";
      if (token.startsWith("[") && token.length > 1) return classOf(token.slice(1, -1));
      return literal(token);
    },
  );
}

function classOf(inner: string): string {
  const negated = inner.startsWith("!");
  const members = (negated ? inner.slice(1) : inner).replaceAll(/[\\[\]^]/g, "\\$&");
  return `[${negated ? "^/" : ""}${members}]`;
}

function literal(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|/]/g, "\\$&");
}
