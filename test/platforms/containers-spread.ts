import { BaseSequencer, type TestSpecification } from "vitest/node";

/**
 * Begins test files with containers at even distances among the others that take long. They wait more than they compute:
 * side by side they leave half of the machine idle, and what comes after them keeps others waiting for it.
 */
export class ContainersSpread extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const long = sorted.filter(({ project }) => ["system", "postgresql"].includes(project.name));
    const withContainers = sorted.filter(({ project }) => project.name === "docker");
    const others = sorted.filter((file) => !long.includes(file) && !withContainers.includes(file));
    const distance = Math.ceil(long.length / Math.max(1, withContainers.length));
    const spread = withContainers.flatMap((file, at) => [
      file,
      ...long.slice(at * distance, (at + 1) * distance),
    ]);
    return [...spread, ...long.slice(withContainers.length * distance), ...others];
  }
}
