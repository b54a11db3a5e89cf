import type { V1EnvVar, V1PersistentVolumeClaim, V1Volume, V1VolumeMount } from "@kubernetes/client-node";
import { keptMetadata, type Surroundings } from "./objects.ts";

/** Where the artifacts lie that the server and the trackers know by their digest. */
export interface ArtifactPlace {
  /** What a tracker's `--artifacts` says. */
  readonly location: string;
  readonly claims: readonly V1PersistentVolumeClaim[];
  readonly volumes: readonly V1Volume[];
  /** Where a container has them that sees them as a folder. */
  readonly mountedAt: (mountPath: string) => readonly V1VolumeMount[];
  /** Variables of a tracker. */
  readonly tracker: readonly V1EnvVar[];
  /** Variables of the server, which has the whole Secret. */
  readonly server: readonly V1EnvVar[];
  /** What the Secret needs for them, as \`name=value\`. */
  readonly secret: readonly string[];
}

const volume = "artifacts";
const folder = "/artifacts";

/** Keys of the Secret that lead to S3: Amazon's own names. */
const keys = {
  needed: ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_REGION"],
  more: ["AWS_SESSION_TOKEN", "AWS_ENDPOINT_URL_S3"],
};

export function artifactPlace(around: Surroundings): ArtifactPlace {
  const { artifacts } = around.deployment.options;
  return artifacts === undefined ? onVolume(around) : inS3(around, artifacts);
}

/** One that the server writes to and trackers on other machines read. */
function onVolume(around: Surroundings): ArtifactPlace {
  const claim: V1PersistentVolumeClaim = {
    apiVersion: "v1",
    kind: "PersistentVolumeClaim",
    metadata: keptMetadata(around, volume),
    spec: { accessModes: ["ReadWriteMany"], resources: { requests: { storage: "20Gi" } } },
  };
  return {
    location: folder,
    claims: [claim],
    volumes: [{ name: volume, persistentVolumeClaim: { claimName: volume } }],
    mountedAt: (mountPath) => [{ name: volume, mountPath }],
    ...{ tracker: [], server: [], secret: [] },
  };
}

/** No volume is shared: the server keeps a copy of what it works with beside its state. */
function inS3({ secret }: Surroundings, location: string): ArtifactPlace {
  const tracker = [...keys.needed, ...keys.more].map((key) => ({
    name: key,
    // A cluster may give pods a role instead.
    valueFrom: { secretKeyRef: { name: secret, key, optional: true } },
  }));
  return {
    location,
    ...{ claims: [], volumes: [], mountedAt: () => [] },
    tracker,
    server: [{ name: "SCANFLOW_ARTIFACTS", value: location }],
    secret: keys.needed.map((key) => `${key}=…`),
  };
}
