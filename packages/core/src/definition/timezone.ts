/** What is wrong with the name of a time zone, with the name that was meant; undefined when nothing is. */
export function timezoneProblem(
  name: string,
): { readonly message: string; readonly suggestion?: string } | undefined {
  const message =
    'expected a time zone of the IANA database, such as "Europe/Madrid" or "UTC"; its summer time is then kept too';
  // Engines take offsets such as +02:00 as well, which schedulers of clusters do not.
  if (!/^[A-Za-z]/.test(name)) return { message };
  const known = zoneOf(name);
  if (known === undefined) return { message };
  // Engines take any case, a database on a disk does not.
  if (known !== name && known.toLowerCase() === name.toLowerCase()) return { message, suggestion: known };
  return undefined;
}

function zoneOf(name: string): string | undefined {
  try {
    return new Intl.DateTimeFormat("en", { timeZone: name }).resolvedOptions().timeZone;
  } catch {
    return undefined;
  }
}
