import { type DeliveryOptions, OpenLineageDelivery } from "./delivery.ts";
import { openLineageTarget } from "./target.ts";

export interface OpenDeliveryOptions extends Omit<DeliveryOptions, "target" | "namespace"> {
  /** What the option says: a URL or the path of a file. */
  readonly given: string | undefined;
  readonly env: NodeJS.ProcessEnv;
}

/** The delivery that was asked for, by option or environment; null: none. Errors: SCANFLOW_OPENLINEAGE_TARGET. */
export async function openDelivery(options: OpenDeliveryOptions): Promise<OpenLineageDelivery | null> {
  const { given, env, ...rest } = options;
  const target = openLineageTarget({ given, env, root: rest.root });
  if (!target) return null;
  return OpenLineageDelivery.open({ ...rest, target, namespace: env.OPENLINEAGE_NAMESPACE || null });
}
