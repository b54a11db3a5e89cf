import type { FastifyRequest } from "fastify";
import type { Context } from "../context.ts";
import type { Actor } from "./role.ts";

declare module "fastify" {
  interface FastifyRequest {
    /** Who sent the request; absent where no access control stands in front. */
    actor?: Actor;
  }
}

/** The context in which a request is answered: cut down to what its sender may see, where that is known. */
export function onBehalf<C extends Context>(context: C, { actor }: FastifyRequest): C {
  return actor === undefined ? context : { ...context, actor };
}
