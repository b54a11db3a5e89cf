import type { Usage } from "./event.ts";

/** A service can be asked: what hangs on it goes on. Again for the same attempt: at another address from now on. */
export interface ServiceReady {
  readonly event: "service-ready";
  readonly task: string;
  readonly attempt: number;
  readonly token: string;
  /** Base address, as tasks of the run reach it. */
  readonly url: string;
}

/** A service was ended because the run needs it no more, or not for now. */
export interface ServiceClosed {
  readonly event: "service-closed";
  readonly task: string;
  readonly attempt: number;
  readonly token: string;
  /** Whether it is to be started anew when the run goes on. */
  readonly again: boolean;
  readonly metrics: Readonly<Record<string, number>>;
  readonly usage: Usage;
}
