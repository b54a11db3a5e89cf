import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { generatedApplication } from "../plan/generated.test.support.ts";
import type { Plan } from "../plan/plan.ts";
import { planWorkflow } from "../plan/plan-workflow.ts";
import { application, executor, from, output, workflow } from "../plan/written.test.support.ts";
import { arrange } from "./arrange.ts";
import { type DrawnEdge, drawingOf } from "./drawing.ts";
import type { Area, Frame } from "./frame.ts";
import type { Point } from "./route.ts";

/** Height of a box's title with its tracker's tag. */
const TITLE = 30;

const generated = generatedApplication({ kinds: ["executor", "workflow", "choice"], maps: true });

/** A plan of so many tasks in one workflow, each behind some earlier ones. */
function large(count: number, picks: readonly number[]): Plan {
  const nodes = Array.from({ length: count }, (_, index) => {
    const behind = [picks[index % picks.length] ?? 0, (picks[(index * 7) % picks.length] ?? 0) * 3]
      .map((pick) => index - 1 - (pick % 40))
      .filter((upstream) => upstream >= 0);
    const inputs = Object.fromEntries(behind.map((upstream) => [`i${upstream}`, from(`n${upstream}.out`)]));
    return executor(`n${index}`, { inputs, outputs: { out: output("out") } });
  });
  return planWorkflow(application([workflow("large", nodes)]));
}

async function checkPicture(plan: Plan): Promise<void> {
  const drawing = drawingOf(plan);
  const frame = await arrange(drawing);
  if (!frame) throw new Error("nothing was arranged");
  const frames = [...framesIn(frame)];
  expect(frames.flatMap(({ nodes }) => nodes.map(({ node }) => node.id)).sort()).toEqual(
    drawing.nodes.map(({ id }) => id).sort(),
  );
  const drawn = new Set(frames.flatMap(({ lines }) => lines.flatMap(({ edges }) => edges)));
  expect(drawn.size).toBe(drawing.edges.length);
  for (const each of frames) checkFrame(each);
  checkJoints(frame);
}

function* framesIn(frame: Frame): Generator<Frame> {
  yield frame;
  for (const inner of frame.frames) yield* framesIn(inner.frame);
}

/** The pieces of an edge, seen from the top, meet where it passes the side of a box: they leave one loose start. */
function checkJoints(top: Frame): void {
  const starts = new Map<DrawnEdge, string[]>();
  const ends = new Map<DrawnEdge, Set<string>>();
  const visit = ({ lines, frames }: Frame, corner: Point): void => {
    const named = ({ x, y }: Point) => `${(x + corner.x).toFixed(3)} ${(y + corner.y).toFixed(3)}`;
    for (const { points, edges } of lines) {
      const [first, last] = [points[0], points.at(-1)];
      if (!first || !last) throw new Error("a line without points");
      for (const edge of edges) {
        starts.set(edge, [...(starts.get(edge) ?? []), named(first)]);
        ends.set(edge, (ends.get(edge) ?? new Set()).add(named(last)));
      }
    }
    for (const { frame, area } of frames) {
      visit(frame, { x: corner.x + area.x - area.width / 2, y: corner.y + area.y - area.height / 2 });
    }
  };
  visit(top, { x: 0, y: 0 });
  for (const [edge, all] of starts) {
    expect(all.filter((start) => !ends.get(edge)?.has(start))).toHaveLength(1);
  }
}

function checkFrame({ box, width, height, nodes, frames, lines }: Frame): void {
  const title = box ? TITLE : 0;
  const areas = [...nodes, ...frames].map(({ area }) => area);
  for (const [index, area] of areas.entries()) {
    expect(area.x - area.width / 2).toBeGreaterThanOrEqual(0);
    expect(area.y - area.height / 2).toBeGreaterThanOrEqual(title);
    expect(area.x + area.width / 2).toBeLessThanOrEqual(width + 0.01);
    expect(area.y + area.height / 2).toBeLessThanOrEqual(height + 0.01);
    for (const other of areas.slice(index + 1)) expect(overlap(area, other)).toBe(false);
  }
  for (const { points } of lines) {
    for (const { x, y } of points) {
      expect(x >= -0.01 && x <= width + 0.01 && y >= 0 && y <= height).toBe(true);
    }
  }
}

function overlap(a: Area, b: Area): boolean {
  const wide = Math.abs(a.x - b.x) < (a.width + b.width) / 2 - 0.01;
  return wide && Math.abs(a.y - b.y) < (a.height + b.height) / 2 - 0.01;
}

describe("a picture", () => {
  test("shows every node and edge, in its box and clear of all others", async () => {
    await fc.assert(fc.asyncProperty(generated, (app) => checkPicture(planWorkflow(app))));
  });

  test("does so for plans too large for the fine layout", async () => {
    const picks = fc.array(fc.nat(), { minLength: 1, maxLength: 30 });
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 150, max: 400 }), picks, (count, each) =>
        checkPicture(large(count, each)),
      ),
      { numRuns: 10 },
    );
  });
});

test("many nodes with the same edges stand side by side behind one edge", async () => {
  const parts = Array.from({ length: 60 }, (_, index) => `part-${index}`);
  const plan = planWorkflow(
    application([
      workflow("wide", [
        executor("list", { outputs: { files: output("files") } }),
        ...parts.map((name) =>
          executor(name, { inputs: { files: from("list.files") }, outputs: { out: output("out") } }),
        ),
        executor("join", { inputs: Object.fromEntries(parts.map((name) => [name, from(`${name}.out`)])) }),
      ]),
    ]),
  );
  await checkPicture(plan);
  const frame = await arrange(drawingOf(plan));
  expect(frame?.frames.map(({ frame: bundle }) => bundle.nodes.length)).toEqual([60]);
  expect(frame?.lines.map(({ edges }) => edges.length)).toEqual([60, 60]);
});
