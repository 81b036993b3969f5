"""The forms that values of settings may take; each refusal says what to write instead."""

import re
from datetime import date
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from pathlib import Path
from typing import cast
from urllib.parse import SplitResult, urlsplit

from jwt.algorithms import HMACAlgorithm
from jwt.exceptions import InvalidKeyError
from pydantic import SecretStr

from api.database_url import DatabaseUrlError, normalise

SHORTEST_SECRET = 32
"""Bytes: HS256 is as strong as its key, up to the length of its digest."""

SHORTEST_TOKEN = 16
"""Characters of a token that can only be guessed by asking us: no signature of it ever leaks."""

FEWEST_CHARACTERS = 8
"""Different characters in a secret; 32 random ones have at least ten even in hexadecimal."""

PLACEHOLDER = re.compile(
    r"secret|password|change|example|placeholder|replace[-_ ]|your[-_ ]|1234567|abcdefgh|^<.*>$",
    re.IGNORECASE,
)
"""What people write and random generators do not: long enough never to be met by chance."""

PUBLISHED = frozenset(
    {
        "09d25e094faa6ca2556c818166b7a9563b93f7099f6f0f4caa6cf63b88e8d3e7",
        "192b9bdd22ab9ed4d12e236c78afcb9a393ec15f71bbf5dc987d54727823bcbf",
    }
)
"""Keys that look random and stand in well-read tutorials (FastAPI's and Flask's)."""

MAKE_ONE = "make one with `openssl rand -base64 32`"
NO_ENTRY = "is empty; write a value or unset it"
NO_WEB_ADDRESS = "must be an address like https://app.example.com"

type Network = IPv4Network | IPv6Network

DEFAULT_PORTS = {"http": 80, "https": 443}


def database_address(value: str) -> str:
    """Give a DATABASE_URL in the spelling of libpq."""
    try:
        return normalise(value)
    except DatabaseUrlError as error:
        raise ValueError(error.reason) from None


def day(value: object) -> object:
    """Read a day; what is no text is left alone."""
    if not isinstance(value, str):
        return value
    try:
        return date.fromisoformat(value.strip())
    except ValueError:
        reason = "must be a day such as 2027-06-30"
        raise ValueError(reason) from None


def comma_list(value: object) -> object:
    """Split a comma list; anything but text is left to the next validator."""
    if not isinstance(value, str):
        return value
    entries = tuple(entry for entry in (part.strip() for part in value.split(",")) if entry)
    if not entries:
        raise ValueError(NO_ENTRY)
    return entries


def strong_secrets(secrets: tuple[SecretStr, ...]) -> tuple[SecretStr, ...]:
    """Give the secrets back if each of them may sign tokens; no message repeats one."""
    found = [_weakness(secret.get_secret_value()) for secret in secrets]
    problems = [
        f"{weakness} (secret {number} of {len(secrets)}); {MAKE_ONE}"
        for number, weakness in enumerate(found, start=1)
        if weakness
    ]
    if problems:
        raise ValueError("\n".join(problems))
    return secrets


def opaque_token(secret: SecretStr) -> SecretStr:
    """Give a token back if it can be sent in a header and hardly be guessed."""
    value = secret.get_secret_value()
    if not value:
        raise ValueError(NO_ENTRY)
    if not re.fullmatch(r"[\x21-\x7e]+", value):
        reason = f"must be printable ASCII without spaces; {MAKE_ONE}"
        raise ValueError(reason)
    if len(value) < SHORTEST_TOKEN:
        reason = f"has only {len(value)} of the {SHORTEST_TOKEN} characters it needs; {MAKE_ONE}"
        raise ValueError(reason)
    return secret


def _weakness(secret: str) -> str | None:
    size = len(secret.encode(errors="surrogateescape"))
    # What is left without such words may still be random enough.
    told = PLACEHOLDER.search(secret) and len(PLACEHOLDER.sub("", secret)) < SHORTEST_SECRET
    if told or secret in PUBLISHED:
        return "is a placeholder that others know too"
    if size < SHORTEST_SECRET:
        return f"has only {size} of the {SHORTEST_SECRET} bytes it needs"
    if len(set(secret)) < FEWEST_CHARACTERS:
        return "repeats a few characters and is easily guessed"
    return None if _can_sign(secret) else "is a key of another kind, or no text"


def _can_sign(secret: str) -> bool:
    try:
        HMACAlgorithm(HMACAlgorithm.SHA256).prepare_key(secret.encode())
    except (InvalidKeyError, UnicodeEncodeError):
        return False
    return True


def web_address(value: str) -> str:
    """Give an absolute web address without a slash at its end."""
    parts = _split(value)
    return origin_of(value) + parts.path.rstrip("/")


def jwks_of(better_auth: str) -> str:
    """Say where a Better Auth publishes its keys: below its path, which is /api/auth by default."""
    return f"{better_auth}{'' if _split(better_auth).path else '/api/auth'}/jwks"


def jwks_address(value: str) -> str:
    """Give the address of a key set, if nobody on the way there can put in a key of their own."""
    parts = _split(value)
    if parts.scheme != "https" and not _is_here(parts.hostname or ""):
        reason = (
            "must begin with https:// unless its host is localhost, or anybody on the way could "
            "sign tokens; without it, it follows from BETTER_AUTH_URL"
        )
        raise ValueError(reason)
    return value


def _is_here(host: str) -> bool:
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def exact_origins(values: tuple[str, ...]) -> tuple[str, ...]:
    """Give origins the way browsers write them, if they are origins and nothing more."""
    for value in values:
        if value == "*":
            reason = "must list the exact origins; * would open the API to every page"
            raise ValueError(reason)
        if _split(value).path:
            reason = f"must list origins without a path; write {origin_of(value)}"
            raise ValueError(reason)
    return tuple(origin_of(value) for value in values)


def origin_of(address: str) -> str:
    """Give scheme, host and unusual port of a web address."""
    parts = _split(address)
    host = f"[{parts.hostname}]" if ":" in (parts.hostname or "") else parts.hostname
    usual = parts.port in {None, DEFAULT_PORTS[parts.scheme]}
    return f"{parts.scheme}://{host}" + ("" if usual else f":{parts.port}")


def _split(address: str) -> SplitResult:
    try:
        parts = urlsplit(address)
        extra = parts.username or parts.query or parts.fragment or parts.port == 0
    except ValueError:
        raise ValueError(NO_WEB_ADDRESS) from None
    if (
        parts.scheme not in DEFAULT_PORTS
        or not parts.hostname
        or extra
        or re.search(r"\s", address)
    ):
        raise ValueError(NO_WEB_ADDRESS)
    return parts


def networks(values: object) -> object:
    """Read addresses and networks."""
    if not isinstance(values, tuple):
        return values
    try:
        return tuple(ip_network(str(value)) for value in cast("tuple[object, ...]", values))
    except ValueError as error:
        reason = f"must list addresses or networks such as 10.0.0.0/8 ({error})"
        raise ValueError(reason) from None


def absolute_path(value: Path) -> Path:
    """Give a path that means the same from every working directory."""
    return value.expanduser().absolute()


def lower_case(value: object) -> object:
    """Let people shout."""
    return value.lower() if isinstance(value, str) else value
