import type { Application, TrackerNode, Workflow, WorkNode } from "./definition.ts";
import type { Path } from "./problem.ts";

/** A definition beside the places in the document where its parts stand: what rules read. */
export interface DefinitionSite {
  readonly application: Application;
  readonly workflows: readonly WorkflowSite[];
  /** By name; the first of each name. */
  readonly named: ReadonlyMap<string, WorkflowSite>;
  /** Names of workflows whose form was wrong: they exist, and nothing more is known of them. */
  readonly unread: ReadonlySet<string>;
  /** Keys of the application whose form was wrong. */
  readonly broken: ReadonlySet<string>;
}

export interface WorkflowSite {
  readonly workflow: Workflow;
  readonly path: Path;
  readonly nodes: readonly NodeSite[];
  /** By name; the first of each name. */
  readonly named: ReadonlyMap<string, NodeSite>;
  /** Keys of the workflow whose form was wrong, such as `params`. */
  readonly broken: ReadonlySet<string>;
  readonly trackers: readonly TrackerSite[];
  /** Names of nodes whose form was wrong: they exist, and nothing more is known of them. */
  readonly unread: ReadonlySet<string>;
}

export interface NodeSite<Node extends WorkNode = WorkNode> {
  readonly node: Node;
  readonly path: Path;
}

export interface TrackerSite {
  readonly node: TrackerNode;
  readonly path: Path;
}
