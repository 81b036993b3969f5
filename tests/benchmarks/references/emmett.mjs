// Appending with emmett on PostgreSQL, from a process that does a turn for each line it is sent.
// Run as `node emmett.mjs NODE_MODULES URL`; streams are new ones, half get a second event.
import { createRequire } from "node:module";
import { createInterface } from "node:readline";
import { pathToFileURL } from "node:url";

const [packages, url] = process.argv.slice(2);
const require = createRequire(`${packages}/`);
const { getPostgreSQLEventStore } = await import(
  pathToFileURL(require.resolve("@event-driven-io/emmett-postgresql"))
);
const store = getPostgreSQLEventStore(url);
await store.schema.migrate();

let streams = 0;

async function client(until, took) {
  let created = null;
  while (performance.now() < until) {
    const start = performance.now();
    if (created) {
      await store.appendToStream(created, [{ type: "TaskCompleted", data: {} }], {
        expectedStreamVersion: 1n,
      });
      created = null;
    } else {
      created = `task-${process.pid}-${++streams}`;
      const data = { title: `Task ${streams}`, description: "What is to be done.", order: streams };
      await store.appendToStream(created, [{ type: "TaskCreated", data }], {
        expectedStreamVersion: "STREAM_DOES_NOT_EXIST",
      });
    }
    took.push(performance.now() - start);
  }
}

for await (const line of createInterface({ input: process.stdin })) {
  const { in_flight: inFlight, seconds } = JSON.parse(line);
  const took = [];
  const began = performance.now();
  const until = began + 1000 * seconds;
  await Promise.all(Array.from({ length: inFlight }, () => client(until, took)));
  const elapsed = (performance.now() - began) / 1000;
  took.sort((a, b) => a - b);
  const at = (share) => took[Math.min(took.length - 1, Math.floor(took.length * share))];
  console.log(
    JSON.stringify({ count: took.length, rate: took.length / elapsed, p50: at(0.5), p99: at(0.99) }),
  );
}
await store.close();
