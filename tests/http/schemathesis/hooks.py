"""What schemathesis checks beside its own: that nobody else reaches what a user has."""

import os
import re
from datetime import datetime
from operator import attrgetter
from typing import Any
from uuid import uuid4

import httpx2
import schemathesis
from hypothesis import strategies as st
from schemathesis import Case, CheckContext, HookContext, Response

from api.http.task_number import LARGEST

STRANGER = f"Bearer {os.environ['STRANGERS_TOKEN']}"
KEY = "Idempotency-Key"
OWN_LOG = "Taskfold-Not-Before"
"""Says how far the asker's own log must have come, so it is left out of what a stranger sends."""

PEOPLES_TASKS = 8
"""Numbers of tasks that are mostly there; one taken from all there could be never is."""
FOLLOWED = 10_000
"""Beyond it, no number of a task has come from an earlier answer."""

_KEY = re.compile(r"[!-~]([ -~]{0,253}[!-~])?")
_TASK = re.compile(r"/api/tasks/[0-9]+(/.*)?")


def _written(moment: datetime, zone: str) -> str:
    return f"{moment.replace(microsecond=0).isoformat()}[{zone}]"


_EARLIEST, _LATEST = datetime(1970, 1, 2), datetime(9000, 1, 1)  # noqa: DTZ001 - the zone is written behind them
# Zones whose clocks never change, so that every time comes in them once.
_ZONES = st.sampled_from(["UTC", "Asia/Kolkata", "Etc/GMT+5"])
_ZONED = st.builds(_written, st.datetimes(_EARLIEST, _LATEST), _ZONES)
schemathesis.openapi.format(
    "date-or-rfc9557",
    st.dates(_EARLIEST.date(), _LATEST.date()).map(str) | _ZONED,
)


@schemathesis.check
def nobody_else_reaches_it(_context: CheckContext, response: Response, _case: Case[Any]) -> None:
    """Send what has just been answered well once more, as somebody who has no task."""
    request: Any = response.request
    path = str(request.path_url).partition("?")[0]
    bad = response.status_code >= 400
    if bad or request.method == "OPTIONS" or not _TASK.fullmatch(path):
        return
    headers = {**request.headers, "Authorization": STRANGER}
    headers.pop(OWN_LOG, None)
    answer = httpx2.request(
        request.method,
        request.url,
        content=request.body,
        headers=headers,
        timeout=10,
    )
    assert answer.status_code in {401, 404}, f"A stranger was answered {answer.status_code}."


@schemathesis.hook  # pyright: ignore[reportUnknownMemberType] - declared without types
def before_call(_context: HookContext, case: Case[Any], _kwargs: dict[str, Any]) -> None:
    """Choose a new key for every request, as clients must; one that is no key stays what it is.

    Ask of a task that may be there, where none can be and a number is asked for at all.
    """
    headers: Any = attrgetter("headers")(case)
    if _KEY.fullmatch(str(headers.get(KEY, ""))):
        headers[KEY] = str(uuid4())
    path: Any = attrgetter("path_parameters")(case)
    task_id = path.get("task_id")
    if isinstance(task_id, int) and FOLLOWED < task_id <= LARGEST:
        path["task_id"] = 1 + task_id % PEOPLES_TASKS
