"""What is logged, in which form, and what never is."""

import io
import json
import logging
import os
import sys
from typing import Any, Never

import pytest
import structlog

from api import logs
from api.settings import Settings

pytestmark = pytest.mark.usefixtures("logging_restored")

TITLE = "Buy a ring for Ada"


def lines(capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    return [json.loads(line) for line in capsys.readouterr().err.splitlines()]


def fail() -> Never:
    raise ValueError(TITLE)


def fail_in_many_ways() -> None:
    try:
        fail()
    except ValueError as error:
        raise ExceptionGroup(TITLE, [RuntimeError(TITLE)]) from error


def log_failure() -> None:
    try:
        fail_in_many_ways()
    except ExceptionGroup:
        structlog.get_logger().exception("test.failed")
        logging.getLogger("somebody.else").exception("it failed")


def test_without_a_terminal_an_event_is_a_line_of_json(
    capsys: pytest.CaptureFixture[str],
) -> None:
    logs.configure(Settings())
    structlog.get_logger().info("test.happened", number=1)
    (line,) = lines(capsys)
    assert line.pop("timestamp").endswith("Z")
    assert line == {"event": "test.happened", "number": 1, "level": "info"}


def test_for_people_an_event_is_a_line_and_a_line_break_cannot_forge_another(
    capsys: pytest.CaptureFixture[str],
) -> None:
    logs.configure(Settings(log_format="console"))
    structlog.get_logger().info("test.happened", client="a\nforged")
    (line,) = capsys.readouterr().err.splitlines()
    assert "test.happened" in line


def test_everything_is_logged_when_debugging(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure(Settings(log_level="debug"))
    structlog.get_logger().debug("test.happened")
    assert [line["event"] for line in lines(capsys)] == ["test.happened"]


def test_what_is_below_the_level_is_not_logged(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure(Settings(log_level="warning"))
    structlog.get_logger().info("test.happened")
    structlog.get_logger().warning("test.warned")
    assert [line["event"] for line in lines(capsys)] == ["test.warned"]


def test_libraries_log_under_their_own_name_in_the_same_form(
    capsys: pytest.CaptureFixture[str],
) -> None:
    logs.configure(Settings())
    logging.getLogger("uvicorn.error").info("small talk")
    logging.getLogger("uvicorn.error").warning("a %s", "warning")
    logging.getLogger("uvicorn.access").warning("GET /api/tasks?search=ring")
    (line,) = lines(capsys)
    assert (line["event"], line["message"]) == ("uvicorn.error", "a warning")


def test_an_exception_is_logged_without_its_words(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure(Settings())
    log_failure()
    ours, theirs = lines(capsys)
    for line in (ours, theirs):
        assert TITLE not in json.dumps(line)
        for name in ("ValueError", "ExceptionGroup", "RuntimeError", "test_logs.py"):
            assert name in line["exception"]


def test_an_exception_is_logged_whole_when_debugging(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure(Settings(log_level="debug"))
    log_failure()
    assert all(TITLE in line["exception"] for line in lines(capsys))


def test_an_exception_that_is_handed_over_is_logged_like_one_being_handled(
    capsys: pytest.CaptureFixture[str],
) -> None:
    logs.configure(Settings())
    structlog.get_logger().error("test.failed", exc_info=ValueError(TITLE))
    assert lines(capsys)[0]["exception"] == "ValueError"


def test_a_log_that_nobody_reads_any_more_stops_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    # Unbuffered, so that nothing is left to be written when it is closed.
    with io.TextIOWrapper(open(writer, "wb", buffering=0), write_through=True) as unread:  # noqa: PTH123 - it is a pipe, and the wrapper closes it
        monkeypatch.setattr(sys, "stderr", unread)
        logs.configure(Settings())
        structlog.get_logger().error("test.happened")
        logging.getLogger("somebody.else").error("it happened")
