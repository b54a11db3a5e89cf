/** Whether a check is named by the path of a module, and not as a built-in or a command. */
export function isCheckModule(check: string): boolean {
  return /^\S+\.[cm]?[jt]s$/.test(check);
}

/** Whether a check runs a predictor that only its file of tests names: any script of the application may be it. */
export function runsPredictor(check: string): boolean {
  return check === "model-tests";
}
