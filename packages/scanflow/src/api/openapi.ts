import { z } from "zod";
import { pathNames, type Route } from "./route.ts";
import { routes } from "./routes.ts";
import { errorAnswer } from "./values.ts";

type Json = Readonly<Record<string, unknown>>;

/** The table as an OpenAPI 3.1 document. */
export function openApi(version: string): Json {
  const paths: Record<string, Record<string, Json>> = {};
  for (const [group, rows] of Object.entries(routes)) {
    for (const [name, route] of Object.entries(rows)) {
      const path = `/api/v1${route.path.replaceAll(/:(\w+)/g, "{$1}")}`;
      paths[path] = { ...paths[path], [route.method.toLowerCase()]: operation(`${group}.${name}`, route) };
    }
  }
  return {
    openapi: "3.1.0",
    info: { title: "Scanflow", version, description: "What the owner of an application's folder answers." },
    security: [{ token: [] }],
    paths,
    components: { securitySchemes: { token: { type: "http", scheme: "bearer" } } },
  };
}

function operation(operationId: string, route: Route): Json {
  const names = new Set(pathNames(route.path));
  const { properties = {}, required = [] } = z.toJSONSchema(route.input, { io: "input" });
  const rest = Object.entries(properties).filter(([name]) => !names.has(name));
  const parameters = [...names].map((name) => parameter("path", name, properties[name], true));
  if (route.method === "GET") {
    parameters.push(
      ...rest.map(([name, schema]) => parameter("query", name, schema, required.includes(name))),
    );
  }
  const body = {
    type: "object",
    properties: Object.fromEntries(rest),
    required: required.filter((name) => !names.has(name)),
  };
  return {
    operationId,
    summary: route.summary,
    parameters,
    ...(route.method === "POST"
      ? { requestBody: { required: true, content: { "application/json": { schema: body } } } }
      : {}),
    responses: {
      200: { description: route.summary, content: contentOf(route) },
      default: {
        description: "An error.",
        content: { "application/json": { schema: schemaOf(errorAnswer) } },
      },
    },
  };
}

function parameter(place: "path" | "query", name: string, schema: unknown, required: boolean): Json {
  return { in: place, name, required, schema };
}

function contentOf(route: Route): Json {
  const schema = schemaOf(route.output);
  if (route.answer === "document") return { "application/json": { schema } };
  return { "application/x-ndjson": { schema }, "text/event-stream": { schema } };
}

function schemaOf(schema: z.ZodType): Json {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io: "output" });
  return rest;
}
