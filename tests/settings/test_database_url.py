"""Which spellings of DATABASE_URL are understood, and what is said of the others."""

import pytest

from api.database_url import DatabaseUrlError, normalise, redacted, through_pooler

PLAIN = "postgresql://user:pass@host:5432/db"


@pytest.mark.parametrize(
    "scheme",
    [
        "postgres",
        "postgresql",
        "postgresql+psycopg",
        "postgresql+psycopg2",
        "postgresql+asyncpg",
        "POSTGRES",
    ],
)
def test_every_scheme_that_means_postgresql_is_understood(scheme: str) -> None:
    assert normalise(f"{scheme}://user:pass@host:5432/db") == PLAIN


@pytest.mark.parametrize("written", [f" {PLAIN}\n", f"'{PLAIN}'", f'"{PLAIN}"'])
def test_what_a_shell_or_a_file_leaves_around_it_is_taken_off(written: str) -> None:
    assert normalise(written) == PLAIN


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://user:pass@ep-a.aws.neon.tech/db?sslmode=require&channel_binding=require",
        "postgresql://user:p%40ss%2Fw%3Ford@host/db",
        "postgresql://user@host/db",
        "postgresql://host/db",
        "postgresql:///db?host=/var/run/postgresql",
        "postgresql://%2Fvar%2Frun%2Fpostgresql/db",
        "postgresql://user:pass@[::1]:5432/db",
        "postgresql://user:pass@one:5432,two:5433/db?target_session_attrs=read-write",
        "postgresql://host/?dbname=db",
        "postgresql://:pass@host/db",
    ],
)
def test_a_url_of_libpq_stays_as_it_is(url: str) -> None:
    assert normalise(url) == url


@pytest.mark.parametrize(
    ("foreign", "libpq"),
    [
        ("ssl=require", "?sslmode=require"),
        ("ssl=true", "?sslmode=require"),
        ("ssl=false", "?sslmode=disable"),
        ("sslmode=no-verify", "?sslmode=require"),
        ("schema=public&pgbouncer=true&connection_limit=1", ""),
        ("options=endpoint=ep-a", "?options=endpoint%3Dep-a"),
    ],
)
def test_a_parameter_of_another_client_is_translated_or_dropped(foreign: str, libpq: str) -> None:
    assert normalise(f"{PLAIN}?{foreign}") == f"{PLAIN}{libpq}"


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("", "is empty"),
        ("  ", "is empty"),
        ("host=localhost dbname=hunter2", "is not a URL"),
        ("hunter2", "is not a URL"),
        ("mysql://user:hunter2@host/db", "starts with mysql://"),
        ("sqlite:///hunter2.db", "starts with sqlite://"),
        ("https://user:hunter2@host/db", "starts with https://"),
        ("postgresql+hunter2://host/db", "starts with postgresql+hunter2://"),
        ("postgresql://user:hunter2@host", "names no database"),
        ("postgresql://user:hunter2@host/", "names no database"),
        ("postgresql://user:hunter2@host/?dbname=", "names no database"),
        ("postgresql://user:hunt@er2@host/db", "percent-encode"),
        ("postgresql://user:hunt/er2@host/db", "percent-encode"),
        ("postgresql://user:hunt?er2@host/db", "percent-encode"),
        ("postgresql://user:hunter2%@host/db", "write the sign % itself as %25"),
        ("postgresql://user:hunter2%00@host/db", "%25"),
        ("postgresql://user:hunter2%FF@host/db", "not UTF-8"),
        ("postgresql://user:hunter2\udcff@host/db", "not UTF-8"),
        ("postgresql://user:hunter2@host:PORT/db", "a host in a form unknown"),
        ("postgresql://user:hunter2@host:99999/db", "a port that is not between"),
        ("postgresql://user:hunter2@host:0/db", "a port that is not between"),
        ("postgresql://user:hunter2@[::1/db", "a host in a form unknown"),
        ("postgresql://user:hunter2@host/db?sslmoode=require", "'sslmoode'"),
    ],
)
def test_anything_else_is_one_sentence_that_names_the_setting(url: str, says: str) -> None:
    with pytest.raises(DatabaseUrlError) as refusal:
        normalise(url)
    sentence = str(refusal.value)
    assert sentence.startswith("DATABASE_URL ")
    assert sentence.endswith(".")
    assert says in sentence
    assert "hunter2" not in sentence.replace("postgresql+hunter2", "")


@pytest.mark.parametrize(
    ("url", "printed"),
    [
        (PLAIN, "postgresql://user:***@host:5432/db"),
        ("postgresql://host/db?password=hunter2", "postgresql://host/db?password=***"),
        ("postgresql://host/db?sslpassword=hunter2", "postgresql://host/db?sslpassword=***"),
        ("postgresql://user@host/db", "postgresql://user@host/db"),
    ],
)
def test_passwords_are_starred_out_for_printing(url: str, printed: str) -> None:
    assert redacted(url) == printed


@pytest.mark.parametrize(
    "host",
    [
        "ep-cool-name-123456-pooler.eu-central-1.aws.neon.tech",
        "aws-0-eu-central-1.pooler.supabase.com:6543",
    ],
)
def test_the_host_of_a_shared_pooler_is_recognised(host: str) -> None:
    assert through_pooler(f"postgresql://user@{host}/db")


@pytest.mark.parametrize(
    "host", ["ep-cool-name-123456.eu-central-1.aws.neon.tech", "my-pooler-less.example.com", ""]
)
def test_a_server_of_its_own_is_not_taken_for_a_shared_pooler(host: str) -> None:
    assert not through_pooler(f"postgresql://user@{host}/db")
