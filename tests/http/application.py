"""The real application, started inside the test's own event loop."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import cast

import httpx2
from fastapi import FastAPI
from pydantic import SecretStr
from starlette.types import Receive, Scope, Send

from api.app import create_app
from api.http.state import AppState
from api.identity.issue import issue_token
from api.settings import Settings
from events import clock

SECRET = "Zq3vN8xWc5Lp0tRk7yHb2mJf9sGd4uEa"
ORIGIN = "https://todo.example.com"
BASE_URL = "http://taskfold.test"


@dataclass(frozen=True, slots=True)
class Running:
    """An application whose lifespan has begun, callable as a server would call it."""

    app: FastAPI
    state: AppState

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        scope["state"] = dict(self.state)
        await self.app(scope, receive, send)

    def client(self, **headers: str) -> httpx2.AsyncClient:
        """Somebody who talks to it and sends these headers with everything."""
        transport = httpx2.ASGITransport(app=self)
        return httpx2.AsyncClient(transport=transport, base_url=BASE_URL, headers=headers)

    def client_of(self, user_id: str, *, role: str | None = None) -> httpx2.AsyncClient:
        """Somebody with a good token."""
        return self.client(Authorization=f"Bearer {token_of(user_id, role=role)}")


def token_of(
    user_id: str, *, role: str | None = None, lifetime: timedelta = timedelta(minutes=10)
) -> str:
    """A token as the identity provider would issue it."""
    return issue_token(
        SECRET.encode(),
        user_id=user_id,
        now=clock.now(),
        lifetime=lifetime,
        role=role,
    )


def settings_for(database_url: str, **changes: object) -> Settings:
    """Settings of this run, whatever the environment says."""
    values = {
        "database_url": database_url,
        "better_auth_secret": (SecretStr(SECRET),),
        "cors_origins": (ORIGIN,),
        "pool_size": 4,
        "rate_limit_user": None,
        "rate_limit_address": None,
    }
    return Settings.model_validate({**values, **changes})


@asynccontextmanager
async def running(app: FastAPI) -> AsyncGenerator[Running]:
    """Run an application from the start of its lifespan to the end."""
    async with app.router.lifespan_context(app) as state:
        yield Running(app, cast("AppState", state))


@asynccontextmanager
async def running_on(database_url: str, **changes: object) -> AsyncGenerator[Running]:
    """Run the product on a database, with some settings changed."""
    async with running(create_app(settings_for(database_url, **changes))) as application:
        yield application
