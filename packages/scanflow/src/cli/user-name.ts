import { userInfo } from "node:os";

/** Who is at the keyboard. In a container the user may have no name. */
export function userName(env: NodeJS.ProcessEnv = process.env): string {
  try {
    return userInfo().username;
  } catch {
    return env.USER || env.LOGNAME || `user ${process.getuid?.() ?? "unknown"}`;
  }
}
