/** What the thread of a predictor is to load. */
export interface PredictorTask {
  readonly module: string;
  /** Further files by what it calls them. */
  readonly inputs: Readonly<Record<string, string>>;
}

/** What it says once it is loaded, and of each batch of rows that it is sent. */
export type PredictorAnswer =
  | { readonly kind: "ready" }
  | { readonly kind: "answered"; readonly answers: unknown }
  | { readonly kind: "not-a-predictor" }
  | { readonly kind: "not-loaded" | "threw"; readonly message: string };
