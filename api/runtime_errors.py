"""Why a database that answers cannot be used: one class per reason, each saying the way out."""


class RuntimeFailureError(Exception):
    """The root of every reason a database that answers cannot be used."""


class UnsupportedServerError(RuntimeFailureError):
    """The server is older than what the schema needs."""

    def __init__(self, version: str, *, oldest: int) -> None:
        self.version = version
        self.oldest = oldest
        super().__init__(
            f"The server at DATABASE_URL runs PostgreSQL {version} and Taskfold needs {oldest} "
            "or newer; upgrade it or set DATABASE_URL to another."
        )


class UnknownSchemaError(RuntimeFailureError):
    """The database is at a revision that this version of the code does not know."""

    def __init__(self, revision: str | None) -> None:
        self.revision = revision
        super().__init__(
            f"The database is at schema revision {revision}, which this version of Taskfold does "
            "not know; run the version that migrated it or a newer one."
        )


class SchemaRefusedError(RuntimeFailureError):
    """The server refused a step of a migration, which has left everything as it was."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(
            f"The schema could not be brought up to date and is as it was ({reason}); "
            "give the role in DATABASE_URL the right to create in the database, or mend that."
        )
