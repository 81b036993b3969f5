"""The socket of the server, taken for itself before anything else starts."""

import errno
import os
import socket

import pytest

from api.cli.errors import PortForbiddenError, PortTakenError
from api.cli.listener import address_of, listen


def test_a_port_that_is_listened_on_cannot_be_taken_twice() -> None:
    with listen("127.0.0.1", 0) as first, pytest.raises(PortTakenError):
        listen("127.0.0.1", first.getsockname()[1])


@pytest.mark.parametrize(
    ("host", "address"),
    [
        ("127.0.0.1", "http://127.0.0.1"),
        ("0.0.0.0", "http://127.0.0.1"),  # noqa: S104 - every address is what is tested
        ("localhost", "http://"),
    ],
)
def test_the_address_is_one_this_machine_can_reach(host: str, address: str) -> None:
    with listen(host, 0) as listener:
        port = listener.getsockname()[1]
        assert address_of(listener).startswith(address)
        assert address_of(listener).endswith(f":{port}")
        host, _, _ = address_of(listener).removeprefix("http://").rpartition(":")
        with socket.create_connection((host.strip("[]"), port)):
            pass


def test_a_privileged_port_is_told_from_a_taken_one(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> socket.socket:
        raise OSError(errno.EACCES, os.strerror(errno.EACCES))

    # Root may take any port, so the refusal itself has to be staged.
    monkeypatch.setattr(socket, "create_server", refuse)
    with pytest.raises(PortForbiddenError, match="TASKFOLD_PORT"):
        listen("127.0.0.1", 80)
