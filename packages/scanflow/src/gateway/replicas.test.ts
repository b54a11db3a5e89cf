import { expect, test } from "vitest";
import { protocolPath, protocolVersion } from "../shim/protocol.ts";
import { gatewayBench, type Offered, say } from "./gateway.test.support.ts";

const service = { port: null, replicas: 2, maxReplicas: null, health: null };

test("the replicas of a service that a platform runs fetch side by side; of any other attempt who claimed last fetches alone", async () => {
  const bench = await gatewayBench();
  const { digest } = await bench.artifacts.publish(await bench.write("rows", "1"));
  const command = { kind: "command", command: "true" } as const;
  const offer = (given: object, runs: boolean) =>
    bench.offer({ command, inputs: { rows: digest }, ...given }, { runs });
  /** What two that claimed one after the other are answered then. */
  const fetchTwice = async ({ attempt }: Offered) => {
    const at = `${bench.door.url}${protocolPath}`;
    const body = { version: protocolVersion, task: null, site: bench.site, shim: ["node"] };
    const claim = () => say(`${at}/claim`, { token: attempt.variables.SCANFLOW_GATEWAY_TOKEN, body });
    const claims = [await claim(), await claim()];
    const answers = claims.map(async (one) => {
      const { token } = one.json().order;
      return (await say(`${at}/attempt/inputs/rows`, { token, method: "GET" })).status;
    });
    attempt.cancel();
    return Promise.all(answers);
  };
  expect(await fetchTwice(offer({ service }, false))).toEqual([200, 200]);
  expect(await fetchTwice(offer({}, false))).toEqual([410, 200]);
  expect(await fetchTwice(offer({ service }, true))).toEqual([410, 200]);
});
