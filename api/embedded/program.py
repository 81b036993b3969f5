"""Starting PostgreSQL's programs: without a shell, out of reach of the terminal, as the account."""

import os
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import IO

from api.embedded.account import Account

# Not the whole environment: PG* would change what the programs do, and secrets are not for them.
_INHERITED = ("PATH", "LD_LIBRARY_PATH", "TMPDIR")


def start_program(
    path: Path,
    arguments: Sequence[str],
    *,
    account: Account,
    output: IO[bytes],
    inherited_lock: int,
) -> subprocess.Popen[bytes]:
    """Start a program that keeps a lock for as long as it or a child of its lives.

    It gets a session of its own, so that Ctrl-C in the terminal does not reach it.
    """
    inherited = {name: os.environ[name] for name in _INHERITED if name in os.environ}
    return subprocess.Popen(  # noqa: S603 - a program of the installation, run without a shell
        [path, *arguments],
        cwd="/",
        env={**inherited, "LC_ALL": "C"},
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=output,
        pass_fds=(inherited_lock,),
        start_new_session=True,
        user=account.user,
        group=account.group,
        extra_groups=account.extra_groups,
        umask=0o077,
    )
