import json
import os
from collections.abc import AsyncGenerator, Generator
from contextlib import asynccontextmanager
from urllib.parse import unquote

import anyio
import httpx2
import jwt
import pytest
from pydantic import SecretStr

from api.identity import reasons
from tests.http.application import Running, running_on
from tests.http.serving import served
from tests.identity.front_end import SECRET, FrontEnds, front_ends
from tests.identity.node import MissingError, program

pytestmark = pytest.mark.anyio


@pytest.fixture(scope="module")
def apps(tmp_path_factory: pytest.TempPathFactory) -> Generator[FrontEnds]:
    """Real Better Auths from npm."""
    try:
        with front_ends(tmp_path_factory.mktemp("better-auth")) as apps:
            yield apps
    except MissingError as missing:
        reason = f"NOTHING WAS TRIED WITH A REAL BETTER AUTH: {missing}"
        if "CI" in os.environ:
            pytest.fail(reason)
        pytest.skip(reason)


@asynccontextmanager
async def backend_of(address: str, database_url: str) -> AsyncGenerator[Running]:
    """The product, told nothing but where the app runs."""
    async with running_on(
        database_url, better_auth_url=address, better_auth_secret=()
    ) as application:
        yield application


async def tasks(application: Running, token: str) -> httpx2.Response:
    async with application.client(Authorization=f"Bearer {token}") as client:
        return await client.get("/api/tasks")


async def create(application: Running, token: str, title: str) -> httpx2.Response:
    async with application.client(Authorization=f"Bearer {token}") as client:
        return await client.post("/api/tasks", json={"title": title})


@pytest.mark.parametrize("algorithm", ["EdDSA", "ES256", "ES512", "RS256", "PS256"])
async def test_who_signs_up_has_a_list_of_their_own_with_keys_of(
    algorithm: str, apps: FrontEnds, database_url: str
) -> None:
    async with (
        backend_of(apps.addresses[algorithm], database_url) as application,
        apps.person(algorithm) as ada,
        apps.person(algorithm) as bob,
    ):
        token = await ada.token()
        assert jwt.get_unverified_header(token)["alg"] == algorithm
        assert (await create(application, token, "Buy milk")).status_code == 201
        assert [task["title"] for task in (await tasks(application, token)).json()] == ["Buy milk"]
        assert (await tasks(application, await bob.token())).json() == []


async def test_keys_are_rotated_without_anybody_noticing(
    apps: FrontEnds, database_url: str
) -> None:
    address = apps.addresses["ES256"]
    async with backend_of(address, database_url) as application, apps.person("ES256") as ada:
        before = await ada.token()
        assert (await tasks(application, before)).status_code == 200
        apps.rotate("ES256")
        after = await ada.token()
        names = {jwt.get_unverified_header(token)["kid"] for token in (before, after)}
        assert len(names) == 2
        assert (await tasks(application, after)).status_code == 200
        assert (await tasks(application, before)).status_code == 200
        published = (await ada.browser.get("/api/auth/jwks")).json()["keys"]
        assert names <= {key["kid"] for key in published}


async def test_a_backend_that_starts_in_the_middle_of_a_rotation_believes_both_keys(
    apps: FrontEnds, database_url: str
) -> None:
    async with apps.person("RS256") as ada:
        before = await ada.token()
        apps.rotate("RS256")
        after = await ada.token()
        async with backend_of(apps.addresses["RS256"], database_url) as application:
            for token in (before, after):
                assert (await tasks(application, token)).status_code == 200


async def test_a_shared_secret_signs_as_the_readme_recommends(
    apps: FrontEnds, database_url: str
) -> None:
    address = apps.addresses["HS256"]
    async with (
        running_on(
            database_url,
            better_auth_secret=(SecretStr(SECRET),),
            jwt_issuer=address,
            jwt_audience=address,
        ) as application,
        apps.person("HS256") as ada,
    ):
        token = await ada.token()
        assert jwt.get_unverified_header(token) == {"alg": "HS256", "typ": "JWT"}
        assert (await create(application, token, "Buy milk")).status_code == 201


async def test_a_token_outlives_the_session_until_it_ends(
    apps: FrontEnds, database_url: str
) -> None:
    async with (
        backend_of(apps.addresses["EdDSA"], database_url) as application,
        apps.person("EdDSA") as ada,
    ):
        token = await ada.token()
        (await ada.browser.post("/api/auth/sign-out", json={})).raise_for_status()
        assert (await ada.browser.get("/api/auth/token")).status_code == 401
        assert (await tasks(application, token)).status_code == 200
        claims = jwt.decode(token, options={"verify_signature": False})
        assert claims["exp"] - claims["iat"] == 15 * 60


async def test_the_token_of_another_app_is_refused(apps: FrontEnds, database_url: str) -> None:
    async with (
        backend_of(apps.addresses["EdDSA"], database_url) as application,
        apps.person("ES256") as stranger,
    ):
        answer = await tasks(application, await stranger.token())
        assert answer.status_code == 401
        assert answer.json()["detail"] == reasons.UNKNOWN_KEY


async def test_what_is_for_better_auth_alone_is_refused_with_a_hint(
    apps: FrontEnds, database_url: str
) -> None:
    async with (
        running_on(
            database_url,
            better_auth_secret=(SecretStr(SECRET),),
            better_auth_url=apps.addresses["EdDSA"],
        ) as application,
        apps.person("EdDSA") as ada,
    ):
        cookies = ada.browser.cookies
        sent = {
            "the token of the bearer plugin": ada.signed_up.headers["set-auth-token"],
            "the session of the body": ada.signed_up.json()["token"],
            "the session cookie": cookies["better-auth.session_token"],
            "the session cookie decoded": unquote(cookies["better-auth.session_token"]),
            "the cached session": cookies["better-auth.session_data"],
        }
        for what, token in sent.items():
            answer = await tasks(application, token)
            assert answer.status_code == 401, what
            assert "/api/auth/token" in answer.headers["www-authenticate"], what


async def test_a_cached_session_under_a_published_key_is_no_access_token(
    apps: FrontEnds, database_url: str
) -> None:
    async with (
        backend_of(apps.addresses["cookies"], database_url) as application,
        apps.person("cookies") as ada,
    ):
        cookie = ada.browser.cookies["better-auth.session_data"]
        assert jwt.get_unverified_header(cookie)["typ"] == "better-auth.session-cache+jwt"
        assert (await tasks(application, cookie)).json()["detail"] == reasons.COOKIE
        assert (await tasks(application, await ada.token())).status_code == 200


async def test_better_auths_own_client_gets_tokens_that_are_believed(
    apps: FrontEnds, database_url: str
) -> None:
    address = apps.addresses["EdDSA"]
    async with (
        backend_of(address, database_url) as application,
        served(application) as (host, port),
    ):
        command = [*program("node"), "client.mjs", address, f"http://{host}:{port}"]
        with anyio.fail_after(30):
            done = await anyio.run_process(command, cwd=apps.directory)
        told = json.loads(done.stdout)
    assert told["created"]["status"] == 201
    assert told["created"]["body"]["title"] == "From a page"
    assert told["keys"] == 1
    assert told["tokenAfterSignOut"] == 401
    assert [task["title"] for task in told["listed"]["body"]] == ["From a page"]
