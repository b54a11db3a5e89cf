import { TrackingError } from "../errors.ts";
import { toRows } from "./rows.ts";
import type { Row } from "./statement.ts";
import type { WireError } from "./wire.ts";

/** A guard of the unit found rows; nothing of the unit was written. `code` is SCANFLOW_STORE_REFUSED. */
export class StoreRefusal extends TrackingError {
  /** The `refuse` tag of the guard. */
  readonly tag: string;
  /** What the guard found. */
  readonly rows: Row[];

  constructor(tag: string, rows: Row[]) {
    super(
      "SCANFLOW_STORE_REFUSED",
      `Guard "${tag}" found ${rows.length} row(s): ${JSON.stringify(rows[0])}. Handle the tag where the unit is written.`,
    );
    this.name = "StoreRefusal";
    this.tag = tag;
    this.rows = rows;
  }
}

export function fromWireError(error: WireError): TrackingError {
  if (error.tag !== undefined) return new StoreRefusal(error.tag, error.rows ? toRows(error.rows) : []);
  return new TrackingError(error.code, error.message);
}
