"""A small checkout with the real Makefile, on a machine that has only what a test puts there."""

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
PYTHON = Path(sys.base_prefix, "bin", "python3")
UV = Path(sys.executable).with_name("uv")

_TOOLS = [
    "awk",
    "cat",
    "cksum",
    "dirname",
    "grep",
    "make",
    "mktemp",
    "rm",
    "sed",
    "sh",
    "tail",
    "tr",
]

_PROJECT = '[project]\nname = "small"\nversion = "1"\nrequires-python = ">=3.13"\n'

_LOCK = """version = 1
revision = 3
requires-python = ">=3.13"

[[package]]
name = "small"
version = "1"
source = { virtual = "." }
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Checkout:
    """A project without dependencies, so that the real uv installs it offline in no time."""

    home: Path
    directory: Path

    @property
    def programs(self) -> Path:
        """The only folder on the PATH."""
        return self.home / "bin"

    @property
    def python(self) -> Path:
        """The interpreter of the checkout's environment."""
        return self.directory / ".venv" / "bin" / "python"

    def program(self, name: str, script: str) -> None:
        """Put a shell script of this name on the PATH."""
        write_script(self.programs / name, script)

    def start(self, *command: str, **variables: str) -> subprocess.Popen[str]:
        """Start a command in the checkout that sees nothing of this machine's environment."""
        return subprocess.Popen(
            command,
            cwd=self.directory,
            env={"HOME": str(self.home), "PATH": str(self.programs), "UV_OFFLINE": "1"} | variables,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def run(self, *command: str, **variables: str) -> subprocess.CompletedProcess[str]:
        """Run a command in the checkout to its end."""
        with self.start(*command, **variables) as process:
            output, errors = process.communicate()
        return subprocess.CompletedProcess(command, process.returncode, output, errors)


def new_checkout(home: Path) -> Checkout:
    """Lay out a checkout whose path has a space in it, and a machine with neither uv nor Python."""
    checkout = Checkout(home=home, directory=home / "a checkout")
    shutil.copytree(ROOT / ".make", checkout.directory / ".make")
    shutil.copy(ROOT / "Makefile", checkout.directory)
    (checkout.directory / "pyproject.toml").write_text(_PROJECT)
    (checkout.directory / "uv.lock").write_text(_LOCK)
    checkout.programs.mkdir()
    for tool in _TOOLS:
        (checkout.programs / tool).symlink_to(shutil.which(tool) or os.devnull)
    return checkout


def write_script(path: Path, script: str) -> None:
    """Write an executable shell script, and the folders above it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.unlink(missing_ok=True)  # never write through a link into this machine's own programs
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)
