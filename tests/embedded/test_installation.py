"""The programs are found, and found again by an account that may not go where they are."""

import subprocess
import sys
from pathlib import Path

import pytest

from api.embedded.account import server_account
from api.embedded.binaries import Installation, binary, installed, installed_version
from api.embedded.installation import copy_installation
from api.embedded.server import embedded_server
from tests.embedded.processes import answers


@pytest.mark.parametrize("name", ["psql", "pg_dump", "pg_restore", "pgbench"])
def test_a_program_of_the_installation_runs(name: str) -> None:
    said = subprocess.check_output([binary(name), "--version"], text=True)
    assert f"(PostgreSQL) {installed_version().rpartition('.')[0]}" in said


def test_a_private_environment_does_not_keep_the_server_from_its_programs(
    room: Path,
    own_data_dir: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    private = Installation(root=room / "private" / "site-packages")
    private.root.parent.mkdir(mode=0o700)
    copy_installation(installed(), private)
    (private.package / "__init__.py").touch()
    monkeypatch.setattr(sys, "path", [str(private.root), *sys.path])
    assert installed() == private
    (own_data_dir / "bin-1.2.3").mkdir()
    with embedded_server(own_data_dir) as server:
        assert answers(server.url)
    lent = server_account().user is not None
    copies = [f"bin-{installed_version()}" if lent else "bin-1.2.3"]
    assert [copy.name for copy in own_data_dir.glob("bin-*")] == copies
    assert (room / "private").stat().st_mode & 0o777 == 0o700
