/** Names of a config, the first that is found in a folder counts. */
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
