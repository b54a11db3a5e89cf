/** Every error code of attempts in pods, with when it is thrown. A test compares this table with the docs. */
export const POD_ERRORS = {
  SCANFLOW_POD_EVICTED: "A node ran short of something and ended a task's pod.",
  SCANFLOW_POD_LOST: "A task's pod or its node is gone: drained, preempted, shut down, deleted by somebody.",
  SCANFLOW_POD_REFUSED: "A node cannot make or take a task's pod as it is.",
  SCANFLOW_POD_UNSUPPORTED: "A task asks for what Kubernetes Jobs cannot give.",
} as const;
