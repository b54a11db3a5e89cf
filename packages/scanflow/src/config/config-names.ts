/** Names of a config; a folder has one of them. */
export const CONFIG_NAMES = [
  "scanflow.config.ts",
  "scanflow.config.js",
  "scanflow.config.mjs",
  "scanflow.yaml",
  "scanflow.yml",
] as const;

export function isYaml(file: string): boolean {
  return /\.ya?ml$/.test(file);
}
