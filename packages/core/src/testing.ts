export { generatedApplication } from "./plan/generated.test.support.ts";
