/** What an attempt's token is made of. */
export interface TokenParts {
  /** Who started it: another owner never gives the same token, even for an attempt whose record was lost. */
  readonly owner: string;
  readonly run: string;
  readonly instance: number;
  readonly attempt: number;
}

export function tokenOf({ owner, run, instance, attempt }: TokenParts): string {
  return `${owner}-${run}-${instance}-${attempt}`;
}

/** Whether a token is one of an attempt of this run. */
export function isTokenOf(token: string, run: string): boolean {
  return token.includes(`-${run}-`);
}
