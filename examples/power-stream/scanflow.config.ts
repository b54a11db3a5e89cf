import { application, executor, integer, step, workflow } from "scanflow";

/** A model that says whether the price of power will rise answers once an hour, and the truth comes later. */
const power = workflow("power", { params: { hours: integer({ default: 3000, min: 200 }) } }, ({ params }) => {
  const serve = executor("serve", {
    run: step("./steps/serve.ts"),
    params: { hours: params.hours },
  });
  return { nodes: [serve] };
});

export default application("power-stream", { main: power });
