import type { Question, ServerClient } from "./server-client.ts";

/** The pages of a list, to its end. `mayLack`: none where the server has no such route. */
export async function* pages<A extends { next_page_token?: string | undefined }>(
  client: ServerClient,
  { mayLack, query, body, ...question }: Question<A> & { readonly mayLack?: boolean },
): AsyncGenerator<A> {
  const seen = new Set<string>();
  let token: string | undefined;
  do {
    const at = token === undefined ? {} : { page_token: token };
    const asked = body === undefined ? { query: { ...query, ...at } } : { body: { ...body, ...at } };
    const page = mayLack
      ? await client.askIfThere({ ...question, ...asked })
      : await client.ask({ ...question, ...asked });
    if (page === undefined) return;
    yield page;
    token = page.next_page_token || undefined;
    // A server that gives the same pages again and again would never end, and what is left is not known.
    if (token !== undefined && seen.has(token)) throw client.wrong(question.path, "the same page again");
    if (token !== undefined) seen.add(token);
  } while (token !== undefined);
}
