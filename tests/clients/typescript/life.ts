// A full life of a task, through the client that openapi-typescript makes of the document.
import assert from "node:assert/strict";
import createClient from "openapi-fetch";
import type { components, paths } from "./api.js";

type Task = components["schemas"]["Task"];

const [address, token] = process.argv.slice(2);
const client = createClient<paths>({
  baseUrl: address!,
  headers: { Authorization: `Bearer ${token}` },
});

const created = await client.POST("/api/tasks", {
  params: { header: { "Idempotency-Key": "life" } },
  body: { title: "Water the plants" },
});
assert.equal(created.response.status, 201);
const task: Task = created.data!;
const path = { task_id: task.id };

const listed = await client.GET("/api/tasks", { params: { query: { limit: 10 } } });
assert.deepEqual(listed.data, [task]);

const renamed = await client.PATCH("/api/tasks/{task_id}", {
  params: { path, header: { "If-Match": '"1"' } },
  body: { title: "Water all the plants" },
});
assert.equal(renamed.data?.title, "Water all the plants");

const stale = await client.PUT("/api/tasks/{task_id}", {
  params: { path, header: { "If-Match": '"1"' } },
  body: { title: "Forget the plants" },
});
assert.equal(stale.error?.code, "version-mismatch");

const done = await client.PATCH("/api/tasks/{task_id}/complete", {
  params: { path },
  body: { completed: true },
});
assert.equal(done.data?.completed, true);

assert.equal((await client.DELETE("/api/tasks/{task_id}", { params: { path } })).response.status, 204);
const gone = await client.GET("/api/tasks/{task_id}", { params: { path } });
assert.equal(gone.error?.code, "task-deleted");
const back = await client.POST("/api/tasks/{task_id}/restore", { params: { path } });
assert.equal(back.data?.version, 5);

const history = await client.GET("/api/tasks/{task_id}/history", {
  params: { path, query: { order: "oldest" } },
});
// It would be a text if JSON Lines or CSV had been asked for.
const events = typeof history.data === "string" ? [] : history.data;
assert.deepEqual(
  events?.map((event) => event.type),
  ["TaskCreated", "TaskRenamed", "TaskCompleted", "TaskDeleted", "TaskRestored"],
);
