import type { FastifyError } from "fastify";
import { explainError } from "../routes/error-reply.ts";
import type { SqlStore } from "../store/index.ts";

/** Whether the server can do its work, and if not, why: in words for everybody, without hosts and folders. */
export type Readiness = { readonly ready: true } | { readonly ready: false; readonly reason: string };

/** Asks the threads that read and that write. A store that does not answer in time is not ready. */
export async function readinessOf(store: SqlStore, patienceMs: number): Promise<Readiness> {
  const silence = Promise.withResolvers<Readiness>();
  const timer = setTimeout(() => {
    silence.resolve({ ready: false, reason: `The store has not answered for ${patienceMs} ms.` });
  }, patienceMs);
  try {
    return await Promise.race([ask(store), silence.promise]);
  } finally {
    clearTimeout(timer);
  }
}

async function ask(store: SqlStore): Promise<Readiness> {
  try {
    await Promise.all([store.read("SELECT 1"), store.write([{ sql: "SELECT 1" }])]);
    return { ready: true };
  } catch (error) {
    return { ready: false, reason: explainError(error as FastifyError).message };
  }
}
