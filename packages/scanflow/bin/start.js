import { existsSync } from "node:fs";
import { enableCompileCache, registerHooks } from "node:module";

// What was compiled once is not compiled again by the next command.
enableCompileCache();

// In the workspace the sources lie beside this file and are run as they are; in a package there is only `dist`.
const source = new URL("../src/cli/main.ts", import.meta.url);
const fromSource = existsSync(source);

if (fromSource) {
  // What a flag of the process would do, without handing it down to the processes that tasks start.
  registerHooks({
    resolve: (specifier, context, next) =>
      next(specifier, { ...context, conditions: [...context.conditions, "source"] }),
  });
}

const { main } = await import(
  fromSource ? source.href : new URL("../dist/cli/main.js", import.meta.url).href
);
await main(process.argv.slice(2));
