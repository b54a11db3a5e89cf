/**
 * Whom programs run as in images that are built here: nobody who exists on the host (the number is that of distroless'
 * `nonroot`).
 */
export const imageUser = "65532:65532";

/** The instructions of a Dockerfile, one after the other; empty ones are left out. */
export function dockerfileText(title: string, instructions: readonly (string | null)[]): string {
  const written = instructions.filter((instruction) => instruction !== null);
  return `# ${title}\n${written.join("\n")}\n`;
}

/** Installs Debian packages; null when there are none. They are sorted, so that their order makes no other image. */
export function aptInstall(packages: readonly string[]): string | null {
  if (packages.length === 0) return null;
  const names = [...new Set(packages)].sort().join(" ");
  return [
    "RUN apt-get update \\",
    ` && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends ${names} \\`,
    " && rm -rf /var/lib/apt/lists/*",
  ].join("\n");
}

/** Where a container starts and as whom; the root file system may be read-only, so HOME is where writing is allowed. */
export const asNobody: readonly string[] = ["ENV HOME=/tmp", "WORKDIR /app", `USER ${imageUser}`];
