"""A full life of a task, through the client that openapi-python-client makes of the document."""

import sys

from taskfold_client import AuthenticatedClient
from taskfold_client.api.history import get_history
from taskfold_client.api.tasks import (
    change_task,
    create_task,
    delete_task,
    get_task,
    list_tasks,
    restore_task,
    set_completion,
)
from taskfold_client.models import Completion, NewTask, Problem, Task, TaskPatch

address, token = sys.argv[1:]
client = AuthenticatedClient(base_url=address, token=token)

task = create_task.sync(client=client, body=NewTask(title="Water the plants"), idempotency_key="k")
assert isinstance(task, Task)
assert list_tasks.sync(client=client, limit=10) == [task]

patch = TaskPatch(title="Water all the plants")
renamed = change_task.sync(task.id, client=client, body=patch, if_match='"1"')
assert isinstance(renamed, Task)
assert renamed.title == "Water all the plants"
stale = change_task.sync(task.id, client=client, body=patch, if_match='"1"')
assert isinstance(stale, Problem)
assert stale.code == "version-mismatch"

done = set_completion.sync(task.id, client=client, body=Completion(completed=True))
assert isinstance(done, Task)
assert done.completed
assert delete_task.sync_detailed(task.id, client=client).status_code == 204
gone = get_task.sync(task.id, client=client)
assert isinstance(gone, Problem)
assert gone.code == "task-deleted"
back = restore_task.sync(task.id, client=client)
assert isinstance(back, Task)
assert back.version == 5
history = get_history.sync(task.id, client=client)
assert isinstance(history, list)
assert len(history) == 5
