"""Reading the headers of a request where it is done for every one of them."""

from starlette.types import Scope


def fields(scope: Scope, name: bytes) -> list[str]:
    """Give the values of all headers with a name, which is in small letters as servers give it."""
    return [value.decode("latin-1") for given, value in scope["headers"] if given == name]
