import { BaseSequencer, type TestSpecification } from "vitest/node";

/**
 * Begins test files with containers at even distances. They wait more than they compute: side by side they leave half of
 * the machine idle, and what comes after them keeps others waiting for it.
 */
export class ContainersSpread extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const withContainers = sorted.filter(isWithContainers);
    const others = sorted.filter((file) => !isWithContainers(file));
    // Behind the last of them enough is left for the other workers.
    const distance = Math.floor((others.length * 0.8) / Math.max(1, withContainers.length));
    return withContainers
      .flatMap((file, at) => [file, ...others.slice(at * distance, (at + 1) * distance)])
      .concat(others.slice(withContainers.length * distance));
  }
}

function isWithContainers({ project }: TestSpecification): boolean {
  return project.name === "docker";
}
