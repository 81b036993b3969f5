"""Whose address a request comes from: the socket's, or what trusted proxies say of it."""

from collections.abc import Sequence
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address

from starlette.datastructures import Headers
from starlette.types import Scope

from api.setting_values import Network

UNKNOWN = "unknown"
"""Where there is no address, as on a Unix socket."""

_SITE = 64
"""Bits of an IPv6 address that one customer has; what follows they choose themselves."""

type _Address = IPv4Address | IPv6Address


def client_address(scope: Scope, proxies: Sequence[Network]) -> str:
    """Name the client to count for; of IPv6 only the network.

    X-Forwarded-For is read from its end, each proxy having added whom it heard, for as long as
    who added it is trusted: everything before that can be made up by anybody.
    """
    client = scope.get("client")
    address = _parsed(client[0]) if client else None
    hops = ",".join(Headers(scope=scope).getlist("x-forwarded-for")).split(",")
    while address is not None and hops and any(address in proxy for proxy in proxies):
        said = _parsed(hops.pop().strip())
        if said is None:
            break
        address = said
    return UNKNOWN if address is None else _named(address)


def _parsed(text: str) -> _Address | None:
    try:
        address = ip_address(text)
    except ValueError:
        return None
    # The same IPv4 address arrives in this dress where a socket listens to both.
    return (address.ipv4_mapped if isinstance(address, IPv6Address) else None) or address


def _named(address: _Address) -> str:
    if isinstance(address, IPv6Address):
        return str(IPv6Network((address, _SITE), strict=False))
    return str(address)
