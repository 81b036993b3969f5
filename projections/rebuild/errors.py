"""What can stand in the way of a rebuild or a rollback: one class per reason."""

from projections.errors import ProjectionError


class SwitchTimeoutError(ProjectionError):
    """Something long kept the live table in use whenever a switch was tried."""

    def __init__(self, projection: str) -> None:
        self.projection = projection
        super().__init__(
            f"The new table of projection {projection} is ready, and a long query or transaction "
            f"on taskfold.{projection}, or an import, stands in the way of the switch; end that "
            "and run the same command again."
        )


class RebuildRunningError(ProjectionError):
    """Something was asked of a projection while its tables are being exchanged."""

    def __init__(self, projection: str, running: str) -> None:
        self.projection = projection
        self.running = running
        super().__init__(
            f"A {running} of projection {projection} is under way; let it end, or call it off with "
            f"`taskfold projections cancel {projection}`."
        )


class OtherVersionError(ProjectionError):
    """A table was filled by another version of its projection than this code has."""

    def __init__(self, projection: str, *, found: int, known: int) -> None:
        self.projection = projection
        self.found = found
        self.known = known
        super().__init__(
            f"That table of projection {projection} was filled by its version {found} and this "
            f"Taskfold has version {known}; run the Taskfold that has version {found}, or rebuild."
        )


class BuildDiffersError(ProjectionError):
    """A rebuilt table does not equal a fold of history, so it must not become the live one."""

    def __init__(self, projection: str, differences: int) -> None:
        self.projection = projection
        self.differences = differences
        super().__init__(
            f"The new table of projection {projection} differs from history in {differences:,} "
            f"rows and is not used; call it off (`taskfold projections cancel {projection}`) and "
            "report it."
        )


class LiveDiffersError(ProjectionError):
    """The live table does not equal what this version of the code makes of history."""

    def __init__(self, projection: str, differences: int) -> None:
        self.projection = projection
        self.differences = differences
        super().__init__(
            f"The live table of projection {projection} differs from the new one in "
            f"{differences:,} rows, so it was not switched to; look at the differences, then "
            f"switch with --accept-differences or `taskfold projections cancel {projection}`."
        )


class TableInUseError(ProjectionError):
    """Somebody uses a projection's tables for longer than a change of them may wait."""

    def __init__(self, projection: str) -> None:
        self.projection = projection
        super().__init__(
            f"Tables of projection {projection} are in use by something long, such as a dump or an "
            "index being built, so nothing was changed; let it end and run the command again."
        )


class DependentObjectsError(ProjectionError):
    """Something hangs on a live table that no other table would have after a switch."""

    def __init__(self, projection: str, objects: list[str]) -> None:
        self.projection = projection
        self.objects = objects
        super().__init__(
            f"On taskfold.{projection} hang {', '.join(objects)}, which would stay with the old "
            "table; drop them, rebuild, and make them again."
        )
