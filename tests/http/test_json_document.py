import json
from contextlib import suppress

import pytest
from hypothesis import given, strategies as st

from api.http.errors import MalformedBodyError
from api.http.json_document import DEPTH_LIMIT, parse_json

documents = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


@given(documents)
def test_every_document_is_read_as_what_it_says(document: object) -> None:
    assert parse_json(json.dumps(document, ensure_ascii=False).encode()) == document


@given(st.binary())
def test_any_other_bytes_are_refused_in_one_way(body: bytes) -> None:
    with suppress(MalformedBodyError):
        parse_json(body)


@pytest.mark.parametrize("brackets", [("[", "]"), ('{"a":', "}")])
def test_nesting_is_bounded(brackets: tuple[str, str]) -> None:
    opening, closing = brackets

    def nested(depth: int) -> bytes:
        return (opening * depth + "1" + closing * depth).encode()

    parse_json(nested(DEPTH_LIMIT))
    for depth in (DEPTH_LIMIT + 1, 100_000):
        with pytest.raises(MalformedBodyError, match="32 levels"):
            parse_json(nested(depth))


def test_where_the_document_breaks_is_told() -> None:
    with pytest.raises(MalformedBodyError, match="line 2 column 3"):
        parse_json(b'{"a": 1,\n  b}')


def test_nothing_of_the_document_is_repeated() -> None:
    for body in (b'{"secret": secret}', b'{"secret": 1, "secret": 2}'):
        with pytest.raises(MalformedBodyError) as caught:
            parse_json(body)
        assert "secret" not in str(caught.value)
