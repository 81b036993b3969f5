"""Tokens for everybody, in files, and the settings of services that believe them."""

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
from tests.identity.signing import KeyPair, key_pair

AUDIENCE = "taskfold"
LIFETIME = timedelta(hours=12)


@dataclass(frozen=True, slots=True)
class Identity:
    """An issuer of tokens of both kinds, whom every service that is measured believes alike."""

    issuer: str
    jwks_url: str
    _directory: Path
    _pair: KeyPair

    @property
    def settings(self) -> Mapping[str, str]:
        """What a service must be told to believe both kinds."""
        return {
            "BETTER_AUTH_SECRET": SECRET,
            "JWKS_URL": self.jwks_url,
            "JWT_ISSUER": self.issuer,
            "JWT_AUDIENCE": AUDIENCE,
        }

    def shared(self, people: Sequence[str]) -> Path:
        """Sign with a secret that services share (HS256); gives a file with everybody's token."""
        now = clock.now()

        def sign(user_id: str) -> str:
            return issue_token(
                SECRET.encode(),
                user_id=user_id,
                now=now,
                lifetime=LIFETIME,
                issuer=self.issuer,
                audience=AUDIENCE,
            )

        return self._written("hs256", people, sign)

    def published(self, people: Sequence[str]) -> Path:
        """Sign with the key that the issuer publishes (EdDSA); gives such a file, too."""
        expires = int((clock.now() + LIFETIME).timestamp())
        claims = {"iss": self.issuer, "aud": AUDIENCE, "exp": expires}
        return self._written(
            "eddsa", people, lambda user_id: self._pair.token({**claims, "sub": user_id})
        )

    def _written(self, kind: str, people: Sequence[str], sign: Callable[[str], str]) -> Path:
        file = self._directory / f"{kind}-{people[0]}-{len(people)}.json"
        file.write_text(json.dumps([sign(user_id) for user_id in people]))
        return file


def user_ids(count: int, kind: str = "user") -> Sequence[str]:
    """Give the ids of so many people."""
    return [f"{kind}-{number:07}" for number in range(count)]


@asynccontextmanager
async def identity(directory: Path) -> AsyncGenerator[Identity]:
    """Run an issuer while the block lasts."""
    pair = key_pair("EdDSA")
    async with issuing(publishing(pair)) as issuer:
        yield Identity(issuer.url, issuer.jwks_url, directory, pair)
