import { inspect } from "node:util";

/** A line of JSON for each story that has ended, for the Maven build; what else is said goes to standard error. */
export default async function* reporter(events) {
  for await (const { type, data } of events) {
    if (type === "test:pass" || type === "test:fail") {
      yield `${JSON.stringify({
        name: data.name,
        skipped: data.skip !== undefined && data.skip !== false,
        failure: type === "test:fail" ? inspect(data.details.error.cause ?? data.details.error) : "",
      })}\n`;
    } else if (type === "test:stderr" || type === "test:stdout") {
      process.stderr.write(data.message);
    }
  }
}
