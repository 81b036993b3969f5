"""What a reader types into a terminal: read from a document, and really typed into bash."""

import re
import subprocess
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.docs.documents import blocks

LONGEST = 60
_MARK = "the-command-has-ended"
_STEP = re.compile(
    r"^\$ (?P<command>.*(?:(?<=\\)\n.*)*)\n(?P<shown>(?:(?!\$ ).*\n)*)", re.MULTILINE
)


@dataclass(frozen=True, slots=True)
class Step:
    """A command, and what a document says it prints."""

    command: str
    shown: str


def steps(text: str) -> list[Step]:
    """Read the console blocks of a text; a command goes on in the next line after a backslash."""
    return [
        Step(match["command"], match["shown"])
        for block in blocks(text, "console")
        for match in _STEP.finditer(block)
    ]


def typed(commands: Iterable[str], *, directory: Path) -> Sequence[str]:
    """Run commands one after another in the same shell, and give what each has printed."""
    script = "\n".join(f"{command}\necho; echo {_MARK}" for command in commands)
    shell = subprocess.run(
        ["bash", "--noprofile", "--norc", "-c", script],
        check=True,
        cwd=directory,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=LONGEST,
    )
    return shell.stdout.split(_MARK)[:-1]
