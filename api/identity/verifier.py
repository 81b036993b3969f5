"""Verifying tokens of every issuer that is trusted, each with what that issuer signs with."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from api.identity import reasons
from api.identity.algorithms import WITH_A_KEY_PAIR, WITH_A_SECRET
from api.identity.claims import ClaimRules, Claims, verified_claims
from api.identity.errors import TokenRejectedError
from api.identity.header import Header, read_header
from api.identity.published_keys import KeyState, PublishedKeys, open_keys
from api.identity.remembered import RememberedTokens
from events import clock


class Verifier:
    """Tells whom a token vouches for."""

    def __init__(
        self,
        rules: ClaimRules,
        *,
        secrets: tuple[bytes, ...] = (),
        keys: PublishedKeys | None = None,
        remembered: RememberedTokens,
    ) -> None:
        self._rules = rules
        self._secrets = secrets
        self._keys = keys
        self._remembered = remembered

    @property
    def key_state(self) -> KeyState:
        """How well the keys of the issuer that publishes some are known."""
        return KeyState.UNUSED if self._keys is None else self._keys.state

    async def claims(self, token: str) -> Claims:
        """Verify a token and give what it claims.

        Raises:
            TokenRejectedError: It cannot be believed; the message says why and repeats nothing of
                it.
            IssuerUnreachableError: Its issuer's keys are not known.
        """
        known = self._remembered.find(token, clock.now().timestamp())
        if known is not None:
            return known
        claims = await self._verify(token)
        self._remembered.remember(token, claims)
        return claims

    async def _verify(self, token: str) -> Claims:
        header = read_header(token)
        # The token says which kind of key it claims to be signed with. Each kind has keys and a
        # list of its own, so a token that lies is held against something that cannot have signed.
        if header.algorithm in WITH_A_SECRET:
            return self._verify_with_secret(token)
        if header.algorithm in WITH_A_KEY_PAIR:
            return await self._verify_with_key(token, header)
        raise TokenRejectedError(reasons.WRONG_ALGORITHM)

    def _verify_with_secret(self, token: str) -> Claims:
        if not self._secrets:
            raise TokenRejectedError(reasons.NOTHING_SHARED)
        *others, last = self._secrets
        for secret in others:
            try:
                return verified_claims(token, secret, WITH_A_SECRET, self._rules)
            except TokenRejectedError as error:
                if error.reason != reasons.WRONG_SIGNATURE:
                    raise
        return verified_claims(token, last, WITH_A_SECRET, self._rules)

    async def _verify_with_key(self, token: str, header: Header) -> Claims:
        if self._keys is None:
            raise TokenRejectedError(reasons.NOBODY_TRUSTED)
        if header.key_id is None:
            raise TokenRejectedError(reasons.NO_KEY_NAMED)
        key = await self._keys.find(header.key_id)
        return verified_claims(token, key, WITH_A_KEY_PAIR, self._rules)


@asynccontextmanager
async def open_verifier(
    rules: ClaimRules, *, secrets: tuple[bytes, ...], jwks_url: str | None
) -> AsyncGenerator[Verifier]:
    """Have a verifier, with the keys of the issuer at an address at hand if there is one.

    Args:
        rules: What every token must claim.
        secrets: Those that tokens may be signed with.
        jwks_url: Where the issuer whose keys are trusted publishes them.
    """
    remembered = RememberedTokens()
    if jwks_url is None:
        yield Verifier(rules, secrets=secrets, remembered=remembered)
        return
    async with open_keys(jwks_url, changed=remembered.forget) as keys:
        yield Verifier(rules, secrets=secrets, keys=keys, remembered=remembered)
