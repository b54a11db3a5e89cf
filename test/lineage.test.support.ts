/** What tests read of the JSON of `scanflow lineage`. */
export interface LineageDocument {
  readonly subjects: readonly string[];
  readonly nodes: readonly ({ readonly id: string; readonly kind: string } & Partial<
    AttemptFields & FileFields
  >)[];
  readonly edges: readonly {
    readonly from: string;
    readonly to: string;
    readonly kind: string;
    readonly cachedIn: string | null;
  }[];
}

export interface AttemptFields {
  readonly task: string;
  readonly run: string;
  readonly status: string;
  readonly user: string | null;
  readonly started: number | null;
  readonly ended: number | null;
  readonly code: Readonly<Record<string, string>>;
  readonly environment: { readonly summary: string; readonly definition: string };
  readonly params: Readonly<Record<string, unknown>>;
}

interface FileFields {
  readonly path: string;
  readonly digest: string;
}

export function attemptsOf({ nodes }: LineageDocument): AttemptFields[] {
  return nodes.filter(({ kind }) => kind === "attempt") as unknown as AttemptFields[];
}

/** Path and digest of each file at the beginning. */
export function filesOf({ nodes }: LineageDocument): (readonly [string, string])[] {
  return nodes.flatMap(({ kind, path = "", digest = "" }) =>
    kind === "file" ? [[path, digest] as const] : [],
  );
}

/** Everything from which edges lead to a node, and the node. */
export function leadsTo({ edges }: LineageDocument, id: string): Set<string> {
  const found = new Set([id]);
  for (const each of found) for (const { from, to } of edges) if (to === each) found.add(from);
  return found;
}
