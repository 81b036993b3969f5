"""Tokens for everybody, in a file, and the settings of services that believe them."""

import json
from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from api.identity.issue import issue_token
from events import clock
from tests.http.application import SECRET
from tests.identity.issuer import issuing, publishing
from tests.identity.signing import key_pair

AUDIENCE = "taskfold"
LIFETIME = timedelta(hours=12)


@dataclass(frozen=True, slots=True)
class Tokens:
    """A file with everybody's token, and what a service needs to believe them."""

    file: Path
    settings: Mapping[str, str]


def user_ids(count: int) -> Sequence[str]:
    """Give the ids of so many people."""
    return [f"user-{number:07}" for number in range(count)]


def shared_secret(directory: Path, users: int) -> Tokens:
    """Sign with a secret that the service shares (HS256)."""
    now = clock.now()

    def sign(user_id: str) -> str:
        return issue_token(SECRET.encode(), user_id=user_id, now=now, lifetime=LIFETIME)

    return Tokens(_written(directory / "hs256.json", users, sign), {"BETTER_AUTH_SECRET": SECRET})


@asynccontextmanager
async def published_key(directory: Path, users: int) -> AsyncGenerator[Tokens]:
    """Sign with a key that an issuer publishes while the block lasts (EdDSA)."""
    pair = key_pair("EdDSA")
    async with issuing(publishing(pair)) as issuer:
        claims = {
            "iss": issuer.url,
            "aud": AUDIENCE,
            "exp": int((clock.now() + LIFETIME).timestamp()),
        }
        settings = {
            "JWKS_URL": issuer.jwks_url,
            "JWT_ISSUER": issuer.url,
            "JWT_AUDIENCE": AUDIENCE,
        }
        file = _written(
            directory / "eddsa.json", users, lambda user_id: pair.token({**claims, "sub": user_id})
        )
        yield Tokens(file, settings)


def _written(file: Path, users: int, sign: Callable[[str], str]) -> Path:
    file.write_text(json.dumps([sign(user_id) for user_id in user_ids(users)]))
    return file
