import { TransferError } from "../errors.ts";

/** A text as a filter takes it. Errors: SCANFLOW_TRANSFER_VALUE for one with both kinds of quotes. */
export function quoted(text: string): string {
  const quote = text.includes("'") ? '"' : "'";
  if (!text.includes(quote)) return `${quote}${text}${quote}`;
  throw new TransferError(
    "SCANFLOW_TRANSFER_VALUE",
    `The model ${text} cannot be asked for, since its name has both kinds of quotes. Rename it on the server, and import again.`,
  );
}
