"""What is read from the environment and `.env`, and what is said when it cannot be used."""

from datetime import date
from ipaddress import ip_network
from pathlib import Path

import pytest
from pydantic import SecretStr

from api.data_directory import default_data_dir
from api.rate import Rate
from api.settings import Settings, SettingsError, load_settings

SECRET = "dQw4w9WgXcQ-kL0mN1pR2sT3uV4xY5zA6b"
OTHER = "Zb6Az5Yx4Vu3Ts2Rp1Nm0Lk-QcXgW9w4Qd"
NEON = "postgresql://u:p@ep-a-1-pooler.eu-central-1.aws.neon.tech/db?sslmode=require"


def problems(monkeypatch: pytest.MonkeyPatch, **environment: str) -> list[str]:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError) as refusal:
        load_settings()
    return str(refusal.value).splitlines()


def test_without_any_environment_there_is_a_default_for_everything() -> None:
    settings = load_settings()
    assert settings.database_url is None
    assert settings.better_auth_secret == ()
    assert settings.cors_origins == ()
    assert settings.metrics_token is None
    assert settings.data_dir == default_data_dir()
    assert (settings.host, settings.port) == ("127.0.0.1", 8000)
    assert (settings.jwt_issuer, settings.jwt_audience, settings.jwks_url) == (None, None, None)
    assert settings.prepared_statements
    assert settings.projectors


def test_every_setting_has_a_variable_and_says_what_it_is_for() -> None:
    for name, field in Settings.model_fields.items():
        assert field.validation_alias, name
        assert field.description, name
        assert field.description.endswith("."), name


def test_the_environment_wins_over_the_file(
    monkeypatch: pytest.MonkeyPatch, working_directory: Path
) -> None:
    (working_directory / ".env").write_text("TASKFOLD_PORT=1111\nTASKFOLD_POOL_SIZE=7\n")
    monkeypatch.setenv("TASKFOLD_PORT", "2222")
    settings = load_settings()
    assert (settings.port, settings.pool_size) == (2222, 7)


