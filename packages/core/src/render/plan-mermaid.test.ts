import { expect, test } from "vitest";
import { planMermaid } from "./plan-mermaid.ts";
import { SAMPLE } from "./sample.test.support.ts";

test("a chart has a subgraph per workflow, a shape per kind, and a line per edge", () => {
  expect(planMermaid(SAMPLE)).toBe(`flowchart LR
  subgraph w0["main"]
  n0("split")
  n2{"pick"}
  n3("small")
  n4("large")
  n6[["slower × items"]]
  n7>"check"]
  n8{{"release"}}
    subgraph w1["train #40;models#41;, tracker-models :8008"]
    n1("fit")
    end
    subgraph w2["slow #40;models#41;, tracker-models :8008"]
    n5("fit")
    end
  end
  n0 --> n1
  w1 -.-> n2
  n2 -.->|"tasks.train.status #61;#61; #34;succeeded#34; and params.fast"| n3
  n3 -.->|"if it failed"| n4
  n2 -.->|"otherwise"| w2
  n0 --> n5
  w2 -.-> n6
  n5 --> n6
  w1 -.-> n7
  n1 --> n7
  n7 -.-> n8
  linkStyle 1 stroke-dasharray: 1 4
`);
});
