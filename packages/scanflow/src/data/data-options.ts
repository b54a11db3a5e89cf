/** How to read a table. */
export interface DataOptions {
  /** Only these columns, in this order; without them all. */
  readonly columns?: readonly string[] | undefined;
  /** Names of the columns where the file has none: `header` is then false. */
  readonly names?: readonly string[] | undefined;
  /** CSV: whether the first line holds names; judged by what stands there when left out. */
  readonly header?: boolean | undefined;
  /** CSV: what stands between two cells; judged by the first line when left out. */
  readonly delimiter?: string | undefined;
  /** CSV: texts that mean "missing" beside the empty one, such as `?`; a space may stand before them. */
  readonly nullText?: readonly string[] | undefined;
  /** CSV: without the spaces round texts. Default false: they may be the very fault that is looked for. */
  readonly trim?: boolean | undefined;
  /** CSV: columns that are to be read as texts, whatever they look like. */
  readonly texts?: readonly string[] | undefined;
  /** Of a database: which table or view. Only needed when there is more than one. */
  readonly table?: string | undefined;
  /** Of a database: SQL that gives the rows, instead of a table. */
  readonly query?: string | undefined;
  /** Ends the reading. */
  readonly signal?: AbortSignal | undefined;
  /** Told now and then how far it is: from 0 to 1, where it is known. */
  readonly progress?: ((told: { readonly rows: number; readonly share: number | null }) => void) | undefined;
}
