/** Every error code of the `scanflow` package, with when it is thrown. A test compares this table with the docs. */
export const SCANFLOW_ERRORS = {
  SCANFLOW_NODE_VERSION: "The running Node is older than 24.",
} as const;
