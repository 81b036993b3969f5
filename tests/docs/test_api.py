from datetime import timedelta

from api.app import create_app
from api.http import (
    batch_bodies,
    body,
    command_context,
    days,
    due,
    freshness,
    json_document,
    pages,
    tags,
    task_fields,
    task_query,
)
from api.http.problem_types import PROBLEM_TYPES
from api.identity import limits, tickets
from api.settings import Settings
from api.wire import limits as wire
from commands import deletion
from commands.sweep import RETENTION
from projections.queries import differences, trail_pages
from tests.docs.documents import README, rows, section

KIB = 1024
STREAMS = Settings.model_fields["stream_limit"].default
OF_A_USER = Settings.model_fields["stream_limit_user"].default
LIFE = Settings.model_fields["stream_life"].default
QUEUE = Settings.model_fields["queue_limit"].default

HEAD = f"{wire.HEAD_LIMIT // KIB} KiB"
ARRIVAL = f"{wire.HEAD_SECONDS:g} seconds for its head, {wire.BODY_SECONDS:g} for its body"
FLOOR = f"{wire.WRITE_FLOOR // KIB} KiB a second"
READING = (
    f"{wire.WRITE_SECONDS:g} seconds for what is on its way, or {FLOOR}; then the connection is cut"
)

LIMITS = {
    "body of a request": f"{body.SIZE_LIMIT // KIB**2} MiB",
    "nesting inside it": f"{json_document.DEPTH_LIMIT} levels",
    "values inside it": f"{json_document.VALUE_LIMIT:,}",
    "address and headers": f"{HEAD} and {wire.HEADER_LIMIT} headers; then 431",
    "arrival of a request": f"{ARRIVAL}; then 408",
    "reading of an answer": READING,
    "title": f"1 to {task_fields.TITLE_LIMIT} characters, one line",
    "description": f"{task_fields.DESCRIPTION_LIMIT:,} characters",
    "`order`": f"between -{task_fields.ORDER_LIMIT:.0e} and {task_fields.ORDER_LIMIT:.0e}",
    "`tags`": f"{tags.TAGS_LIMIT}, each 1 to {tags.TAG_LIMIT} characters",
    "`due`": f"the years {due.EARLIEST} to {due.LATEST}",
    "commands in a batch": str(batch_bodies.COMMANDS_LIMIT),
    "`temporary_id`": f"1 to {batch_bodies.TEMPORARY_ID_LIMIT} printable ASCII characters",
    "tasks deleted in one transaction": str(deletion.PART),
    "`q`": f"{task_query.SEARCH_LIMIT} characters, 1 to {task_query.WORDS_LIMIT} words",
    "tasks or changes on a page": f"{pages.USUAL}, or up to {pages.LONGEST} with `limit`",
    "events looked at for a page of a trail": f"{trail_pages.LOOKED_AT:,}",
    "tasks looked at for a page of differences": f"{differences.LOOKED_AT:,}",
    "days of activity": f"{days.USUAL}, or up to {days.LONGEST} with `from` and `to`",
    "waiting for `Taskfold-Not-Before`": f"{freshness.PATIENCE:g} seconds; then 503",
    "live streams": f"{OF_A_USER} a user (`TASKFOLD_STREAM_LIMIT_USER`); then 429; "
    f"{STREAMS:,} a process (`TASKFOLD_STREAM_LIMIT`); then 503",
    "life of a stream": f"{LIFE} seconds (`TASKFOLD_STREAM_LIFE`), and as long as its token",
    "life of a ticket": f"{tickets.LIFETIME.seconds} seconds, and one stream",
    "changes of a sync": f"{pages.LONGEST}, or fewer with `limit`",
    "`Idempotency-Key`": f"1 to {command_context.KEY_LIMIT} printable ASCII characters",
    "token": f"{limits.TOKEN_LIMIT // KIB} KiB",
    "user id (`sub`)": f"1 to {limits.SUBJECT_LIMIT} printable characters",
    "commands waiting for the database": f"{QUEUE:,} (`TASKFOLD_QUEUE_LIMIT`); then 503",
}


def test_the_readme_lists_every_request_with_what_it_does() -> None:
    paths = create_app().openapi()["paths"]
    requests = [
        [f"`{method.upper()} {path}`", operation["description"]]
        for path, methods in paths.items()
        for method, operation in methods.items()
        if not operation.get("deprecated")
    ]
    whole_chapter = rows(section(README, "The API"))
    assert requests == [row for row in whole_chapter if "/api/" in row[0]]


def test_the_readme_lists_every_problem_with_its_remedy() -> None:
    problems = [
        [f"`{problem.code}`", str(problem.status), problem.title, problem.remedy]
        for problem in PROBLEM_TYPES.values()
    ]
    assert problems == rows(section(README, "Problems"))


def test_the_readme_lists_the_limits_as_they_are() -> None:
    assert dict(rows(section(README, "Limits"))) == LIMITS


def test_the_readme_says_how_long_receipts_are_kept() -> None:
    hours = RETENTION // timedelta(hours=1)
    assert f"at least {hours} hours" in section(README, "The API")
