import { codedError } from "./coded-error.ts";
import type { Output } from "./output.ts";

/** Errors: SCANFLOW_UNCONFIRMED where no person sits at a terminal. */
export function requirePerson(output: Output): void {
  if (output.json || !output.terminal || process.stdin.isTTY !== true) {
    throw unconfirmed("there is nobody to ask");
  }
}

/** Errors: SCANFLOW_UNCONFIRMED for anything else than yes. */
export async function askYes(message: string): Promise<void> {
  const { confirm, isCancel } = await import("@clack/prompts");
  const answer = await confirm({ message, initialValue: false });
  if (isCancel(answer) || !answer) throw unconfirmed("you did not say yes");
}

export function unconfirmed(why: string): Error {
  return codedError(
    "SCANFLOW_UNCONFIRMED",
    `Nothing was removed, since ${why}. Give --yes to go on without a question.`,
  );
}
