import asyncio
import hmac
import json
from contextlib import suppress
from hashlib import sha256

from hypothesis import given, strategies as st

from api.identity.claims import ClaimRules
from api.identity.errors import TokenRejectedError
from api.identity.remembered import RememberedTokens
from api.identity.verifier import Verifier
from tests.identity.signing import SECRET, encoded

PARTS = st.binary(max_size=40) | st.dictionaries(
    st.sampled_from(["alg", "kid", "typ", "sub", "exp", "aud", "session"]),
    st.none() | st.booleans() | st.integers() | st.floats() | st.sampled_from(["HS256", "EdDSA"]),
).map(lambda members: json.dumps(members).encode())


@given(header=PARTS, payload=PARTS, cut=st.integers(0, 60))
def test_whatever_is_sent_it_is_refused_in_words_of_ours_or_says_whom_it_vouches_for(
    header: bytes, payload: bytes, cut: int
) -> None:
    message = f"{encoded(header)}.{encoded(payload)}"
    sealed = f"{message}.{encoded(hmac.digest(SECRET, message.encode(), sha256))}"
    verifier = Verifier(ClaimRules(), secrets=(SECRET,), remembered=RememberedTokens())
    for token in (sealed, sealed[:cut], sealed[cut:]):
        with suppress(TokenRejectedError):
            assert (
                asyncio.run(verifier.claims(token)).identity.user_id == json.loads(payload)["sub"]
            )
