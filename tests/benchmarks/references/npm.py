"""References that come from npm, installed once and kept outside of the checkout.

Nothing of them is part of this project or shipped with it: emmett's package states no licence, so
it is fetched by whoever measures, used for that alone, and not passed on.
"""

from pathlib import Path

from tests.benchmarks.errors import UnavailableError
from tests.identity.node import MissingError, installed, program

PACKAGE = Path(__file__).parent / "npm"


def packages() -> Path:
    """Give the folder with the packages.

    Raises:
        UnavailableError: There is no Node, or the registry cannot be reached.
    """
    try:
        return installed(PACKAGE)
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
