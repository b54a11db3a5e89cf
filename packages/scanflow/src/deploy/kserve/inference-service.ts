import type { V1ObjectMeta, V1PodSpec } from "@kubernetes/client-node";
import type { FilesInCluster } from "../kubernetes/application-files.ts";
import { metadataOf, type Surroundings } from "../kubernetes/objects.ts";
import { servicePod, serviceRole } from "../kubernetes/services.ts";
import type { StandingService } from "../service-plan.ts";

/** As KServe's definition has it: a predictor is a pod with a few fields more. */
export interface InferenceService {
  readonly apiVersion: "serving.kserve.io/v1beta1";
  readonly kind: "InferenceService";
  readonly metadata: V1ObjectMeta;
  readonly spec: {
    readonly predictor: V1PodSpec & {
      readonly minReplicas: number;
      readonly maxReplicas: number;
      readonly scaleMetric?: "cpu";
      readonly scaleTarget?: number;
    };
  };
}

/**
 * A service as a custom predictor. In the mode Standard, which needs no Knative, KServe makes a Deployment, a Service
 * and an autoscaler of it. Source: KServe 0.16, "Custom Predictor" and "Standard Deployment".
 */
export function inferenceService(
  around: Surroundings,
  service: StandingService,
  files: FilesInCluster,
): InferenceService {
  const { replicas, maxReplicas } = service.task.service;
  const most = maxReplicas ?? replicas;
  const { containers, ...pod } = servicePod(around, service, files);
  return {
    apiVersion: "serving.kserve.io/v1beta1",
    kind: "InferenceService",
    metadata: {
      ...metadataOf(around, serviceRole(service)),
      annotations: { "serving.kserve.io/deploymentMode": "Standard" },
    },
    spec: {
      predictor: {
        minReplicas: replicas,
        maxReplicas: most,
        ...(most > replicas ? { scaleMetric: "cpu", scaleTarget: 70 } : {}),
        ...pod,
        containers: containers.map((container) => ({ ...container, name: "kserve-container" })),
      },
    },
  };
}
