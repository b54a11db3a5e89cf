/** The part of Argo's WorkflowTemplate that our exports use. */
export interface WorkflowTemplate {
  readonly spec: {
    readonly entrypoint: string;
    readonly arguments?: { readonly parameters?: readonly Parameter[] };
    readonly templates: readonly Template[];
  };
}

export interface Parameter {
  readonly name: string;
  readonly value?: string;
  readonly default?: string;
  readonly valueFrom?: {
    readonly path?: string;
    readonly expression?: string;
    readonly supplied?: Readonly<Record<string, never>>;
    readonly default?: string;
  };
}

export interface Artifact {
  readonly name: string;
  readonly path?: string;
  readonly from?: string;
  readonly optional?: boolean;
  readonly s3?: { readonly key: string };
  readonly raw?: { readonly data: string };
}

export interface Template {
  readonly name: string;
  readonly metadata?: { readonly annotations?: Readonly<Record<string, string>> };
  readonly inputs?: { readonly parameters?: readonly Parameter[]; readonly artifacts?: readonly Artifact[] };
  readonly outputs?: { readonly parameters?: readonly Parameter[]; readonly artifacts?: readonly Artifact[] };
  readonly dag?: { readonly failFast?: boolean; readonly target?: string; readonly tasks: readonly Task[] };
  readonly suspend?: { readonly duration?: string };
  readonly container?: Container;
  readonly initContainers?: readonly Container[];
  readonly parallelism?: number;
  readonly retryStrategy?: { readonly limit: string };
  readonly activeDeadlineSeconds?: string;
}

export interface Container {
  readonly command: readonly string[];
  readonly args?: readonly string[];
  readonly env?: readonly {
    readonly name: string;
    readonly value?: string;
    readonly valueFrom?: {
      readonly secretKeyRef?: { readonly key: string };
      readonly configMapKeyRef?: { readonly key: string; readonly optional?: boolean };
    };
  }[];
}

export interface Task {
  readonly name: string;
  readonly template: string;
  readonly depends?: string;
  readonly when?: string;
  readonly withParam?: string;
  readonly arguments?: Arguments;
}

export interface Arguments {
  readonly parameters?: readonly Parameter[];
  readonly artifacts?: readonly Artifact[];
}

export type Phase = "Succeeded" | "Failed" | "Error" | "Skipped" | "Omitted";

/** What a node of a workflow came to. */
export interface Node {
  readonly phase: Phase;
  /** Of a task with `withParam`. */
  readonly items?: readonly Node[];
  readonly parameters: Readonly<Record<string, string>>;
  /** Where its artifacts lie. */
  readonly artifacts: Readonly<Record<string, string>>;
  readonly attempts: number;
  readonly startedAt: number | null;
  readonly endedAt: number | null;
  readonly message?: string;
}

export function ended(phase: Phase, more: Partial<Node> = {}): Node {
  return { phase, parameters: {}, artifacts: {}, attempts: 0, startedAt: null, endedAt: null, ...more };
}
