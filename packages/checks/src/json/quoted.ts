/** Texts of foreign data in a message, quoted as JSON, so that nothing in them looks like the message's own words. */
export function quoted(texts: readonly string[], most = 5): string {
  const shown = texts.slice(0, most).map((text) => JSON.stringify(text));
  if (texts.length > most) shown.push(`and ${texts.length - most} more`);
  return shown.join(", ");
}

/** A text of foreign data as it is where a reader can see it; quoted where it is empty, or holds what cannot be seen. */
export function nameText(text: string): string {
  return text === "" || /^\s|\s$|[\p{Cc}\p{Cs}]/u.test(text) ? JSON.stringify(text) : text;
}
