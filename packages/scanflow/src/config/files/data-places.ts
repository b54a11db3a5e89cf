import type { Place, Plan } from "@scanflow/core";
import type { LoadedApplication } from "../loaded-application.ts";
import { dataSites } from "./named-files.ts";
import { placeOf } from "./place.ts";

/** Where the config names the versions of data that a plan needs, by those names. */
export function dataPlaces(loaded: LoadedApplication, plan: Plan): ReadonlyMap<string, Place> {
  const sites = dataSites({ application: loaded.application, plan });
  return new Map([...sites].map(([name, site]) => [name, placeOf(loaded, site)]));
}
