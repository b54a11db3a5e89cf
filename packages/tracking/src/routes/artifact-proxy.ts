import type { FastifyPluginCallback } from "fastify";
import { listFolder } from "../locations/list.ts";
import { putFile, removeAt } from "../locations/locations.ts";
import { containedPath } from "../locations/path.ts";
import { invalid } from "../refusal.ts";
import type { TrackingContext } from "../tracking.ts";
import { endpointNotFound } from "./not-found.ts";
import { sendFile } from "./send-file.ts";
import { uploadRoutes } from "./upload-routes.ts";
import { wholeBody } from "./whole-body.ts";

/** What `mlflow-artifacts:/` stands for: files go in and out as streams, of any type and size. */
export function artifactProxy(context: TrackingContext): FastifyPluginCallback {
  return (app, _options, done) => {
    app.removeAllContentTypeParsers();
    app.addContentTypeParser("*", (_request, _payload, parsed) => parsed(null));
    app.get<{ Querystring: { path?: string | string[] } }>("/artifacts", async (request) => {
      const { path = "" } = request.query;
      if (typeof path !== "string") throw invalid("Invalid path");
      const listed = await listFolder(context, containedPath(path));
      const files = listed.map(({ name, isFolder, size }) => ({
        path: name,
        is_dir: isFolder,
        file_size: size,
      }));
      return files.length > 0 ? { files } : {};
    });
    app.get<{ Params: { "*": string } }>("/artifacts/*", (request, reply) =>
      sendFile(context, namedFile(request.params["*"]), { request, reply }),
    );
    app.put<{ Params: { "*": string } }>("/artifacts/*", async (request) => {
      await putFile(context, namedFile(request.params["*"]), wholeBody(request.raw));
      return {};
    });
    app.delete<{ Params: { "*": string } }>("/artifacts/*", async (request) => {
      await removeAt(context, namedFile(request.params["*"]));
      return {};
    });
    uploadRoutes(app, context);
    app.all("/*", endpointNotFound);
    done();
  };
}

function namedFile(path: string): string {
  const contained = containedPath(path);
  if (contained === "") throw invalid("Invalid path");
  return contained;
}
