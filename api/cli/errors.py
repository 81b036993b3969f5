"""What can go wrong on the command line alone: one class per reason."""

from pathlib import Path

from api.cli.count import counted


class CommandLineError(Exception):
    """The root of everything that can go wrong on the command line alone."""


class PortTakenError(CommandLineError):
    """Another program listens where we should."""

    def __init__(self, host: str, port: int) -> None:
        self.host = host
        self.port = port
        super().__init__(
            f"Port {port} on {host} is in use; stop the other program or set TASKFOLD_PORT."
        )


class PortForbiddenError(CommandLineError):
    """The system keeps this port for privileged programs."""

    def __init__(self, port: int) -> None:
        self.port = port
        super().__init__(f"Port {port} is not open to this user; set TASKFOLD_PORT above 1023.")


class HostUnusableError(CommandLineError):
    """The address to listen on is none of this machine's."""

    def __init__(self, host: str, reason: str) -> None:
        self.host = host
        self.reason = reason
        super().__init__(
            f"Listening on {host} is not possible ({reason}); set TASKFOLD_HOST to an address of "
            "this machine, such as 127.0.0.1 or 0.0.0.0."
        )


class ServerStartError(CommandLineError):
    """The application gave up while starting."""

    def __init__(self) -> None:
        super().__init__("The server did not start; the log above says why.")


class SchemaBehindError(CommandLineError):
    """The schema is not at the newest revision."""

    def __init__(self, revision: str | None, head: str | None) -> None:
        self.revision = revision
        self.head = head
        super().__init__(
            f"The schema is at revision {revision or 'none'} and not at {head}; "
            "run `taskfold migrate`."
        )


class ChecksFailedError(CommandLineError):
    """The doctor found something."""

    def __init__(self, problems: int) -> None:
        self.problems = problems
        found = "1 check" if problems == 1 else f"{problems} checks"
        super().__init__(f"{found} found a problem; the list says what to do.")


class NotConfirmedError(CommandLineError):
    """Something that cannot be taken back was not confirmed."""

    def __init__(self) -> None:
        super().__init__("Nothing was erased, since it cannot be taken back; confirm with --yes.")


class NoSecretError(CommandLineError):
    """A token was to be signed where only others sign."""

    def __init__(self, jwks_url: str) -> None:
        self.jwks_url = jwks_url
        super().__init__(
            f"Tokens are signed by the issuer whose keys are at {jwks_url}; get one there, or set "
            "BETTER_AUTH_SECRET as well."
        )


class LogMissingError(CommandLineError):
    """A user was named of whom nothing was ever recorded."""

    def __init__(self, user_id: str) -> None:
        self.user_id = user_id
        super().__init__(f"There is no log of a user {user_id!r}; check the id.")


class LogsTamperedError(CommandLineError):
    """Logs are not as they were written."""

    def __init__(self, problems: int) -> None:
        self.problems = problems
        found = "1 problem was" if problems == 1 else f"{problems:,} problems were"
        super().__init__(
            f"{found} found; the log is not as it was written. Keep the database as it is and "
            "compare it with a backup."
        )


class FileUnreadableError(CommandLineError):
    """A file that was to be read cannot be."""

    def __init__(self, path: Path, reason: str) -> None:
        self.path = path
        self.reason = reason
        super().__init__(f"{path} cannot be read: {reason}.")


class FileUnwritableError(CommandLineError):
    """A file that was to be written cannot be."""

    def __init__(self, path: Path, reason: str) -> None:
        self.path = path
        self.reason = reason
        super().__init__(f"{path} cannot be written: {reason}.")


class FileTakenError(CommandLineError):
    """A file that was to be written is there already."""

    def __init__(self, path: Path) -> None:
        self.path = path
        super().__init__(f"{path} exists and is not replaced; name another file.")


class RebuildCancelledError(CommandLineError):
    """Somebody has called a rebuild off while it was being carried on."""

    def __init__(self, projection: str) -> None:
        self.projection = projection
        super().__init__(
            f"The rebuild of projection {projection} was called off; its live table is as it was."
        )


class RowsDifferError(CommandLineError):
    """A read table is not what history gives."""

    def __init__(self, differences: int, projection: str) -> None:
        self.differences = differences
        self.projection = projection
        rows = counted(differences, "difference")
        super().__init__(
            f"{rows} found; the table does not equal a fold of history. Rebuild it with "
            f"`taskfold projections rebuild {projection} --accept-differences`."
        )


class NoCheckoutError(CommandLineError):
    """What is to be run belongs to a checkout, and this is an installed package."""

    def __init__(self, missing: Path) -> None:
        self.missing = missing
        super().__init__(
            f"There is no {missing} beside this installation; clone the repository and run "
            "make bench there."
        )
