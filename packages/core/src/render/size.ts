import type { DrawnBox, DrawnNode } from "./drawing.ts";
import { shorten, textWidth } from "./text-width.ts";

export const NAME_SIZE = 13;
export const SMALL_SIZE = 11;
/** Room for the icon before a name. */
export const ICON_ROOM = 24;
/** How far the sheets of a stack stand out. */
export const STACK = 4;

/** Room in a box round what lies in it, and over it for its title. */
export const PADDING = 20;
export const HEADER = 42;

const LONGEST_NAME = 190;
const LONGEST_LABEL = 170;

interface Size {
  readonly width: number;
  readonly height: number;
}

/** How much room a node takes, by the shape of its kind. */
export function nodeSize(node: DrawnNode): Size {
  const text = textWidth(nodeName(node), NAME_SIZE);
  switch (node.task.kind) {
    case "choice":
      return { width: Math.max(84, text + 64), height: 58 };
    case "approval":
    case "labeling":
      return { width: Math.max(96, text + ICON_ROOM + 40), height: 38 };
    default: {
      const stack = node.map ? 2 * STACK : 0;
      return { width: Math.max(80, text + ICON_ROOM + 22) + stack, height: 36 + stack };
    }
  }
}

/** A node's name as far as there is room. */
export function nodeName({ task }: DrawnNode): string {
  return shorten(task.name, NAME_SIZE, LONGEST_NAME);
}

export function shortLabel(label: string): string {
  return shorten(label, SMALL_SIZE, LONGEST_LABEL);
}

export function labelSize(label: string): Size {
  return { width: textWidth(shortLabel(label), SMALL_SIZE) + 10, height: 18 };
}

/** The words over a box: its name, its workflow where that is called otherwise, and its tracker. */
export function boxTitle({ name, workflow, mapped, tracker }: DrawnBox) {
  const port = tracker?.port ? ` :${tracker.port}` : "";
  return {
    name: shorten(name, NAME_SIZE, LONGEST_NAME),
    remark: shorten(
      [workflow === name ? "" : workflow, mapped ? "once per item" : ""].filter(Boolean).join(", "),
      SMALL_SIZE,
      LONGEST_NAME,
    ),
    tracker: tracker && shorten(tracker.name, SMALL_SIZE, LONGEST_NAME) + port,
  };
}

/** Room for the words over a box. */
export function boxTitleWidth(box: DrawnBox): number {
  const { name, remark, tracker } = boxTitle(box);
  const tag = tracker === null ? 0 : textWidth(tracker, SMALL_SIZE) + 40;
  return textWidth(name, NAME_SIZE) * 1.08 + (remark ? textWidth(remark, SMALL_SIZE) + 10 : 0) + tag;
}
