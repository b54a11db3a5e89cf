/** Whether a path (with `/` between names, relative to the context) stays out of a build's context. */
export interface IgnorePatterns {
  ignores(path: string): boolean;
  /** Whether nothing below an ignored folder can come back in. */
  closes(folder: string): boolean;
}

interface Pattern {
  readonly text: string;
  readonly regExp: RegExp;
  readonly negated: boolean;
}

/**
 * Patterns of a `.dockerignore` as Docker reads them (moby/patternmatcher): all are relative to the context's root;
 * `*` and `?` stop at `/`, `**` does not; what lies in an ignored folder is ignored; `!` takes back; the last that fits
 * decides.
 */
export function ignorePatterns(text: string): IgnorePatterns {
  const patterns = text.split(/\r?\n/).flatMap((line) => patternOf(line) ?? []);
  return {
    ignores: (path) => {
      const names = path.split("/");
      const paths = names.map((_, at) => names.slice(0, at + 1).join("/"));
      const last = patterns.findLast(({ regExp }) => paths.some((one) => regExp.test(one)));
      return last !== undefined && !last.negated;
    },
    closes: (folder) => !patterns.some((one) => one.negated && `${one.text}/`.startsWith(`${folder}/`)),
  };
}

function patternOf(line: string): Pattern | null {
  if (line.startsWith("#")) return null;
  const trimmed = line.trim();
  const negated = trimmed.startsWith("!");
  const text = clean(negated ? trimmed.slice(1).trim() : trimmed);
  if (text === "") return null;
  try {
    return { text, regExp: new RegExp(`^${translate(text)}$`, "su"), negated };
  } catch {
    // A class such as `[z-a]` fits nothing.
    return null;
  }
}

/** As `filepath.Clean` does, without a `/` at the beginning. */
function clean(pattern: string): string {
  const names: string[] = [];
  for (const name of pattern.split("/")) {
    if (name === "..") names.pop();
    else if (name !== "" && name !== ".") names.push(name);
  }
  return names.join("/");
}

function translate(glob: string): string {
  return glob.replaceAll(
    /\*\*\/?|\*|\?|\[\^?[^\]/]+\]|\\(.)|./gsu,
    (token: string, escaped: string | undefined) => {
      if (escaped !== undefined) return literal(escaped);
      if (token === "**/") return "(?:.*/)?";
      if (token === "**") return ".*";
      if (token === "*") return "[^/]*";
      if (token === "?") return "[^/]";
      if (token.startsWith("[") && token.length > 1)
        return token.replaceAll(/[\\[](?!$)/g, "\\$&").replace("\\[", "[");
      return literal(token);
    },
  );
}

function literal(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|/]/g, "\\$&");
}
