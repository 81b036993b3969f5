"""References that come from npm, installed once and kept outside of the checkout."""

from pathlib import Path

from tests.benchmarks.errors import UnavailableError
from tests.identity.node import MissingError, installed, program

HERE = Path(__file__).parent


def packages() -> Path:
    """Give the folder with the packages.

    Raises:
        UnavailableError: There is no Node, or the registry cannot be reached.
    """
    try:
        return installed(HERE / "npm")
    except MissingError as error:
        raise UnavailableError(str(error)) from error


def node() -> list[str]:
    """Give the command that runs JavaScript.

    Raises:
        UnavailableError: There is none.
    """
    try:
        return program("node")
    except MissingError as error:
        raise UnavailableError(str(error)) from error
