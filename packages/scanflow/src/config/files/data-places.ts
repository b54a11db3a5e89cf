import { formatProblem, type Plan } from "@scanflow/core";
import type { LoadedApplication } from "../loaded-application.ts";
import { dataSites } from "./named-files.ts";
import { placeOf } from "./place.ts";

/** Tells problems of versions of data that a plan needs, each with where the config names the version. */
export function dataLines(
  loaded: LoadedApplication,
  plan: Plan,
): (problem: { readonly name: string; readonly message: string }) => string {
  const sites = dataSites({ application: loaded.application, plan });
  return ({ name, message }) => {
    const site = sites.get(name);
    return site ? formatProblem({ place: placeOf(loaded, site), message }) : message;
  };
}
