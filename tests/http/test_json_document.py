import json
from contextlib import suppress
from time import process_time

import pytest
from hypothesis import given, strategies as st

from api.http.body import SIZE_LIMIT
from api.http.errors import MalformedBodyError
from api.http.json_document import DEPTH_LIMIT, VALUE_LIMIT, parse_json

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
    for depth in (DEPTH_LIMIT + 1, 9_000):
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


SEPARATORS = {
    "objects": b"[" + b",".join([b"{}"] * 349_000) + b"]",
    "nested arrays": b"[" + b",".join([b"[[[[[]]]]]"] * 95_000) + b"]",
    "numbers": b"[" + b",".join([b"0"] * 524_000) + b"]",
    "names": b"{" + b",".join(b'"%x":0' % number for number in range(104_000)) + b"}",
    "an unfinished text": b'"' + b'\\"' * 500_000,
    "an unfinished text of commas": b'{"a":"' + b'\\",' * 340_000,
}


@pytest.mark.parametrize("name", SEPARATORS)
def test_a_body_of_very_many_values_holds_nobody_up(name: str) -> None:
    body = SEPARATORS[name]
    assert len(body) <= SIZE_LIMIT
    started = process_time()
    with pytest.raises(MalformedBodyError):
        parse_json(body)
    assert process_time() - started < 0.1


def test_a_text_may_hold_as_many_commas_as_it_likes() -> None:
    text = ',{["' * 20_000
    assert parse_json(json.dumps({"title": text}).encode()) == {"title": text}


def test_the_most_values_are_read_and_one_more_is_not() -> None:
    most = [0] * (VALUE_LIMIT - 1)
    assert parse_json(json.dumps(most).encode()) == most
    with pytest.raises(MalformedBodyError, match="more than 10,000 values"):
        parse_json(json.dumps([*most, 0]).encode())
