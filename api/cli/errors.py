"""What can go wrong on the command line alone: one class per reason."""


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
