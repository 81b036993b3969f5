"""What the doctor looks at on this machine: the data directory, the secret, the address."""

import socket
import stat
import tempfile
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException
from pathlib import Path

from api.cli.check import Check, failed, passed
from api.cli.listener import ANYWHERE, web_address
from api.data_directory import DataDirectoryError, private_directory
from api.identity.secret import DamagedSecretError, own_secret, secret_path
from api.settings import Settings

PATIENCE = 2.0
"""Seconds a server of ours may take to answer on this machine."""


def check_data_directory(settings: Settings) -> Check:
    """Look whether the data directory can be written to."""
    name = "data directory"
    try:
        path = private_directory(settings.data_dir)
        with tempfile.TemporaryFile(dir=path):
            return passed(name, f"{path} is writable.")
    except DataDirectoryError as error:
        return failed(name, str(error))
    except OSError as error:
        reason = error.strerror or str(error)
        return failed(name, str(DataDirectoryError(settings.data_dir, reason)))


def check_secret(settings: Settings) -> Check:
    """Look at what signs tokens."""
    name = "secret"
    if count := len(settings.better_auth_secret):
        rotation = f" ({count} of them, as during a rotation)" if count > 1 else ""
        return passed(name, f"BETTER_AUTH_SECRET is strong enough{rotation}.")
    if settings.jwks_url:
        return passed(name, f"None is needed: keys come from {settings.jwks_url}.")
    path = secret_path(settings.data_dir)
    try:
        return _check_own(name, path) if path.exists() else _none_yet(name, path)
    except (DamagedSecretError, DataDirectoryError) as error:
        return failed(name, str(error))


def _none_yet(name: str, path: Path) -> Check:
    return passed(name, f"BETTER_AUTH_SECRET is unset; the first start makes one in {path}.")


def _check_own(name: str, path: Path) -> Check:
    own_secret(path.parent)
    if path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
        return failed(name, f"{path} is open to other users; delete it to get a new secret.")
    return passed(name, f"One made here is kept in {path}; set BETTER_AUTH_SECRET to your app's.")


def check_address(settings: Settings) -> Check:
    """Look whether the address is free, or ours already."""
    name = "docs address"
    docs = f"{web_address(settings.host, settings.port)}/api/docs"
    if settings.port == 0:
        return passed(name, "TASKFOLD_PORT is 0, so `taskfold serve` takes a free port.")
    try:
        status = _ask(ANYWHERE.get(settings.host, settings.host), settings.port)
    except ConnectionRefusedError:
        return passed(name, f"Free; `taskfold serve` will answer at {docs}.")
    except socket.gaierror:
        return failed(
            name, f"TASKFOLD_HOST {settings.host} is not known; set it to 127.0.0.1 or 0.0.0.0."
        )
    except (OSError, HTTPException):
        status = 0
    if status == HTTPStatus.OK:
        return passed(name, f"Taskfold answers at {docs}.")
    return failed(name, f"Another program is at {docs}; stop it or set TASKFOLD_PORT.")


def _ask(host: str, port: int) -> int:
    connection = HTTPConnection(host, port, timeout=PATIENCE)
    try:
        connection.request("GET", "/api/docs")
        return connection.getresponse().status
    finally:
        connection.close()
