import { expect, test } from "vitest";
import { parseSubject } from "./subject.ts";

test.each([
  ["models:/digits/3", { kind: "model", name: "digits", reference: "3" }],
  ["models:/digits@champion", { kind: "model", name: "digits", reference: "@champion" }],
  ["models:/digits/latest", { kind: "model", name: "digits", reference: "latest" }],
  ["runs:/ab12/plots/a.png", { kind: "logged", runId: "ab12", path: "plots/a.png" }],
  ["runs:/ab12", { kind: "logged", runId: "ab12", path: "" }],
  ["sha256:0123abcd", { kind: "digest", digest: "sha256:0123abcd" }],
  ["latest", { kind: "place", run: "latest", rest: "" }],
  ["1m8/train/mlp/model", { kind: "place", run: "1m8", rest: "train/mlp/model" }],
  ["1m8/fit[2]/", { kind: "place", run: "1m8", rest: "fit[2]" }],
])("%s", (text, subject) => {
  expect(parseSubject(text)).toEqual(subject);
});

test.each(["models:/digits", "models:digits/1", "sha256:0123", "sha256:xyz", "runs:/"])(
  "%s is none",
  (text) => {
    expect(() => parseSubject(text)).toThrow(
      expect.objectContaining({ code: "SCANFLOW_LINEAGE_UNKNOWN", message: expect.stringContaining(text) }),
    );
  },
);
