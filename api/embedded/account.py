"""Under which account PostgreSQL runs: ours, or as root a system account made for it."""

import os
import pwd
import shutil
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

from api.embedded.errors import AccountError
from api.embedded.locks import locked_directory

_NAME = "taskfold"
_PATIENCE = 10.0
_PASSWORD_DIRECTORY = Path("/etc")
_PASSWORD_FILE_BUSY = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """Whom a process of PostgreSQL runs as; with `user` None, as whoever starts it."""

    name: str
    uid: int
    user: int | None = None
    group: int | None = None
    extra_groups: tuple[int, ...] | None = None

    def own(self, path: Path) -> None:
        """Make the account the owner of a file or directory of ours."""
        if self.user is not None and self.group is not None:
            os.chown(path, self.user, self.group, follow_symlinks=False)

    def can_enter(self, directory: Path) -> bool:
        """Whether the account may pass through every directory down to this one."""
        probe = subprocess.run(  # noqa: S603 - a fixed program, the path is only its argument
            ["/bin/sh", "-c", 'test -x "$0"', directory],
            check=False,
            cwd="/",
            stdin=subprocess.DEVNULL,
            user=self.user,
            group=self.group,
            extra_groups=self.extra_groups,
        )
        return probe.returncode == 0


def server_account() -> Account:
    """The account for PostgreSQL: ours, or a system account when we are root.

    Raises:
        AccountError: We are root and the system account cannot be made.
    """
    uid = os.geteuid()
    if uid != 0:
        return Account(name=owner_name(uid), uid=uid)
    entry = system_account(_NAME)
    return Account(
        name=entry.pw_name,
        uid=entry.pw_uid,
        user=entry.pw_uid,
        group=entry.pw_gid,
        extra_groups=(),
    )


def owner_name(uid: int) -> str:
    """The name of a user, or their number when the system has none for it."""
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return str(uid)


def system_account(name: str) -> pwd.struct_passwd:
    """The account of a name, made if the system does not have it.

    Raises:
        AccountError: It cannot be made.
    """
    if known := _entry(name):
        return known
    # Two that add it at once would both succeed, and the second would change its number.
    with locked_directory(_PASSWORD_DIRECTORY):
        return _entry(name) or _made(name)


def _made(name: str) -> pwd.struct_passwd:
    deadline = time.monotonic() + _PATIENCE
    while True:
        attempt = _useradd(name)
        if entry := _entry(name):
            return entry
        if attempt.returncode != _PASSWORD_FILE_BUSY or time.monotonic() > deadline:
            raise AccountError(name, attempt.stderr.strip() or f"exit code {attempt.returncode}")
        time.sleep(0.05)


def _entry(name: str) -> pwd.struct_passwd | None:
    try:
        return pwd.getpwnam(name)
    except KeyError:
        return None


def _useradd(name: str) -> subprocess.CompletedProcess[str]:
    program = shutil.which("useradd", path=os.pathsep.join((os.defpath, "/usr/sbin", "/sbin")))
    if program is None:
        raise AccountError(name, "there is no useradd")
    return subprocess.run(  # noqa: S603 - a program of the system with fixed arguments
        [program, "--system", "--no-create-home", "--shell", "/usr/sbin/nologin", name],
        check=False,
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
    )
