import type { DrawnNode } from "./drawing.ts";
import type { Area } from "./frame.ts";
import { round } from "./route.ts";
import { ICON_ROOM, nodeName, STACK } from "./size.ts";
import { escapeXml } from "./xml.ts";

type Kind = DrawnNode["task"]["kind"];

/** Line drawings of 14 by 14 about the origin. */
const ICONS: Readonly<Record<Exclude<Kind, "choice">, string>> = {
  executor: "M-3.5-5.5 5.5 0-3.5 5.5Z",
  checker: "M-6 .5-2 4.5 6-4",
  service: "M-6.5 0H-3L-1-5 2 5 3.5 0H6.5",
  approval: "M0-1.5A2.7 2.7 0 1 0 0-6.9 2.7 2.7 0 0 0 0-1.5M-5.5 6V4.5C-5.5 .5 5.5 .5 5.5 4.5V6",
  labeling: "M-6-5H0L6 1 1 6-6-1ZM-3.5-2.5V-2.4",
};

/** A node's outline, icon and name. */
export function nodeMarkup(node: DrawnNode, area: Area): string {
  const { kind } = node.task;
  const name = escapeXml(nodeName(node));
  if (kind === "choice") {
    return `${outline(kind, area)}<text class="name middle" x="${round(area.x)}" y="${round(area.y + 4.5)}">${name}</text>`;
  }
  const stack = node.map ? STACK : 0;
  const front = {
    x: area.x - stack,
    y: area.y + stack,
    width: area.width - 2 * stack,
    height: area.height - 2 * stack,
  };
  const sheets = node.map
    ? [2, 1].map((sheet) =>
        outline(kind, { ...front, x: front.x + sheet * STACK, y: front.y - sheet * STACK }),
      )
    : [];
  const inset = kind === "approval" ? 13 : 4;
  const left = front.x - front.width / 2 + inset;
  const icon = `<path class="icon" transform="translate(${round(left + 14)} ${round(front.y)})" d="${ICONS[kind]}"/>`;
  const text = `<text class="name" x="${round(left + ICON_ROOM + 3)}" y="${round(front.y + 4.5)}">${name}</text>`;
  return `${sheets.join("")}${outline(kind, front)}${icon}${text}`;
}

function outline(kind: Kind, { x, y, width, height }: Area): string {
  const [left, right, top, bottom] = [x - width / 2, x + width / 2, y - height / 2, y + height / 2];
  switch (kind) {
    case "choice":
      return polygon([left, y, x, top, right, y, x, bottom]);
    case "approval":
      return polygon([
        left,
        y,
        left + 12,
        top,
        right - 12,
        top,
        right,
        y,
        right - 12,
        bottom,
        left + 12,
        bottom,
      ]);
    case "labeling":
      return polygon([left, top, right - 12, top, right, y, right - 12, bottom, left, bottom]);
    default: {
      const radius = kind === "service" ? height / 2 : kind === "checker" ? 3 : 9;
      return `<rect class="shape" x="${round(left)}" y="${round(top)}" width="${round(width)}" height="${round(height)}" rx="${radius}"/>`;
    }
  }
}

function polygon(points: readonly number[]): string {
  return `<polygon class="shape" points="${points.map(round).join(" ")}"/>`;
}
