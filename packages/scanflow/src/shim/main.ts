import { makeWay } from "./first-process.ts";

/**
 * The program inside containers. It starts fast and needs nothing but Node: only `step` and `check`, which run where the
 * whole package is, load more of it.
 */
const [name, ...args] = process.argv.slice(2);

switch (name) {
  case "step":
  case "check": {
    const { stepProcess } = await import("../runners/function/step-process.ts");
    const [first = "", second = "default"] = args;
    await stepProcess(
      name === "step" ? { kind: "module", module: first, export: second } : { kind: "check", check: first },
    );
    break;
  }
  case "run":
  case "fetch":
  case "publish":
    makeWay();
    process.exitCode = await talk(name);
    break;
  case "attend":
    // It has no processes to take note of, and has to hear at once when it is to end.
    process.exitCode = await talk(name);
    break;
  default:
    process.stderr.write(
      `scanflow shim: there is no command ${JSON.stringify(name ?? "")}. Name one of step, check, run, fetch, attend, publish.\n`,
    );
    process.exitCode = 2;
}

/** What is done together with the gateway. */
async function talk(part: "run" | "fetch" | "attend" | "publish"): Promise<number> {
  const stop = new AbortController();
  if (part === "run" || part === "attend") {
    for (const signal of ["SIGTERM", "SIGINT"] as const) process.on(signal, () => stop.abort());
  }
  const { troubleExit, work } = await import("./work.ts");
  const { readSettings } = await import("./settings.ts");
  const { SCANFLOW_WORKS_ON: named } = process.env;
  try {
    const settings = readSettings(process.env, part === "run" ? (args[0] ?? named) : undefined);
    if (part === "run") return await work(settings, stop.signal);
    if (part === "attend") return await (await import("./attend/attend.ts")).attend(settings, stop.signal);
    const { fetchHalf, publishHalf } = await import("./halves.ts");
    return part === "fetch" ? await fetchHalf(settings) : await publishHalf(settings);
  } catch (error) {
    return troubleExit(error);
  }
}
