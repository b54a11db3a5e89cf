import type { FastifyError, FastifyPluginAsync } from "fastify";
import { z } from "zod";
import { authorise } from "../access/authorise.ts";
import { onBehalf } from "../access/request-actor.ts";
import { answerGraphql } from "../graphql/answer.ts";
import { badRequest } from "../refusal.ts";
import type { TrackingContext } from "../tracking.ts";
import { explainError } from "./error-reply.ts";
import { acceptJson } from "./json-body.ts";
import type { Route } from "./route.ts";

const mostBytes = 1024 * 1024;

const graphqlRequest = z.object({
  query: z.string(),
  variables: z.record(z.string(), z.unknown()).nullish(),
  operationName: z.string().nullish(),
});

/** What the run pages of the stock UI read; it changes nothing, so whoever may read may ask. */
export function graphqlRoute(context: TrackingContext, table: readonly Route[]): FastifyPluginAsync {
  const routes = new Map(
    table.flatMap((route) => route.methods.map((method) => [`${method} ${route.path}`, route])),
  );
  return async (app) => {
    acceptJson(app);
    for (const path of ["/graphql", "/ajax-api/2.0/mlflow/graphql"]) {
      app.post(path, { bodyLimit: mostBytes }, async (request, reply) => {
        const parsed = graphqlRequest.safeParse(request.body);
        if (!parsed.success) throw badRequest("A GraphQL request is a JSON object with the text `query`.");
        const { query, variables, operationName } = parsed.data;
        const asking = onBehalf(context, request);
        const answer = await answerGraphql(
          { query, variables: variables ?? {}, operationName: operationName ?? undefined },
          {
            context: asking,
            ask: async (name, input) => {
              await authorise(asking, name, input);
              return (await routes.get(name)?.answer(asking, input)) as Record<string, unknown>;
            },
            explain: (error) => {
              const { name, status, message } = explainError(error as FastifyError);
              if (status >= 500) request.log.error(error);
              return { code: name, message };
            },
          },
        );
        return reply.type("application/json").send(answer);
      });
    }
  };
}
