export { keepSchedules, type Schedules } from "./schedules.ts";
