"""What an operator can set, read from the environment and `.env` and checked all at once."""

from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    AliasChoices,
    BeforeValidator,
    Field,
    SecretStr,
    ValidationError,
    ValidationInfo,
    model_validator,
)
from pydantic_settings import BaseSettings, SettingsConfigDict

from api.data_directory import default_data_dir
from api.database_url import through_pooler
from api.rate import Rate, rate
from api.setting_problems import described, misspelt, unreadable_lines
from api.setting_values import (
    Network,
    absolute_path,
    comma_list,
    database_address,
    day,
    exact_origins,
    jwks_address,
    jwks_of,
    lower_case,
    networks,
    opaque_token,
    origin_of,
    strong_secrets,
    web_address,
)

ENV_FILE = ".env"

NEVER_EMPTY = frozenset(
    {
        "DATABASE_URL",
        "BETTER_AUTH_SECRET",
        "TASKFOLD_METRICS_TOKEN",
        "TASKFOLD_RATE_LIMIT_USER",
        "TASKFOLD_RATE_LIMIT_ADDRESS",
    }
)
"""An empty value means unset, but falling back from these would hide a broken deployment, and for
limits it means that there is none."""

type WebAddress = Annotated[str, AfterValidator(web_address)]


def _issuer(data: dict[str, Any]) -> str | None:
    url = data.get("better_auth_url")
    return origin_of(url) if url else None


def _jwks_url(data: dict[str, Any]) -> str | None:
    url = data.get("better_auth_url")
    return jwks_of(url) if url else None


def _with_claims(url: str, info: ValidationInfo) -> str:
    # Keys prove who has signed and not for whom: an issuer with many customers signs for all.
    if None in (info.data.get("jwt_issuer", ""), info.data.get("jwt_audience", "")):
        reason = "needs JWT_ISSUER and JWT_AUDIENCE beside it, or BETTER_AUTH_URL instead"
        raise ValueError(reason)
    return url


def _prepares(data: dict[str, Any]) -> bool:
    url = data.get("database_url")
    return not (url and through_pooler(url))


