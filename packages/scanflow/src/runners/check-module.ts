/** Whether a check is named by the path of a module, and not as a built-in or a command. */
export function isCheckModule(check: string): boolean {
  return /^\S+\.[cm]?[jt]s$/.test(check);
}
