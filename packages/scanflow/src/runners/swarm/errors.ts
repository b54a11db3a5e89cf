/** The error codes of the Swarm runner, with when they are thrown. A test compares this table with the docs. */
export const SWARM_ERRORS = {
  SCANFLOW_SWARM_UNAVAILABLE: "Tasks are to run on Swarm, and the Docker engine is no manager of a swarm.",
  SCANFLOW_SWARM_CONFIG: "A variable that says how Swarm is used cannot be understood.",
  SCANFLOW_PLACEMENT_UNMET: "No node of the swarm has the labels or the size that a task asks for.",
  SCANFLOW_NODE_LOST: "The node that ran an attempt is gone.",
} as const;
