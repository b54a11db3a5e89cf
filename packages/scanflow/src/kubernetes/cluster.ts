import { type AccessOptions, findAccess } from "./access.ts";
import { isStatus, type KubeError } from "./api-error.ts";
import { Connection } from "./connection.ts";

export interface ClusterOptions extends AccessOptions {
  /** Absent: the context's. */
  readonly namespace?: string | undefined;
}

/** How dependents of a deleted object go: before it, or after it. */
export type Propagation = "Foreground" | "Background";

/** The objects of one namespace of one cluster. Every method throws `SCANFLOW_KUBERNETES_…`. */
export class Cluster {
  readonly connection: Connection;
  readonly namespace: string;

  constructor(connection: Connection, namespace: string) {
    this.connection = connection;
    this.namespace = namespace;
  }

  /** Finds the cluster as kubectl does. Asks it nothing. Throws `SCANFLOW_KUBERNETES_CONFIG`. */
  static async find(options: ClusterOptions): Promise<Cluster> {
    const access = await findAccess(options);
    return new Cluster(new Connection(access), options.namespace ?? access.namespace);
  }

  /** Path of a collection of this namespace: `jobs` of `batch/v1`, `pods` of `v1`. */
  path(version: string, kind: string, name?: string): string {
    const root = version.includes("/") ? `/apis/${version}` : `/api/${version}`;
    const named = name === undefined ? "" : `/${encodeURIComponent(name)}`;
    return `${root}/namespaces/${encodeURIComponent(this.namespace)}/${kind}${named}`;
  }

  async get(path: string): Promise<unknown> {
    return this.#json({ method: "GET", path });
  }

  async list(path: string, labelSelector: string): Promise<unknown> {
    return this.#json({ method: "GET", path, query: { labelSelector } });
  }

  /** `dryRun` has the server judge the object (fields, quotas, policies) and keep nothing. */
  async create(path: string, body: unknown, { dryRun = false } = {}): Promise<unknown> {
    const query = { fieldValidation: "Strict", dryRun: dryRun ? "All" : undefined };
    return this.#json({ method: "POST", path, body, query });
  }

  async patch(path: string, body: unknown): Promise<unknown> {
    return this.#json({ method: "PATCH", path, body, type: "application/merge-patch+json" });
  }

  /** False: it was not there. */
  async delete(path: string, propagationPolicy: Propagation): Promise<boolean> {
    const body = { kind: "DeleteOptions", apiVersion: "v1", propagationPolicy };
    return this.#json({ method: "DELETE", path, body }).then(
      () => true,
      (error: KubeError) => {
        if (isStatus(error, 404)) return false;
        throw error;
      },
    );
  }

  close(): void {
    this.connection.close();
  }

  async #json(request: Parameters<Connection["send"]>[0]): Promise<unknown> {
    return JSON.parse(await this.connection.text(request));
  }
}
