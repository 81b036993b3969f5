"""DATABASE_URL in every spelling a provider hands out, made into the one libpq understands."""

import re
from dataclasses import dataclass, replace
from urllib.parse import quote, unquote

from psycopg import pq

WANTED = "write postgresql://user:password@host:5432/database"

EMPTY = f"is empty; {WANTED}, or unset it to use the embedded PostgreSQL"
NO_URL = f"is not a URL; {WANTED}"
NO_DATABASE = f"names no database; {WANTED}"
NO_HOST_NAME = f"names a host in a form unknown here; {WANTED}"
NO_PORT_NUMBER = "names a port that is not between 1 and 65535"
NOT_UTF_8 = "holds bytes that are not UTF-8"
BARE_PERCENT = "holds a % that starts no character code; write the sign % itself as %25"
BARE_SEPARATOR = (
    "holds a character in its user name or password that means something else in a URL; "
    "percent-encode it (@ as %40, / as %2F, ? as %3F)"
)

SCHEME = re.compile(r"postgres(ql)?(\+(psycopg2?|psycopg2cffi|asyncpg|pg8000))?://", re.IGNORECASE)
OTHER_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*://", re.IGNORECASE)
BROKEN_ESCAPE = re.compile(r"%(?![0-9a-f]{2})|%00|\0", re.IGNORECASE)
HOST = re.compile(r"(\[[^\[\]@/\s]+\]|[^:\[\]\s]*)(:(?P<port>[0-9]*))?")
HIGHEST_PORT = 65_535
SECRET_NAME = re.compile("password|secret")

KNOWN_PARAMETERS = frozenset(option.keyword.decode() for option in pq.Conninfo.get_defaults())
FOREIGN_PARAMETERS = frozenset(
    {
        "connection_limit",
        "pgbouncer",
        "pool_timeout",
        "prepared_statement_cache_size",
        "schema",
        "socket_timeout",
        "sslaccept",
        "statement_cache_size",
        "supa",
    }
)
"""What Prisma, asyncpg and hosting panels add for themselves; libpq would refuse it."""

SSL_MODES = {"true": "require", "1": "require", "false": "disable", "0": "disable"}
"""What `ssl=` says elsewhere, as a libpq `sslmode`; other values are called the same in both."""


class DatabaseUrlError(ValueError):
    """DATABASE_URL is not the address of a PostgreSQL database."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(f"DATABASE_URL {reason}.")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Parts:
    user: str
    password: str | None
    hosts: str
    database: str
    parameters: tuple[tuple[str, str], ...]

    def url(self) -> str:
        credentials = quote(self.user, safe="")
        if self.password is not None:
            credentials += ":" + quote(self.password, safe="*")
        location = f"{credentials}@{self.hosts}" if credentials else self.hosts
        query = "&".join(f"{name}={quote(value, safe='/*')}" for name, value in self.parameters)
        path = quote(self.database, safe="")
        return f"postgresql://{location}/{path}" + (f"?{query}" if query else "")


def normalise(raw: str) -> str:
    """Give the plain `postgresql://` URL that libpq understands for whatever a provider wrote.

    Raises:
        DatabaseUrlError: It is no address of a PostgreSQL database; the message says what to write
            and repeats nothing that could be a secret.
    """
    return _parse(raw).url()


def redacted(url: str) -> str:
    """Give a URL for printing, with its passwords starred out."""
    parts = _parse(url)
    parameters = tuple(
        (name, "***" if SECRET_NAME.search(name) else value) for name, value in parts.parameters
    )
    password = None if parts.password is None else "***"
    return replace(parts, password=password, parameters=parameters).url()


def through_pooler(url: str) -> bool:
    """Tell whether a URL leads to a hosting company's shared pooler (Neon's or Supabase's)."""
    hosts = [host.partition(":")[0] for host in _parse(url).hosts.split(",")]
    return any(
        host.partition(".")[0].endswith("-pooler") or host.endswith(".pooler.supabase.com")
        for host in hosts
    )


def _parse(raw: str) -> _Parts:
    location, _, query = _after_scheme(raw.strip().strip("'\"")).partition("?")
    authority, _, path = location.partition("/")
    if "@" in path or "@" in query or authority.count("@") > 1:
        raise DatabaseUrlError(BARE_SEPARATOR)
    credentials, _, hosts = authority.rpartition("@")
    user, colon, password = credentials.partition(":")
    parts = _Parts(
        user=_decoded(user),
        password=_decoded(password) if colon else None,
        hosts=_checked_hosts(hosts),
        database=_decoded(path),
        parameters=tuple(_parameters(query)),
    )
    if not parts.database and not dict(parts.parameters).get("dbname"):
        raise DatabaseUrlError(NO_DATABASE)
    return parts


def _after_scheme(url: str) -> str:
    if not url:
        raise DatabaseUrlError(EMPTY)
    if scheme := SCHEME.match(url):
        return url[scheme.end() :]
    if other := OTHER_SCHEME.match(url):
        reason = f"starts with {other[0]}, but the log is kept in PostgreSQL; {WANTED}"
        raise DatabaseUrlError(reason)
    raise DatabaseUrlError(NO_URL)


def _checked_hosts(hosts: str) -> str:
    _decoded(hosts)
    for host in hosts.split(","):
        found = HOST.fullmatch(host)
        if found is None:
            raise DatabaseUrlError(NO_HOST_NAME)
        if found["port"] and not 1 <= int(found["port"]) <= HIGHEST_PORT:
            raise DatabaseUrlError(NO_PORT_NUMBER)
    return hosts


def _parameters(query: str) -> list[tuple[str, str]]:
    pairs = (pair.partition("=") for pair in query.split("&") if pair)
    decoded = ((_decoded(name), _decoded(value)) for name, _, value in pairs)
    return [_for_libpq(name, value) for name, value in decoded if name not in FOREIGN_PARAMETERS]


def _for_libpq(name: str, value: str) -> tuple[str, str]:
    if name == "ssl":
        return "sslmode", SSL_MODES.get(value.lower(), value)
    if name not in KNOWN_PARAMETERS:
        reason = f"has a parameter {name!r} that PostgreSQL does not know; remove it"
        raise DatabaseUrlError(reason)
    return name, "require" if (name, value) == ("sslmode", "no-verify") else value


def _decoded(text: str) -> str:
    if BROKEN_ESCAPE.search(text):
        raise DatabaseUrlError(BARE_PERCENT)
    try:
        text.encode()
        return unquote(text, errors="strict")
    except UnicodeError as error:
        raise DatabaseUrlError(NOT_UTF_8) from error
