/** Every error code of what speaks to Kubernetes, with when it is thrown. A test compares this table with the docs. */
export const KUBERNETES_ERRORS = {
  SCANFLOW_KUBERNETES_CONFIG: "No cluster is named: there is no kubeconfig, or it cannot be used as it is.",
  SCANFLOW_KUBERNETES_MISSING: "The package that finds clusters and logs in to them is not installed.",
  SCANFLOW_KUBERNETES_UNREACHABLE: "The API server of the cluster does not answer.",
  SCANFLOW_KUBERNETES_DENIED: "The cluster refuses who asks, or does not let them do what is needed.",
  SCANFLOW_KUBERNETES_NAMESPACE: "The namespace is not there, or is being deleted.",
  SCANFLOW_KUBERNETES_REFUSED: "The cluster refuses an object as it is: a quota, a policy, a wrong field.",
  SCANFLOW_KUBERNETES_FAILED: "The API server failed at what it was asked for.",
} as const;
