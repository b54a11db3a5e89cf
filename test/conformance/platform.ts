import type { Case, Ended } from "./case.ts";

/** A column of the conformance table. */
export interface Platform {
  readonly name: string;
  /** Why it cannot do a case, by the case's name. */
  readonly cannot: Readonly<Record<string, string | Refused>>;
  /** Whether its containers take so long that not every case runs there every day; see `everyday.ts`. */
  readonly slow?: boolean;
  /** Brings it up for all cases that it can do or refuses; they run beside each other. */
  open(cases: readonly Case[]): Promise<Host>;
}

/** What it says no to before anything starts. */
export interface Refused {
  /** Of the error. */
  readonly code: string;
  readonly why: string;
}

export interface Host {
  /** Runs a case to its end. */
  run(one: Case): Promise<Ended>;
  /** Leaves nothing behind. */
  close(): Promise<void>;
}
