export { keepSchedules, type Schedules, type SchedulesOptions } from "./schedules.ts";
