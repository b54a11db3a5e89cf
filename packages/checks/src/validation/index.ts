export { type InferSchemaOptions, inferSchema } from "./infer-schema.ts";
export { integrityChecker } from "./integrity-checker.ts";
export { SCHEMA_JSON_SCHEMA } from "./json-schema.ts";
export { parseSchema } from "./parse-schema.ts";
export { checkPoison, type PoisonOptions } from "./poison/check-poison.ts";
export { poisonChecker } from "./poison/poison-checker.ts";
export { sanityChecker } from "./sanity/sanity-checker.ts";
export type {
  ColumnSchema,
  CorrelationSchema,
  Fault,
  KeySchema,
  RuleName,
  SanityRule,
  Schema,
  SchemaType,
} from "./schema.ts";
export { type ValidateOptions, validate } from "./validate.ts";
export { writeSchema } from "./write-schema.ts";