def test_a_list_is_split_at_its_commas(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BETTER_AUTH_SECRET", f"{SECRET}, {OTHER},")
    monkeypatch.setenv("CORS_ORIGINS", "http://localhost:3000,https://App.example.com:443")
    settings = load_settings()
    assert settings.better_auth_secret == (SecretStr(SECRET), SecretStr(OTHER))
    assert settings.cors_origins == ("http://localhost:3000", "https://app.example.com")


def test_issuer_and_audience_follow_from_where_better_auth_runs(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("BETTER_AUTH_URL", "https://app.example.com/api/auth/")
    monkeypatch.setenv("JWT_AUDIENCE", "tasks")
    settings = load_settings()
    assert settings.better_auth_url == "https://app.example.com/api/auth"
    assert (settings.jwt_issuer, settings.jwt_audience) == ("https://app.example.com", "tasks")


@pytest.mark.parametrize(
    ("better_auth", "keys"),
    [
        ("https://app.example.com", "https://app.example.com/api/auth/jwks"),
        ("https://App.example.com:443/", "https://app.example.com/api/auth/jwks"),
        ("https://app.example.com/auth/", "https://app.example.com/auth/jwks"),
        ("http://localhost:3000", "http://localhost:3000/api/auth/jwks"),
        ("http://127.0.0.1:3000", "http://127.0.0.1:3000/api/auth/jwks"),
        ("http://[::1]:3000", "http://[::1]:3000/api/auth/jwks"),
    ],
)
def test_where_keys_are_follows_from_where_better_auth_runs(
    better_auth: str, keys: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BETTER_AUTH_URL", better_auth)
    assert load_settings().jwks_url == keys


def test_keys_may_be_elsewhere_than_better_auth(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BETTER_AUTH_URL", "http://app.internal")
    monkeypatch.setenv("JWKS_URL", "https://keys.example.com/set/")
    assert load_settings().jwks_url == "https://keys.example.com/set/"


@pytest.mark.parametrize(
    "name", ["app.internal", "10.0.0.7", "localhost.evil.test", "evil.localhost", "[::2]"]
)
def test_keys_come_over_a_network_only_as_nobody_can_change_them(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    (problem,) = problems(monkeypatch, BETTER_AUTH_URL=f"http://{name}:3000")
    assert problem.startswith("JWKS_URL must begin with https://")


@pytest.mark.parametrize(
    "value", ["keys.example.com", "https://user@keys.example.com/", "file:///keys", "https://"]
)
def test_an_address_of_keys_is_one_of_the_web(value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BETTER_AUTH_URL", "https://app.example.com")
    (problem,) = problems(monkeypatch, JWKS_URL=value)
    assert problem.startswith("JWKS_URL must be an address like")


def test_keys_alone_do_not_say_for_whom_a_token_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JWKS_URL", "https://keys.example.com/set")
    monkeypatch.setenv("JWT_ISSUER", "https://keys.example.com")
    (problem,) = problems(monkeypatch)
    assert problem.startswith("JWKS_URL needs JWT_ISSUER and JWT_AUDIENCE")
    monkeypatch.setenv("JWT_AUDIENCE", "tasks")
    assert load_settings().jwks_url == "https://keys.example.com/set"


def test_the_port_a_hosting_platform_sets_is_used_unless_ours_is_set(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("PORT", "10000")
    assert load_settings().port == 10_000
    monkeypatch.setenv("TASKFOLD_PORT", "9000")
    assert load_settings().port == 9_000


def test_statements_are_not_prepared_through_a_pooler_unless_asked_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("DATABASE_URL", NEON)
    assert not load_settings().prepared_statements
    monkeypatch.setenv("TASKFOLD_PREPARED_STATEMENTS", "true")
    assert load_settings().prepared_statements


def test_an_empty_variable_is_as_good_as_none(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("CORS_ORIGINS", "TASKFOLD_PORT", "TASKFOLD_DATA_DIR", "BETTER_AUTH_URL"):
        monkeypatch.setenv(name, "")
    assert load_settings() == Settings()


@pytest.mark.parametrize("name", ["DATABASE_URL", "BETTER_AUTH_SECRET", "TASKFOLD_METRICS_TOKEN"])
def test_an_empty_database_or_secret_is_never_fallen_back_from(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    (problem,) = problems(monkeypatch, **{name: ""})
    assert problem.startswith(f"{name} is empty")


def test_a_relative_data_directory_means_the_same_from_everywhere(
    monkeypatch: pytest.MonkeyPatch, working_directory: Path
) -> None:
    monkeypatch.setenv("TASKFOLD_DATA_DIR", "data")
    assert load_settings().data_dir == working_directory / "data"


def test_every_problem_is_listed_at_once_each_naming_its_variable(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    found = problems(
        monkeypatch,
        DATABASE_URL="mysql://user:hunter2@host/db",
        BETTER_AUTH_SECRET="hunter2",
        BETTER_AUTH_URL="app.example.com",
        CORS_ORIGINS="*",
        TASKFOLD_PORT="80000",
        TASKFOLD_LOG_LEVEL="loud",
        TASKFOLD_LOG_FORMAT="xml",
        TASKFOLD_QUEUE_LIMIT="0",
        TASKFOLD_POOL_SIZE="many",
        TASKFOLD_PREPARED_STATEMENTS="perhaps",
        TASKFOLD_PROJECTORS="sometimes",
        TASKFOLD_PUBLIC_URL="ftp://example.com",
        TASKFOLD_DATADIR="data",
    )
    assert [line.split()[0] for line in found] == [
        "DATABASE_URL",
        "BETTER_AUTH_SECRET",
        "BETTER_AUTH_URL",
        "CORS_ORIGINS",
        "TASKFOLD_PORT",
        "TASKFOLD_PUBLIC_URL",
        "TASKFOLD_LOG_LEVEL",
        "TASKFOLD_LOG_FORMAT",
        "TASKFOLD_QUEUE_LIMIT",
        "TASKFOLD_POOL_SIZE",
        "TASKFOLD_PREPARED_STATEMENTS",
        "TASKFOLD_PROJECTORS",
        "TASKFOLD_DATADIR",
    ]
    assert "hunter2" not in "\n".join(found)


def test_a_misspelt_setting_is_met_with_the_right_one(
    monkeypatch: pytest.MonkeyPatch, working_directory: Path
) -> None:
    (working_directory / ".env").write_text("TASKFOLD_LOGLEVEL=debug\n")
    assert problems(monkeypatch, TASKFOLD_DATADIR="data", TASKFOLD_ZEBRA="1") == [
        "TASKFOLD_DATADIR is not a setting; did you mean TASKFOLD_DATA_DIR?",
        "TASKFOLD_LOGLEVEL is not a setting; did you mean TASKFOLD_LOG_LEVEL?",
        "TASKFOLD_ZEBRA is not a setting; unset it.",
    ]


def test_a_file_that_is_no_text_is_said_to_be_unreadable(
    monkeypatch: pytest.MonkeyPatch, working_directory: Path
) -> None:
    (working_directory / ".env").write_bytes(b"TASKFOLD_PORT=\xff\xfe\n")
    (problem,) = problems(monkeypatch)
    assert problem.startswith("The file .env cannot be read")


@pytest.mark.parametrize(
    ("secret", "says"),
    [
        ("k3J9xQ7pL2", "has only 10 of the 32 bytes"),
        ("changeme-changeme-changeme-changeme", "placeholder"),
        ("your-secret-key-goes-here-32-characters", "placeholder"),
        ("better-auth-secret-12345678901234567890", "placeholder"),
        ("<generate-with-openssl-rand-base64-32>", "placeholder"),
        ("09d25e094faa6ca2556c818166b7a9563b93f7099f6f0f4caa6cf63b88e8d3e7", "placeholder"),
        ("x" * 40, "repeats a few characters"),
        ("abcabcabcabcabcabcabcabcabcabcabcabc", "repeats a few characters"),
    ],
)
def test_a_weak_secret_is_refused_without_being_repeated(
    secret: str, says: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    (problem,) = problems(monkeypatch, BETTER_AUTH_SECRET=secret)
    assert problem.startswith("BETTER_AUTH_SECRET ")
    assert says in problem
    assert secret not in problem


@pytest.mark.parametrize(
    ("token", "says"),
    [
        ("scraper", "has only 7 of the 16 characters"),
        ("a scraper's long token", "without spaces"),
        ("ein Schlüssel-für-Prometheus", "printable ASCII"),
    ],
)
def test_a_token_for_metrics_that_cannot_be_sent_or_is_guessed_is_refused(
    token: str, says: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    (problem,) = problems(monkeypatch, TASKFOLD_METRICS_TOKEN=token)
    assert problem.startswith("TASKFOLD_METRICS_TOKEN ")
    assert says in problem
    assert token not in problem


def test_a_token_for_metrics_may_be_anything_else(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TASKFOLD_METRICS_TOKEN", SECRET)
    assert load_settings().metrics_token == SecretStr(SECRET)


def test_each_weak_secret_of_a_list_is_told_by_its_place(monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = problems(monkeypatch, BETTER_AUTH_SECRET=f"short,{SECRET},{'z' * 32}")
    assert "(secret 1 of 3)" in first
    assert "(secret 3 of 3)" in second


@pytest.mark.parametrize(
    ("origins", "says"),
    [
        ("*", "exact origins"),
        ("https://app.example.com/app", "write https://app.example.com."),
        ("https://app.example.com/", "write https://app.example.com."),
        ("app.example.com", "must be an address like"),
        ("https://user@app.example.com", "must be an address like"),
        ("https://app.example.com?x=1", "must be an address like"),
        ("https://app.example.com:0", "must be an address like"),
        ("https://app.example.com:port", "must be an address like"),
        ("https://[::1", "must be an address like"),
        (" , ", "is empty"),
    ],
)
def test_only_exact_origins_may_call_from_a_page(
    origins: str, says: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    (problem,) = problems(monkeypatch, CORS_ORIGINS=origins)
    assert problem.startswith("CORS_ORIGINS ")
    assert says in problem


def test_an_address_of_numbers_keeps_its_brackets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CORS_ORIGINS", "http://[::1]:3000")
    assert load_settings().cors_origins == ("http://[::1]:3000",)


def test_no_secret_can_be_read_off_printed_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://user:hunter2@host/db")
    monkeypatch.setenv("BETTER_AUTH_SECRET", SECRET)
    printed = repr(load_settings())
    assert "hunter2" not in printed
    assert SECRET not in printed


def test_a_line_of_the_file_that_says_nothing_is_named_and_not_passed_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".env").write_text('CORS_ORIGINS=\nDATABASE_URL="postgresql://u:hunter2@h/d\n')
    with pytest.raises(SettingsError) as refused:
        load_settings()
    assert refused.value.problems == ("Line 2 of .env cannot be read; write NAME=value.",)


@pytest.mark.parametrize(
    "secret",
    [
        "-----BEGIN PUBLIC KEY-----\n"
        + "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE\n" * 2
        + "-----END PUBLIC KEY-----\n",
        "\udcff" * 9 + "x" * 9,
    ],
)
def test_a_key_that_cannot_sign_is_refused_at_the_start(
    secret: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BETTER_AUTH_SECRET", secret)
    with pytest.raises(SettingsError, match="BETTER_AUTH_SECRET"):
        load_settings()


def test_a_secret_may_say_what_it_is_as_long_as_the_rest_is_random(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    secret = "my_app_secret_3f1c9a7be24d5860a1b7c4e9d2f80563"
    monkeypatch.setenv("BETTER_AUTH_SECRET", secret)
    assert [given.get_secret_value() for given in load_settings().better_auth_secret] == [secret]


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("600/minute", Rate(600, 60)),
        (" 5/second ", Rate(5, 1)),
        ("1/hour", Rate(1, 3_600)),
        ("", None),
    ],
)
def test_a_rate_is_a_number_in_a_time_or_nothing(
    monkeypatch: pytest.MonkeyPatch, written: str, read: Rate | None
) -> None:
    monkeypatch.setenv("TASKFOLD_RATE_LIMIT_USER", written)
    assert load_settings().rate_limit_user == read


@pytest.mark.parametrize("written", ["600", "0/minute", "600/day", "-1/second", "600 / minute"])
def test_anything_else_is_no_rate(monkeypatch: pytest.MonkeyPatch, written: str) -> None:
    (problem,) = problems(monkeypatch, TASKFOLD_RATE_LIMIT_ADDRESS=written)
    assert problem == (
        "TASKFOLD_RATE_LIMIT_ADDRESS must be a number per second, minute or hour, such as "
        "600/minute, or empty."
    )


def test_a_rate_reads_as_it_is_written() -> None:
    assert str(Rate(600, 60)) == "600/minute"


def test_proxies_are_addresses_or_networks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TASKFOLD_TRUSTED_PROXIES", "10.0.0.0/8, ::1")
    assert load_settings().trusted_proxies == (ip_network("10.0.0.0/8"), ip_network("::1"))


def test_a_network_with_bits_of_a_host_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    (problem,) = problems(monkeypatch, TASKFOLD_TRUSTED_PROXIES="10.0.0.1/8")
    assert problem.startswith("TASKFOLD_TRUSTED_PROXIES must list addresses or networks such as")


def test_the_day_from_which_the_alias_may_be_gone_is_read(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("TASKFOLD_ALIAS_SUNSET", "2027-06-30")
    assert load_settings().alias_sunset == date(2027, 6, 30)


@pytest.mark.parametrize("value", ["30.6.2027", "soon", "2027-02-30", "2027-06-30T00:00:00Z"])
def test_what_is_no_day_is_told(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    (problem,) = problems(monkeypatch, TASKFOLD_ALIAS_SUNSET=value)
    assert problem.startswith("TASKFOLD_ALIAS_SUNSET must be a day such as 2027-06-30")
