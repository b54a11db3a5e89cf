/** An error like those of the other rooms, for what only the command line knows. */
export function codedError(code: string, message: string): Error {
  return Object.assign(new Error(message), { code });
}
