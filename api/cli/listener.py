"""The socket the server listens on, taken before anything else is started."""

import errno
import socket

from api.cli.errors import HostUnusableError, PortForbiddenError, PortTakenError

BACKLOG = 2_048
ANYWHERE = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - names the address, binds nothing
"""Where to knock on this machine when the server listens on every address."""


def listen(host: str, port: int) -> socket.socket:
    """Take a port, so that nobody else does while the rest starts.

    Raises:
        PortTakenError: Somebody has it.
        PortForbiddenError: It needs a privilege this user lacks.
        HostUnusableError: The host is no address of this machine.
    """
    try:
        family, *_, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        return socket.create_server(
            (str(address[0]), port),
            family=family,
            backlog=BACKLOG,
            dualstack_ipv6=host == "::" and socket.has_dualstack_ipv6(),
        )
    except socket.gaierror as error:
        raise HostUnusableError(host, error.strerror or str(error)) from error
    except OSError as error:
        raise _explained(error, host, port) from error


def address_of(listener: socket.socket) -> str:
    """Give the URL at which this machine reaches a listening socket."""
    host, port = listener.getsockname()[:2]
    return web_address(str(host), int(port))


def web_address(host: str, port: int) -> str:
    """Give the URL at which this machine reaches a server that listens on a host and port."""
    reachable = ANYWHERE.get(host, host)
    return f"http://[{reachable}]:{port}" if ":" in reachable else f"http://{reachable}:{port}"


def _explained(error: OSError, host: str, port: int) -> Exception:
    match error.errno:
        case errno.EADDRINUSE:
            return PortTakenError(host, port)
        case errno.EACCES | errno.EPERM:
            return PortForbiddenError(port)
        case _:
            return HostUnusableError(host, os_reason(error))


def os_reason(error: OSError) -> str:
    """Give what the system said, without what Python adds."""
    return (error.strerror or str(error)).partition(" (")[0]
