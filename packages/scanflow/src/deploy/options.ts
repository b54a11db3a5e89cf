import type { TargetName } from "./target.ts";

/** What a call says about where an application goes. A target reads those that it takes. */
export interface DeployOptions {
  /** Put before the names of images that are ours: `registry.example.org:5000/team`. */
  readonly registry?: string | undefined;
  readonly namespace?: string | undefined;
  /** The application's folder, as it is written from the folder of the export: `../..`. */
  readonly source?: string | undefined;
  /** Name under which the server is reached from outside. */
  readonly host?: string | undefined;
  /** Name of the Secret with URLs of databases, tokens and the secrets of tasks. */
  readonly secret?: string | undefined;
  /** Where artifacts lie: `s3://BUCKET/PREFIX`; on a volume without it. */
  readonly artifacts?: string | undefined;
  /** Git repository that holds the exported files, for Argo CD. */
  readonly repo?: string | undefined;
  /** Folder of the exported files in it. */
  readonly path?: string | undefined;
  /** Branch, tag or commit of it. */
  readonly revision?: string | undefined;
}

/** A row of the table of options. */
export interface DeployOption {
  readonly name: Exclude<keyof DeployOptions, "source">;
  /** As the command line takes it. */
  readonly flags: string;
  readonly description: string;
  /** The targets that take it. */
  readonly targets: readonly TargetName[];
}

const CLUSTER = ["kubernetes", "argo", "kserve"] as const;

/** Every option of `scanflow export` and `scanflow deploy` that is about the target. */
export const deployOptions: readonly DeployOption[] = [
  {
    name: "registry",
    flags: "--registry <prefix>",
    description: "put before names of images, such as registry.example.org:5000/team (SCANFLOW_REGISTRY)",
    targets: ["compose", "stack", ...CLUSTER],
  },
  {
    name: "namespace",
    flags: "--namespace <name>",
    description: "of a cluster: the namespace (default: the application's name)",
    targets: CLUSTER,
  },
  {
    name: "host",
    flags: "--host <name>",
    description: "of kubernetes and stack: the name under which trackers are reached from outside",
    targets: ["kubernetes", "stack"],
  },
  {
    name: "secret",
    flags: "--secret <name>",
    description:
      "of kubernetes and argo: the Secret with URLs of databases, tokens, secrets of tasks (default: scanflow)",
    targets: ["kubernetes", "argo"],
  },
  {
    name: "artifacts",
    flags: "--artifacts <url>",
    description: "of kubernetes: where artifacts lie, s3://BUCKET/PREFIX (default: on a volume)",
    targets: ["kubernetes"],
  },
  {
    name: "repo",
    flags: "--repo <url>",
    description: "of a cluster: the Git repository of these files, for Argo CD",
    targets: CLUSTER,
  },
  {
    name: "path",
    flags: "--path <folder>",
    description: "of a cluster: their folder in that repository (default: deploy/TARGET)",
    targets: CLUSTER,
  },
  {
    name: "revision",
    flags: "--revision <name>",
    description: "of a cluster: branch, tag or commit of that repository (default: HEAD)",
    targets: CLUSTER,
  },
];
