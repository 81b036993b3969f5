import pytest

from api.identity.bearer import bearer_token
from api.identity.errors import MissingTokenError, TokenRejectedError
from api.identity.limits import TOKEN_LIMIT


@pytest.mark.parametrize("header", ["Bearer a.b.c", "bearer   a.b.c ", "BEARER a.b.c"])
def test_the_token_is_found_however_the_scheme_is_written(header: str) -> None:
    assert bearer_token([header]) == "a.b.c"


@pytest.mark.parametrize("headers", [[], [""], ["Bearer"], ["Bearer "], ["Basic YWRhOnNlY3JldA=="]])
def test_without_a_bearer_token_nobody_asks(headers: list[str]) -> None:
    with pytest.raises(MissingTokenError):
        bearer_token(headers)


@pytest.mark.parametrize(
    "headers",
    [
        ["Bearer a.b.c", "Bearer a.b.c"],
        ["Bearer a.b.c a.b.c"],
        ["Bearer tökén"],
        ["Bearer " + "a" * (TOKEN_LIMIT + 1)],
    ],
    ids=["two headers", "two tokens", "not ASCII", "oversized"],
)
def test_a_header_with_more_than_one_token_of_usual_size_is_rejected(headers: list[str]) -> None:
    with pytest.raises(TokenRejectedError):
        bearer_token(headers)
