import type { FastifyReply, FastifyRequest } from "fastify";
import { collectDefaultMetrics, Gauge, Histogram, Registry } from "prom-client";

/** What is asked for when the metrics are read. */
export interface Gauges {
  /** Calls that the database has not answered yet. */
  readonly storeQueue: () => number;
  /** Runs by lifecycle stage. */
  readonly runs: () => Promise<ReadonlyMap<string, number>>;
}

export interface ServerMetrics {
  /** Counts an answered request. */
  observe(request: FastifyRequest, reply: FastifyReply): void;
  /** The metrics in Prometheus' text format, and its content type. */
  text(): Promise<string>;
  readonly contentType: string;
}

const prefix = "scanflow_tracker_";
const secondsBuckets = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10];
/** How often the event loop is asked how late it is: its default of 10 ms keeps an idle server awake. */
const lagResolutionMs = 200;

/** The figures of one server. Labels are routes of a table and statuses, never what a client has written. */
export function openServerMetrics({ storeQueue, runs }: Gauges): ServerMetrics {
  const register = new Registry();
  collectDefaultMetrics({ register, eventLoopMonitoringPrecision: lagResolutionMs });
  const requests = new Histogram({
    name: `${prefix}request_duration_seconds`,
    help: "Time from the arrival of a request to the end of its answer.",
    labelNames: ["method", "route", "status"] as const,
    buckets: secondsBuckets,
    registers: [register],
  });
  new Gauge({
    name: `${prefix}store_queue`,
    help: "Calls that the database has not answered yet.",
    registers: [register],
    collect() {
      this.set(storeQueue());
    },
  });
  new Gauge({
    name: `${prefix}runs`,
    help: "Runs by lifecycle stage.",
    labelNames: ["lifecycle"] as const,
    registers: [register],
    async collect() {
      for (const [lifecycle, count] of await runs()) this.set({ lifecycle }, count);
    },
  });
  return {
    observe: (request, reply) => {
      const labels = { method: request.method, route: routeOf(request), status: reply.statusCode };
      requests.observe(labels, reply.elapsedTime / 1000);
    },
    text: () => register.metrics(),
    contentType: register.contentType,
  };
}

/** The pattern of the route; the two names of the API count as one. */
function routeOf({ is404, routeOptions }: FastifyRequest): string {
  if (is404) return "none";
  return (routeOptions.url ?? "none").replace(/^\/ajax-api\//, "/api/");
}
