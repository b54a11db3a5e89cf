/** The error codes of exports and deployments, with when they are thrown. A test compares this table with the docs. */
export const DEPLOY_ERRORS = {
  SCANFLOW_TARGET_UNKNOWN: "An application was to be exported to a target that there is not.",
  SCANFLOW_TARGET_LACKS:
    "A definition asks for what a target cannot do; all of it is listed, each with its node and what to change.",
  SCANFLOW_EXPORT_FOREIGN:
    "An export would take the place of files that it did not write, or that were changed since.",
  SCANFLOW_DEPLOY_TOOL: "The program by which a target is deployed is not installed.",
  SCANFLOW_DEPLOY_PLATFORM: "What an application is deployed to is not the platform that the target needs.",
  SCANFLOW_DEPLOY_FAILED: "A command of the platform's own tool failed.",
  SCANFLOW_DEPLOY_LEFT:
    "Something of an application was still there long after it was taken from a platform.",
  SCANFLOW_EXPORT_MANIFEST: "The list of what an export wrote into a folder cannot be read.",
} as const;
