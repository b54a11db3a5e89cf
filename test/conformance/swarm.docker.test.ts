import { tableTest } from "./table-test.ts";

tableTest("swarm");
