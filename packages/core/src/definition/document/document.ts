import type * as z from "zod";
import type { JsonValue } from "../../json.ts";
import type { application } from "./application.ts";
import type { NODE_SCHEMAS, NodeKind } from "./kinds.ts";
import type { workflow } from "./workflow.ts";

/** A document's type as frozen data; values that JSON can carry are so already. */
export type Frozen<T> = [JsonValue] extends [T]
  ? T
  : T extends readonly (infer Item)[]
    ? readonly Frozen<Item>[]
    : T extends object
      ? { readonly [Key in keyof T]: Frozen<T[Key]> }
      : T;

/** What is written in `scanflow.yaml`, and what the builder `application` makes. */
export type ApplicationDocument = Frozen<z.infer<typeof application>>;

/** A workflow of a document. */
export type WorkflowDocument = Frozen<z.infer<typeof workflow>>;

/** A node of a document, by kind. */
export type NodeDocument<Kind extends NodeKind = NodeKind> = Frozen<z.infer<(typeof NODE_SCHEMAS)[Kind]>>;
