import type { MapTask } from "@scanflow/core";
import type { Build, Manifest } from "./build.ts";
import { expressionText } from "./expression-text.ts";
import { jsonText } from "./literal-text.ts";
import { passedOn } from "./passed-on.ts";
import { plain, type Scope, type Text, text } from "./scope.ts";

interface Around {
  readonly task: MapTask;
  /** Puts a value into an argument. */
  readonly take: (value: Text) => string;
}

/** The list of a map, each item with its index, and what its items need from around, as far as it is known yet. */
export function mapArguments(build: Build, scope: Scope, { task, take }: Around): readonly Manifest[] {
  const { over } = task;
  const list =
    over.kind === "literal"
      ? plain(jsonText(over.value))
      : expressionText({ scope, task, results: build.results }, over.expression);
  // What is no list is an error here, and the map fails.
  const items = text`let items = filter(${list}, {true}); toJson(map(0..(len(items) - 1), { {'index': #, 'item': items[#] } }))`;
  return [
    { name: "items", value: take(items) },
    ...scope.maps.map((_, depth) => passedOn(`at-${depth + 1}`)),
    ...[...scope.child(task.id).imports].map(([name, value]) => ({ name, value: take(value) })),
  ];
}