class Settings(BaseSettings):
    """Everything an operator can set; the environment wins over `.env`."""

    model_config = SettingsConfigDict(
        frozen=True,
        extra="ignore",
        case_sensitive=True,
        populate_by_name=True,
        enable_decoding=False,
        hide_input_in_errors=True,
        env_file=ENV_FILE,
        env_file_encoding="utf-8",
    )

    database_url: Annotated[str, AfterValidator(database_address)] | None = Field(
        default=None,
        validation_alias="DATABASE_URL",
        repr=False,
        description="The PostgreSQL (15 to 18) to use; without it an embedded one is started.",
    )
    better_auth_secret: Annotated[
        tuple[SecretStr, ...], BeforeValidator(comma_list), AfterValidator(strong_secrets)
    ] = Field(
        default=(),
        validation_alias="BETTER_AUTH_SECRET",
        description="The secret shared with Better Auth that signs tokens (HS256), at least 32 "
        "bytes; during a rotation a comma list, the new one first. Without it and BETTER_AUTH_URL "
        "one is made in the data directory.",
    )
    better_auth_url: WebAddress | None = Field(
        default=None,
        validation_alias="BETTER_AUTH_URL",
        description="Where Better Auth runs, such as https://app.example.com; tokens signed with "
        "the keys it publishes are believed.",
    )
    jwt_issuer: str | None = Field(
        default_factory=_issuer,
        validation_alias="JWT_ISSUER",
        description="The `iss` every token must carry; the origin of BETTER_AUTH_URL by default, "
        "unchecked without both.",
    )
    jwt_audience: str | None = Field(
        default_factory=_issuer,
        validation_alias="JWT_AUDIENCE",
        description="The `aud` every token must carry; the origin of BETTER_AUTH_URL by default, "
        "without both, tokens that name one are refused.",
    )
    jwks_url: Annotated[str, AfterValidator(jwks_address), AfterValidator(_with_claims)] | None = (
        Field(
            default_factory=_jwks_url,
            validate_default=True,
            validation_alias="JWKS_URL",
            description="Where the issuer publishes its keys; /api/auth/jwks at BETTER_AUTH_URL by "
            "default. It begins with https:// unless it is on this machine.",
        )
    )
    jwt_roles_claim: str = Field(
        default="role",
        min_length=1,
        validation_alias="JWT_ROLES_CLAIM",
        description="The claim that holds a token's roles, a string or a list; dots lead into "
        "objects, as in realm_access.roles.",
    )
    cors_origins: Annotated[
        tuple[str, ...], BeforeValidator(comma_list), AfterValidator(exact_origins)
    ] = Field(
        default=(),
        validation_alias="CORS_ORIGINS",
        description="The web origins whose pages may call the API, as a comma list of "
        "scheme://host[:port].",
    )
    data_dir: Annotated[Path, AfterValidator(absolute_path)] = Field(
        default_factory=default_data_dir,
        validation_alias="TASKFOLD_DATA_DIR",
        description="Where the embedded PostgreSQL and a secret made here are kept.",
    )
    host: str = Field(
        default="127.0.0.1",
        validation_alias="TASKFOLD_HOST",
        description="The address to listen on; 0.0.0.0 for all of IPv4, :: for all.",
    )
    port: int = Field(
        default=8000,
        ge=0,
        le=65_535,
        validation_alias=AliasChoices("TASKFOLD_PORT", "PORT"),
        description="The port to listen on; 0 takes a free one. PORT is read too, as hosting "
        "platforms set it.",
    )
    public_url: WebAddress | None = Field(
        default=None,
        validation_alias="TASKFOLD_PUBLIC_URL",
        description="What the `url` of a task starts with when clients reach the API through a "
        "proxy; the address of the request by default.",
    )
    log_level: Annotated[
        Literal["debug", "info", "warning", "error"], BeforeValidator(lower_case)
    ] = Field(
        default="info",
        validation_alias="TASKFOLD_LOG_LEVEL",
        description="The least grave events to log: debug, info, warning or error.",
    )
    log_format: Annotated[Literal["auto", "json", "console"], BeforeValidator(lower_case)] = Field(
        default="auto",
        validation_alias="TASKFOLD_LOG_FORMAT",
        description="How to log: json, console, or auto (console on a terminal, json elsewhere).",
    )
    metrics_token: Annotated[SecretStr, AfterValidator(opaque_token)] | None = Field(
        default=None,
        validation_alias="TASKFOLD_METRICS_TOKEN",
        description="What a scraper must send as a bearer token to `/api/metrics`, at least 16 "
        "characters; without it, everybody may read metrics.",
    )
    rate_limit_user: Annotated[Rate | None, BeforeValidator(rate)] = Field(
        default=Rate(6_000, 60),
        validation_alias="TASKFOLD_RATE_LIMIT_USER",
        description="How many requests each user may make, such as 600/minute, counted by each "
        "process; empty for no limit.",
    )
    rate_limit_address: Annotated[Rate | None, BeforeValidator(rate)] = Field(
        default=Rate(600, 60),
        validation_alias="TASKFOLD_RATE_LIMIT_ADDRESS",
        description="How many requests without a valid token each client address may make; empty "
        "for no limit.",
    )
    trusted_proxies: Annotated[
        tuple[Network, ...], BeforeValidator(networks), BeforeValidator(comma_list)
    ] = Field(
        default=(),
        validation_alias="TASKFOLD_TRUSTED_PROXIES",
        description="The proxies whose X-Forwarded-For is believed, as a comma list of addresses "
        "or networks such as 10.0.0.0/8.",
    )
    keep_client: Annotated[Literal["none", "agent", "both"], BeforeValidator(lower_case)] = Field(
        default="agent",
        validation_alias="TASKFOLD_KEEP_CLIENT",
        description="What every event keeps, for ever, of where it came from: none, agent (the "
        "User-Agent), or both (the address, too; of IPv6 only the /64).",
    )
    require_if_match: bool = Field(
        default=False,
        validation_alias="TASKFOLD_REQUIRE_IF_MATCH",
        description="Whether every change of a task must say in If-Match what it expects; without "
        "it such a change is answered 428.",
    )
    alias_sunset: Annotated[date | None, BeforeValidator(day)] = Field(
        default=None,
        validation_alias="TASKFOLD_ALIAS_SUNSET",
        description="The day from which `/api/{user_id}/tasks` may no longer answer, such as "
        "2027-06-30, told there in `Sunset`; without it none is told.",
    )
    queue_limit: int = Field(
        default=1_000,
        ge=1,
        validation_alias="TASKFOLD_QUEUE_LIMIT",
        description="How many commands may wait for the database before more are answered 503.",
    )
    stream_limit: int = Field(
        default=1_000,
        ge=0,
        validation_alias="TASKFOLD_STREAM_LIMIT",
        description="How many live streams this process keeps open before more are answered 503.",
    )
    stream_limit_user: int = Field(
        default=20,
        ge=0,
        validation_alias="TASKFOLD_STREAM_LIMIT_USER",
        description="How many of them each user may have before more are answered 429.",
    )
    stream_heartbeat: float = Field(
        default=15,
        gt=0,
        le=3_600,
        validation_alias="TASKFOLD_STREAM_HEARTBEAT",
        description="After how many seconds of silence a stream gives a sign of life.",
    )
    stream_life: float = Field(
        default=3_600,
        gt=0,
        le=86_400,
        validation_alias="TASKFOLD_STREAM_LIFE",
        description="After how many seconds a stream ends, for its client to come back.",
    )
    pool_size: int = Field(
        default=10,
        ge=1,
        le=1_000,
        validation_alias="TASKFOLD_POOL_SIZE",
        description="How many connections to PostgreSQL this process may open.",
    )
    prepared_statements: bool = Field(
        default_factory=_prepares,
        validation_alias="TASKFOLD_PREPARED_STATEMENTS",
        description="Whether statements are prepared once per connection; on, except through a "
        "shared pooler such as Neon's.",
    )
    projectors: bool = Field(
        default=True,
        validation_alias="TASKFOLD_PROJECTORS",
        description="Whether this server carries the async projections on itself; false where "
        "`taskfold projections run` does.",
    )

    check_rate: int = Field(
        default=0,
        ge=0,
        le=6_000,
        validation_alias="TASKFOLD_CHECK_RATE",
        description="How many users a minute have their rows compared with history while the "
        "server runs; 0 compares nobody's.",
    )

    @model_validator(mode="before")
    @classmethod
    def _without_empty(cls, data: dict[str, object]) -> dict[str, object]:
        return {key: value for key, value in data.items() if value != "" or key in NEVER_EMPTY}


class SettingsError(Exception):
    """Some settings cannot be used; the message has one line for each problem."""

    def __init__(self, problems: tuple[str, ...]) -> None:
        self.problems = problems
        super().__init__("\n".join(problems))


def load_settings() -> Settings:
    """Read the settings of this process.

    Raises:
        SettingsError: Something is wrong with them; every problem is listed, no secret repeated.
    """
    try:
        if broken := unreadable_lines(ENV_FILE):
            raise SettingsError(broken)
        problems = misspelt(Settings, ENV_FILE)
        settings = Settings()
    except ValidationError as error:
        raise SettingsError((*described(error, Settings), *misspelt(Settings, ENV_FILE))) from None
    except (OSError, UnicodeError) as error:
        problem = f"The file {ENV_FILE} cannot be read ({error})."
        raise SettingsError((problem,)) from None
    if problems:
        raise SettingsError(problems)
    return settings
