#!/usr/bin/env node
// Written so that an old Node gets far enough to say which one is needed.
const needed = 24;

if (Number.parseInt(process.versions.node, 10) < needed) {
  const message = `Scanflow needs Node ${needed} or newer, and this is Node ${process.versions.node}. Install a newer Node (https://nodejs.org), then run the command again.`;
  const error = { error: { code: "SCANFLOW_NODE_VERSION", message } };
  const json = process.argv.includes("--json");
  process.stderr.write(`${json ? JSON.stringify(error) : `error SCANFLOW_NODE_VERSION: ${message}`}\n`);
  process.exitCode = 2;
} else {
  import("./start.js");
}
