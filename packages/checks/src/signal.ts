/** Ends long work between two of its steps: any `AbortSignal`. */
export interface Signal {
  readonly aborted: boolean;
  throwIfAborted(): void;
}
