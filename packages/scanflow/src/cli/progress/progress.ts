import type { RunEvent } from "@scanflow/core";

/** Shows a run while it goes on. The view has taken each event and line before the progress hears of it. */
export interface Progress {
  event(event: RunEvent): void;
  line(task: string, line: string): void;
  omitted(lines: number): void;
  /** Nothing more will come; what moved on the screen comes to a stop, or gives way to a summary that follows. */
  end(after: { readonly summarised: boolean }): void;
}
