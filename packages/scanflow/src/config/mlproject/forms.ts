import * as z from "zod";

/**
 * The forms of an MLproject file and of the files that describe its environment. Source: MLflow's documentation of
 * projects ("MLproject file", "Python environment", "Conda environment", "Docker container environment").
 */
const plain = z.union([z.string(), z.number(), z.boolean()], { error: "expected text" });

export const mlprojectForm = z.strictObject({
  name: z.string().min(1).optional(),
  python_env: z.string().min(1).optional(),
  conda_env: z.string().min(1).optional(),
  docker_env: z
    .strictObject({
      image: z.string().min(1),
      volumes: z.array(z.string()).optional(),
      environment: z
        .array(
          z.union([z.string(), z.tuple([z.string(), plain])], {
            error: "expected the name of a variable to hand on, or a pair of name and value",
          }),
        )
        .optional(),
    })
    .optional(),
  databricks_spark_job: z.unknown().optional(),
  entry_points: z.record(z.string(), z.unknown()).optional(),
});

export const entryForm = z.strictObject({
  parameters: z.record(z.string(), z.unknown()).optional(),
  command: z.string().min(1),
});

export const parameterForm = z.union(
  [z.string(), z.strictObject({ type: z.string().optional(), default: z.unknown().optional() })],
  {
    error: "expected a type, or {type, default}",
  },
);

const lines = z.array(z.string().min(1));

/** `python_env.yaml` */
export const pythonEnvForm = z.strictObject({
  python: z
    .string({ error: 'expected a version in quotes, such as "3.12"' })
    .regex(/^\d+(\.\d+){0,2}$/, 'expected a version such as "3.12"')
    .optional(),
  build_dependencies: lines.optional(),
  dependencies: lines.optional(),
});

/** `conda.yaml` */
export const condaEnvForm = z.strictObject({
  name: z.string().optional(),
  channels: z.array(z.string()).optional(),
  prefix: z.string().optional(),
  variables: z.record(z.string(), plain).optional(),
  dependencies: z
    .array(
      z.union([z.string().min(1), z.strictObject({ pip: lines })], {
        error: "expected a package, or {pip: [packages]}",
      }),
    )
    .optional(),
});
