import psycopg
import pytest
from hypothesis import given, strategies as st

from projections.sought import has_words, sought
from projections.terms import terms, words
from tests.strategies import tags, texts

spoken = st.text("abé", min_size=1, max_size=9) | texts.filter(words)
"""Few letters, so that words are often alike."""

MEANT = """
select
    %(said)s::tsvector @@ %(terms)s::tsquery
    and (
        %(said)s::tsvector @@ %(whole)s::tsquery
        or %(said)s::tsvector::text collate "C" ~ all(%(patterns)s::text[])
    )
"""


@st.composite
def misspelt(draw: st.DrawFn) -> tuple[str, str]:
    """A word of any length, and the same with one edit or two."""
    word = draw(st.text("abcé", min_size=3, max_size=26).filter(lambda text: len(words(text)) == 1))
    [said] = words(word)
    for _ in range(draw(st.integers(1, 2))):
        word = draw(st.sampled_from(sorted(_edited(word))))
    return said, word


def _edited(word: str) -> set[str]:
    cuts = [(word[:place], word[place:]) for place in range(len(word) + 1)]
    return {
        edited
        for before, after in cuts
        for edited in (
            f"{before}{after[1:]}",
            f"{before}x{after[1:]}",
            f"{before}x{after}",
            f"{before}{after[1:2]}{after[:1]}{after[2:]}",
        )
        if edited
    }


def distance(one: str, other: str) -> int:
    """Letters wrong, missing and too many, and neighbours exchanged; the textbook's table."""
    table = {(row, 0): row for row in range(len(one) + 1)}
    table |= {(0, column): column for column in range(len(other) + 1)}
    for row in range(1, len(one) + 1):
        for column in range(1, len(other) + 1):
            table[row, column] = min(
                table[row - 1, column] + 1,
                table[row, column - 1] + 1,
                table[row - 1, column - 1] + (one[row - 1] != other[column - 1]),
            )
            exchanged = one[row - 2 : row] == other[column - 2 : column][::-1]
            if row > 1 and column > 1 and exchanged:
                table[row, column] = min(table[row, column], table[row - 2, column - 2] + 1)
    return table[len(one), len(other)]


def is_meant(text: str, title: str, description: str) -> bool:
    """What the README promises of `q`."""
    said = words(f"{title} {description}")
    long = [word for word in said if 4 <= len(word) <= 24][:50]
    return all(
        any(word.startswith(each) for word in said)
        or (4 <= len(each) <= 24 and any(distance(each, word) <= 1 for word in long))
        for each in words(text)
    )


def is_found(url: str, said: str, user_id: str, text: str) -> bool:
    """What PostgreSQL finds, as `found_tasks` asks it."""
    asked = sought(user_id, text, ())
    facts = {
        "said": said,
        "terms": asked.terms,
        "whole": asked.whole,
        "patterns": list(asked.patterns),
    }
    with psycopg.connect(url) as connection:
        [(found,)] = connection.execute(MEANT, facts).fetchall()
    return bool(found)


@given(
    text=st.lists(spoken, min_size=1, max_size=2).map(" ".join),
    title=st.lists(spoken, max_size=3).map(" ".join),
    description=st.lists(spoken, max_size=60).map(" ".join),
    tagged=tags,
)
def test_what_is_found_now_and_in_the_past_is_what_is_meant(
    database_url: str, text: str, title: str, description: str, tagged: tuple[str, ...]
) -> None:
    meant = is_meant(text, title, description)
    assert has_words(words(text), title, description) is meant
    said = terms("ada", title, description, tagged)
    assert is_found(database_url, said, "ada", text) is meant


@given(pair=misspelt(), others=st.lists(spoken, max_size=3))
def test_a_word_is_found_by_one_edit_and_not_by_two(
    database_url: str, pair: tuple[str, str], others: list[str]
) -> None:
    title, text = " ".join([pair[0], *others]), pair[1]
    meant = is_meant(text, title, "")
    assert has_words(words(text), title, "") is meant
    assert is_found(database_url, terms("ada", title, "", ()), "ada", text) is meant


@pytest.mark.parametrize("word", ["milk", "water", "plants", "abcdefghijklmnopqrstuvwx"])
def test_every_edit_of_a_word_finds_it(database_url: str, word: str) -> None:
    said = terms("ada", f"the {word}", "", ())
    for edited in _edited(word):
        if 4 <= len(edited) <= 24 or word.startswith(edited):
            assert has_words([edited], word, "")
            assert is_found(database_url, said, "ada", edited)


@pytest.mark.parametrize("text", ["wart", "ilk", "wa", "milkwater", "mi lk"])
def test_halves_of_words_are_not_enough(database_url: str, text: str) -> None:
    found = is_found(database_url, terms("ada", "milk water silt", "", ()), "ada", text)
    assert found is is_meant(text, "milk water silt", "")


def test_a_tag_passes_for_no_word(database_url: str) -> None:
    owner = terms("ada", "a", "", ()).strip("'").partition("=")[0]
    forged = [f"x' '{owner}~retaw", f"' '{owner}=water", f"\\' '{owner}~retaw'", f"{owner}~retaw"]
    said = terms("ada", "wide", "a waiter said", forged)
    assert not is_found(database_url, said, "ada", "watex")
    assert is_found(database_url, said, "ada", "waite")
