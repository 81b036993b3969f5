from collections import Counter

import psycopg
import pytest
from hypothesis import given, strategies as st

from projections.due import due_at
from projections.terms import OWNER_LENGTH, folded, terms, words
from tests.strategies import texts


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


@pytest.mark.parametrize("title", ["", "—!?", "Water the plants, please"])
def test_a_task_is_found_by_its_words_both_ways_round_and_by_its_tags(title: str) -> None:
    written = terms("ada", title, "", ["a tag"]).strip("'")
    kinds = Counter(term[OWNER_LENGTH] for term in written.split("' '"))
    known = words(title)
    assert kinds["#"] == 1
    assert kinds["="] == len(known)
    assert kinds["~"] == sum(len(word) > 3 for word in known)


def test_long_tasks_are_found_misspelt_by_their_first_words_only() -> None:
    written = terms("ada", "", " ".join(f"word{number}" for number in range(200)), [])
    assert (written.count("="), written.count("~")) == (200, 50)


def test_a_date_is_due_until_its_last_moment_in_utc() -> None:
    assert str(due_at("2026-12-24")) == "2026-12-24 23:59:59.999999+00:00"
    assert str(due_at("2026-12-24T17:00:00+01:00[Europe/Vienna]")) == "2026-12-24 16:00:00+00:00"
    assert due_at("") is None
