import { type Plan, planWorkflow } from "@scanflow/core";
import { generatedApplication } from "@scanflow/core/testing";
import fc from "fast-check";
import { expect, test } from "vitest";
import { at } from "./instances.ts";
import { Scheduler } from "./scheduler.ts";
import { Simulation, type Weather } from "./simulation.test.support.ts";

const share = (most: number) => fc.double({ min: 0, max: most, noNaN: true });

const weather: fc.Arbitrary<Weather> = fc.record({
  failure: share(0.6),
  cached: share(1),
  crash: share(0.2),
  pause: share(0.1),
  cancel: fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, share(0.05)),
  refusal: share(0.1),
  silence: share(0.5),
  adoption: share(1),
});

const SERVICE = { port: null, replicas: 1, maxReplicas: null, health: null };

/** Retries, tolerated failures, and which of the tasks that hand nothing on are services, are drawn too. */
const plans: fc.Arbitrary<Plan> = fc
  .tuple(
    generatedApplication({ kinds: ["executor", "workflow", "choice"], maps: true }),
    fc.array(fc.record({ limit: fc.nat(3), allowFailure: fc.boolean(), service: fc.boolean() }), {
      minLength: 1,
      maxLength: 10,
    }),
  )
  .map(([application, draws]) => {
    const plan = planWorkflow(application);
    const taken = new Set(
      plan.tasks.flatMap(({ upstreams }) =>
        upstreams.flatMap((edge) => (edge.kind === "data" ? [edge.task] : [])),
      ),
    );
    const tasks = plan.tasks.map((task, position) => {
      const draw = draws[position % draws.length];
      if (task.kind !== "executor" || !draw) return task;
      const retry = { limit: draw.limit, delayMs: 1000, factor: 2, maxDelayMs: 60_000, jitter: 0.2 };
      const drawn = { ...task, retry, allowFailure: task.allowFailure || draw.allowFailure };
      return draw.service && !taken.has(task.id)
        ? { ...drawn, kind: "service" as const, service: SERVICE }
        : drawn;
    });
    return { ...plan, tasks };
  });

const seeds = fc.integer();

/** Numbers in [0, 1) from a seed: a Weyl sequence through a 32-bit mix. */
function draws(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x9e3779b9) | 0;
    let mixed = Math.imul(state ^ (state >>> 16), 0x21f0aaad);
    mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97);
    return ((mixed ^ (mixed >>> 15)) >>> 0) / 2 ** 32;
  };
}

/** Per task of a plan, all that come before it. */
function ancestorsOf(plan: Plan): ReadonlyMap<string, ReadonlySet<string>> {
  const ancestors = new Map<string, Set<string>>();
  for (const { id, upstreams } of plan.tasks) {
    ancestors.set(id, new Set(upstreams.flatMap(({ task }) => [task, ...(ancestors.get(task) ?? [])])));
  }
  return ancestors;
}

function simulate(plan: Plan, seed: number, sky: Weather): Simulation {
  const simulation = new Simulation(plan, sky, draws(seed));
  simulation.run();
  return simulation;
}

test("every run ends, starts nothing before its upstreams, and takes no late answer, in any weather", () => {
  fc.assert(
    fc.property(plans, seeds, weather, (plan, seed, sky) => {
      const { events, scheduler } = simulate(plan, seed, sky);
      expect(events.at(-1)?.event).toBe("run-finished");
      expect(events.filter(({ event }) => event === "run-finished")).toHaveLength(1);
      expect(
        scheduler.state.tasks.every(({ status }) => !["pending", "running", "up"].includes(status)),
      ).toBe(true);
    }),
    { numRuns: 300 },
  );
});

test("nothing is stopped by a failure, and no run fails, without a failure before it that is not allowed", () => {
  fc.assert(
    fc.property(plans, seeds, weather, (plan, seed, sky) => {
      const { scheduler } = simulate(plan, seed, sky);
      const { tasks, status } = scheduler.state;
      const task = (template: number) => at(plan.tasks, template);
      const grave = tasks.filter((state) => {
        const failed = task(state.template);
        return state.status === "failed" && !("allowFailure" in failed && failed.allowFailure);
      });
      const behind = ancestorsOf(plan);
      for (const state of tasks.filter((each) => each.status === "upstream-failed")) {
        const { id } = task(state.template);
        expect(grave.some((failed) => behind.get(id)?.has(task(failed.template).id))).toBe(true);
      }
      if (status !== "cancelled") {
        if (grave.length === 0) expect(status).toBe("succeeded");
        if (grave.some((each) => task(each.template).spared === undefined)) expect(status).toBe("failed");
      }
    }),
    { numRuns: 200 },
  );
});

test("replaying the events gives the state, byte for byte, at every prefix that was stored as a whole", () => {
  fc.assert(
    fc.property(plans, seeds, weather, (plan, seed, sky) => {
      const { events, scheduler } = simulate(plan, seed, sky);
      const replayed = new Scheduler(plan, "r");
      replayed.replay(events);
      expect(replayed.serialize()).toBe(scheduler.serialize());
    }),
    { numRuns: 100 },
  );
});

test("each completion is recorded once: no task succeeds twice without a retry by a person", () => {
  fc.assert(
    fc.property(plans, seeds, weather, (plan, seed, sky) => {
      const { events } = simulate(plan, seed, sky);
      const done = events.flatMap((event) =>
        event.event === "attempt-succeeded" || event.event === "task-cached" ? [event.task] : [],
      );
      expect(new Set(done).size).toBe(done.length);
    }),
    { numRuns: 100 },
  );
});

test("a retried run ends again and keeps what had succeeded", () => {
  fc.assert(
    fc.property(plans, seeds, weather, (plan, seed, sky) => {
      const simulation = simulate(plan, seed, sky);
      const kept = simulation.scheduler.state.tasks
        .filter(({ status, service }) => status === "succeeded" && service === null)
        .map(({ id }) => id);
      const before = simulation.events.length;
      simulation.retryAll();
      const again = simulation.events.slice(before).flatMap((event) => ("task" in event ? [event.task] : []));
      expect(again.filter((task) => kept.includes(task))).toEqual([]);
      expect(simulation.ended).toBe(true);
    }),
    { numRuns: 100 },
  );
});
