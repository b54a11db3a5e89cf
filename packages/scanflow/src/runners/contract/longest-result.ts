/** Results are small values; files belong into outputs. In bytes. */
export const longestResult = 1024 * 1024;
