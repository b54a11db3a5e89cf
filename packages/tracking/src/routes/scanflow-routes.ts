import { registryHistory } from "../history/history.ts";
import { versionSignature } from "../registry/version-signature.ts";
import { optional, required, text, whole } from "./fields.ts";
import { type Route, route } from "./route.ts";

const mostChanges = 10_000;

/** What the registry tells beyond the protocol, below `/api/2.0/scanflow/`. */
export const scanflowRoutes: readonly Route[] = [
  route(
    "GET registry/history",
    { name: required, version: text, max_results: optional(whole), page_token: text },
    async (context, input) => {
      const { items, nextPageToken } = await registryHistory(context, {
        name: input.name,
        version: input.version || undefined,
        maxResults: Math.min(Math.max(input.max_results ?? 1000, 1), mostChanges),
        pageToken: input.page_token,
      });
      const changes = items.map(({ atMs, model: _, version, ...change }) => ({
        timestamp: atMs,
        version: version === undefined ? undefined : String(version),
        ...change,
      }));
      return { changes, next_page_token: nextPageToken };
    },
  ),
  route("GET registry/signature", { name: required, version: required }, async (context, input) => {
    const { inputExample, ...signature } = await versionSignature(context, input.name, input.version);
    return { ...signature, input_example: inputExample };
  }),
];
