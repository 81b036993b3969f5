import psycopg
import pytest
from hypothesis import given, strategies as st

from projections.due import due_at
from projections.terms import folded, has_words, sought, terms, words
from tests.strategies import texts

spoken = st.text("abé", min_size=1, max_size=6) | texts.filter(words)
"""Few letters, so that words are often alike."""


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Water the plants", ["water", "the", "plants"]),
        ("  Crème BRÛLÉE, crème! ", ["creme", "brulee"]),
        ("Straße 3b", ["strasse", "3b"]),
        ("snake_case e-mail", ["snake", "case", "e", "mail"]),
        ("日本語のタスク", ["日", "本", "語", "の", "タ", "ス", "ク"]),
        ("—!?", []),
    ],
)
def test_words_know_no_capitals_and_no_accents(text: str, found: list[str]) -> None:
    assert words(text) == found


def test_a_title_is_sorted_by_its_letters_alone() -> None:
    titles = ["zebra", "Äpfel", "apple", "Zebra 2"]
    assert sorted(titles, key=folded) == ["Äpfel", "apple", "zebra", "Zebra 2"]


@given(title=texts, description=texts, tags=st.lists(texts, unique=True, max_size=3))
def test_terms_are_written_as_postgresql_writes_them(
    database_url: str, title: str, description: str, tags: list[str]
) -> None:
    written = terms("ada", title, description, [tag for tag in tags if tag.strip()])
    with psycopg.connect(database_url) as connection:
        assert connection.execute("select %s::tsvector::text", [written]).fetchone() == (written,)


@given(
    text=st.lists(spoken, min_size=1, max_size=2).map(" ".join),
    title=st.lists(spoken, max_size=3).map(" ".join),
    description=st.lists(spoken, max_size=60).map(" ".join),
)
def test_what_is_found_in_the_past_is_what_the_index_finds(
    database_url: str, text: str, title: str, description: str
) -> None:
    asked = (terms("ada", title, description, ()), sought("ada", text, ()))
    with psycopg.connect(database_url) as connection:
        [(found,)] = connection.execute("select %s::tsvector @@ %s::tsquery", asked).fetchall()
    assert has_words(words(text), title, description) is found


def test_a_date_is_due_until_its_last_moment_in_utc() -> None:
    assert str(due_at("2026-12-24")) == "2026-12-24 23:59:59.999999+00:00"
    assert str(due_at("2026-12-24T17:00:00+01:00[Europe/Vienna]")) == "2026-12-24 16:00:00+00:00"
    assert due_at("") is None
