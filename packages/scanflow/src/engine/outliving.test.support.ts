import type { AttemptListener, AttemptOutcome, Runner, RunningAttempt } from "../runners/runner.ts";

/** A platform whose attempts go on without their owner: whoever adopts one hears of it, and the owner before no more. */
export function outliving(): (runner: Runner) => Runner {
  const fleet = new Map<
    string,
    { running: RunningAttempt; listener: AttemptListener; url: string | null; lost: () => void }
  >();
  return ({ reclaimUnrecorded: _, ...runner }) => ({
    ...runner,
    outlives: true,
    start(spec, listener) {
      const done = Promise.withResolvers<AttemptOutcome>();
      const heard: AttemptListener = {
        started: () => attempt.listener.started(),
        logged: (batch) => attempt.listener.logged(batch),
        line: (line) => attempt.listener.line(line),
        ready(url) {
          attempt.url = url;
          attempt.listener.ready(url);
        },
      };
      const running = runner.start(spec, heard);
      const attempt = {
        running,
        listener,
        url: null as string | null,
        lost: () => done.resolve({ kind: "cancelled" }),
      };
      fleet.set(spec.token, attempt);
      void running.done.then((outcome) => {
        if (attempt.listener === listener) done.resolve(outcome);
      });
      return {
        done: done.promise,
        cancel: () => (attempt.listener === listener ? running.cancel() : attempt.lost()),
      };
    },
    async adopt({ token }, listener) {
      const attempt = fleet.get(token);
      if (!attempt) return null;
      attempt.listener = listener;
      if (attempt.url !== null) listener.ready(attempt.url);
      return attempt.running;
    },
  });
}
