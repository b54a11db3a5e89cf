import { once } from "node:events";
import { get, type IncomingMessage } from "node:http";
import { connect } from "node:net";
import { setTimeout as pause } from "node:timers/promises";
import type { Container } from "./pod-spec.ts";

export interface Probed {
  readonly container: Container;
  /** Of the pod. */
  readonly address: string;
  /** Aborted when the container has ended. */
  readonly signal: AbortSignal;
}

/**
 * What a node does before a container counts as started: asks its `startupProbe` again and again until it answers well
 * once. False: it has failed as often in a row as it may, and the container is to be killed; or it has ended.
 * Sources: Kubernetes, "Configure probes" (defaults; 200 to 399 are well); kubelet, `pkg/probe/http` (redirects within
 * the host are followed, those to another are well) and `pkg/kubelet/prober`.
 */
export async function untilStarted({ container, address, signal }: Probed): Promise<boolean> {
  const { startupProbe, ports = [] } = container;
  if (!startupProbe) return true;
  const { httpGet, tcpSocket, initialDelaySeconds = 0, periodSeconds = 10 } = startupProbe;
  const { timeoutSeconds = 1, failureThreshold = 3 } = startupProbe;
  const wanted = (httpGet ?? tcpSocket)?.port;
  const port = Number(ports.find(({ name }) => name === wanted)?.containerPort ?? wanted);
  const ask = () => {
    const limit = AbortSignal.any([signal, AbortSignal.timeout(timeoutSeconds * 1000)]);
    if (httpGet) return answersWell(`http://${address}:${port}${httpGet.path ?? "/"}`, limit);
    return connects(address, port, limit);
  };
  await pause(initialDelaySeconds * 1000, undefined, { signal }).catch(() => undefined);
  for (let failures = 0; failures < failureThreshold && !signal.aborted; failures++) {
    if (await ask()) return true;
    await pause(periodSeconds * 1000, undefined, { signal }).catch(() => undefined);
  }
  return false;
}

const mostRedirects = 10;

async function answersWell(url: string, signal: AbortSignal, redirects = 0): Promise<boolean> {
  try {
    const asked = get(url, { agent: false, signal, headers: { "user-agent": "kube-probe/1.34" } });
    const [answer] = (await once(asked, "response")) as [IncomingMessage];
    answer.destroy();
    const { statusCode = 0, headers } = answer;
    if (statusCode < 300 || statusCode > 399 || !headers.location)
      return statusCode >= 200 && statusCode < 400;
    const next = new URL(headers.location, url);
    if (next.hostname !== new URL(url).hostname) return true;
    return redirects < mostRedirects && (await answersWell(next.href, signal, redirects + 1));
  } catch {
    return false;
  }
}

async function connects(host: string, port: number, signal: AbortSignal): Promise<boolean> {
  const socket = connect({ host, port, signal });
  const connected = await once(socket, "connect").then(
    () => true,
    () => false,
  );
  socket.on("error", () => undefined).destroy();
  return connected;
}
