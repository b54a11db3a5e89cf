/** Arguments that every Dockerfile knows without declaring them, and that no image keeps (docs.docker.com/reference/dockerfile). */
const names = ["HTTP_PROXY", "HTTPS_PROXY", "FTP_PROXY", "ALL_PROXY", "NO_PROXY"];

/** The proxies of an environment, for the programs of a build. */
export function proxyArguments(env: NodeJS.ProcessEnv): Record<string, string> {
  const both = names.flatMap((name) => [name, name.toLowerCase()]);
  return Object.fromEntries(both.flatMap((name) => (env[name] ? [[name, env[name]]] : [])));
}
