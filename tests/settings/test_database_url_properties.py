"""Laws of the spelling of DATABASE_URL."""

from urllib.parse import quote

from hypothesis import given, strategies as st
from psycopg.conninfo import conninfo_to_dict

from api.database_url import DatabaseUrlError, normalise, redacted

words = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), min_size=1)


def url_of(user: str, password: str, database: str, application: str) -> str:
    user, password, database, application = (
        quote(part, safe="") for part in (user, password, database, application)
    )
    return f"postgres://{user}:{password}@host:6543/{database}?application_name={application}"


@given(words, words, words, words)
def test_libpq_reads_back_exactly_what_was_percent_encoded(
    user: str, password: str, database: str, application: str
) -> None:
    url = normalise(url_of(user, password, database, application))
    assert conninfo_to_dict(url) == {
        "user": user,
        "password": password,
        "host": "host",
        "port": "6543",
        "dbname": database,
        "application_name": application,
    }


@given(words, words, words, words)
def test_normalising_twice_changes_nothing_more(
    user: str, password: str, database: str, application: str
) -> None:
    once = normalise(url_of(user, password, database, application))
    assert normalise(once) == once


@given(st.from_regex(r"[A-Za-z0-9]{12,}", fullmatch=True))
def test_a_printed_url_never_holds_the_password(password: str) -> None:
    assert password not in redacted(f"postgresql://u:{password}@h/d?password={password}")


@given(st.text() | st.text().map(lambda text: f"postgresql://{text}"))
def test_no_text_at_all_brings_anything_but_a_url_or_a_sentence(text: str) -> None:
    try:
        conninfo_to_dict(normalise(text))
    except DatabaseUrlError as refusal:
        assert str(refusal).startswith("DATABASE_URL ")  # noqa: PT017 - either outcome is right
