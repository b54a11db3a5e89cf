import { resolve } from "node:path";
import { pathToFileURL } from "node:url";

/** The address of a remote that was named as one or as the path of a folder. */
export function remoteUrl(place: string, directory: string): string {
  return /^[a-z][a-z0-9+.-]+:/i.test(place) ? place : pathToFileURL(resolve(directory, place)).href;
}
