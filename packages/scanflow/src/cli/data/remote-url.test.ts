import { expect, test } from "vitest";
import { remoteUrl } from "./remote-url.ts";

test.each([
  ["/mnt/share/lab", "file:///mnt/share/lab"],
  ["../lab data", "file:///home/lab%20data"],
  ["file:///mnt/lab", "file:///mnt/lab"],
  ["s3://team-data/lab", "s3://team-data/lab"],
  ["s3:/team-data", "s3:/team-data"],
])("the remote %s is %s", (place, url) => {
  expect(remoteUrl(place, "/home/ana")).toBe(url);
});
