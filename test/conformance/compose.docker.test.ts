import { tableTest } from "./table-test.ts";

tableTest("compose");
