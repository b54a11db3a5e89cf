import { execFile } from "node:child_process";
import { mkdtemp, readFile, writeFile } from "node:fs/promises";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createServer } from "node:tls";
import { promisify } from "node:util";
import { onTestFinished } from "vitest";

const run = promisify(execFile);

/**
 * A door to a Docker daemon that speaks TLS and lets in whoever shows a certificate of its authority, as dockerd's own
 * `--tlsverify` does. Gives the variables by which Docker's programs come through it.
 */
export async function tlsDoor(socket: string): Promise<Record<string, string>> {
  const folder = await mkdtemp(join(tmpdir(), "scanflow-tls-"));
  await makeCertificates(folder);
  const pem = (name: string) => readFile(join(folder, name));
  const [ca, cert, key] = await Promise.all([pem("ca.pem"), pem("server.pem"), pem("server.key")]);
  const door = createServer({ ca, cert, key, requestCert: true, rejectUnauthorized: true }, (outside) => {
    const inside = connect(socket);
    for (const side of [inside, outside]) side.on("error", () => undefined);
    outside.pipe(inside).pipe(outside);
    outside.on("close", () => inside.destroy());
    inside.on("close", () => outside.destroy());
  });
  await new Promise<void>((resolve) => door.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void door.close());
  const address = door.address();
  const port = typeof address === "object" ? address?.port : undefined;
  return { DOCKER_HOST: `tcp://127.0.0.1:${port}`, DOCKER_TLS_VERIFY: "1", DOCKER_CERT_PATH: folder };
}

async function makeCertificates(folder: string): Promise<void> {
  const openssl = (...args: string[]) => run("openssl", args, { cwd: folder });
  const fresh = (name: string) => [
    ...["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"],
    ...["-keyout", name, "-subj", "/CN=scanflow test"],
  ];
  await openssl("req", "-x509", ...fresh("ca.key"), "-out", "ca.pem", "-days", "2");
  await writeFile(join(folder, "names"), "subjectAltName=IP:127.0.0.1\n");
  const signed = ["-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-days", "2", "-extfile", "names"];
  for (const [key, cert] of [
    ["server.key", "server.pem"],
    ["key.pem", "cert.pem"],
  ] as const) {
    await openssl("req", ...fresh(key), "-out", "request");
    await openssl("x509", "-req", "-in", "request", ...signed, "-out", cert);
  }
}
