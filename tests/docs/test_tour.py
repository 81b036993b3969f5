import os
import re
import signal
import sys
from collections.abc import Generator
from pathlib import Path

import pytest

from tests.cli.commands import served
from tests.docs.answers import TOKEN, agree
from tests.docs.console import Step, steps, typed
from tests.docs.documents import README, section
from tests.embedded.directories import reachable_directory

SHOWN_HOME = "/home/ada"
SHOWN_ADDRESS = "127.0.0.1:8000"
ADDRESS = re.compile(r"127\.0\.0\.1:\d+")
START = "make run"
SECTIONS = ("Five minutes", "Where the data lives", "Proof, and a way out")


@pytest.fixture
def home(monkeypatch: pytest.MonkeyPatch) -> Generator[Path]:
    """The home directory of a newcomer, as far as the commands of the README see it."""
    with reachable_directory() as directory:
        (directory / ".venv").symlink_to(sys.prefix)
        # On a terminal curl shows no progress; here it would.
        (directory / ".curlrc").write_text("silent\nshow-error\n")
        for name in [name for name in os.environ if name.startswith(("PG", "CURL_"))]:
            monkeypatch.delenv(name)
        monkeypatch.setenv("HOME", str(directory))
        monkeypatch.setenv("LANG", "C.UTF-8")
        monkeypatch.setenv("TASKFOLD_DATA_DIR", str(directory / ".local/share/taskfold"))
        monkeypatch.chdir(directory)
        yield directory


def taken(tour: list[Step], home: Path) -> list[str]:
    """Take the tour, and give what came in the words of the README."""
    with served() as service:
        service.wait_for("curl ")
        welcome = "\n".join(service.said)
        [address] = set(ADDRESS.findall(welcome))
        [token] = set(TOKEN.findall(welcome))
        commands = [
            TOKEN.sub(token, step.command.replace(SHOWN_ADDRESS, address)) for step in tour[1:]
        ]
        came = [welcome, *typed(commands, directory=home)]
        service.stop(signal.SIGTERM)
    return [
        answer.replace(str(home), SHOWN_HOME).replace(address, SHOWN_ADDRESS) for answer in came
    ]


def test_every_request_of_the_readme_brings_the_answer_it_shows(home: Path) -> None:
    tour = [step for title in SECTIONS for step in steps(section(README, title))]
    assert tour[0].command == START

    came = taken(tour, home)

    different = [
        f"$ {step.command}\n{answer.strip()}"
        for step, answer in zip(tour, came, strict=True)
        if not agree(step.shown, answer)
    ]
    assert not different, "\n\n".join(["These came instead:", *different])
