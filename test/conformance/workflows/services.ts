import type { Case } from "../case.ts";

const serve =
  'require("node:http").createServer((_, answer) => answer.end("hello\\n")).listen(process.env.SCANFLOW_PORT, process.env.SCANFLOW_HOST)';
const ask =
  'fetch(process.env.SCANFLOW_SERVICE_GREETER).then((answer) => answer.text()).then((text) => require("node:fs").writeFileSync(process.env.SCANFLOW_OUTPUT_SAID, text))';

/** What stays up while others ask it. */
export const services: readonly Case[] = [
  {
    name: "service",
    shows: "a task asks a service by its node's name once that answers; the service ends with the run",
    workflow: {
      nodes: {
        greeter: { kind: "service", run: ["node", "-e", serve], health: "/" },
        ask: { run: ["node", "-e", ask], outputs: ["said"], after: ["greeter"] },
      },
    },
    ends: {
      run: "succeeded",
      tasks: { greeter: "succeeded", ask: "succeeded" },
      outputs: { "ask.said": "hello\n" },
    },
  },
  {
    name: "service-fails",
    shows: "a service that ends before it can be asked has failed, and stops who would ask it",
    workflow: {
      nodes: {
        greeter: { kind: "service", run: "exit 3" },
        ask: { run: "true", after: ["greeter"] },
        told: { run: "true", after: [{ node: "greeter", if: "failed" }] },
      },
    },
    ends: {
      run: "failed",
      tasks: { greeter: "failed", ask: "upstream-failed", told: "succeeded" },
    },
  },
];
