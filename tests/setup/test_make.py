import re
from pathlib import Path

from tests.setup.checkout import ROOT, Checkout, write_script

_SERVER = """
import pathlib, signal, sys
signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGTERM])
print("ready", flush=True)
if signal.sigtimedwait([signal.SIGTERM], 10):
    pathlib.Path(sys.argv[1]).write_text(" ".join(sys.argv[2:]))
"""


def test_make_alone_lists_every_target(checkout: Checkout) -> None:
    targets = re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.MULTILINE)

    listed = checkout.run("make").stdout

    assert targets == re.findall(r"^make (\w+) +\S", listed, re.MULTILINE)


def test_a_checkout_whose_path_has_a_space_gets_an_environment(checkout: Checkout) -> None:
    result = checkout.run("make", "env")

    assert result.returncode == 0, result.stderr
    assert checkout.run(str(checkout.python), "-c", "").returncode == 0


def test_a_prepared_environment_needs_neither_uv_nor_python(checkout: Checkout) -> None:
    checkout.run("make", "env")
    checkout.program("uv", "exit 1")
    checkout.program("python3.13", "exit 1")

    again = checkout.run("make", "env")

    assert (again.returncode, again.stdout, again.stderr) == (0, "", "")


def test_a_changed_lock_is_installed(checkout: Checkout) -> None:
    checkout.run("make", "env")
    lock = checkout.directory / "uv.lock"
    lock.write_text(lock.read_text() + "\n")

    assert "Preparing .venv" in checkout.run("make", "env").stdout
    assert checkout.run("make", "env").stdout == ""


def test_an_environment_moved_with_its_checkout_is_built_anew(
    checkout: Checkout, tmp_path: Path
) -> None:
    checkout.run("make", "env")
    moved = Checkout(home=checkout.home, directory=tmp_path / "moved")
    checkout.directory.rename(moved.directory)

    assert moved.run("make", "env").returncode == 0
    assert str(moved.directory) in (moved.directory / ".venv/bin/activate").read_text()


def test_an_environment_whose_python_is_gone_is_built_anew(checkout: Checkout) -> None:
    checkout.run("make", "env")
    checkout.python.unlink()
    checkout.python.symlink_to("/gone/python3.13")

    assert checkout.run("make", "env").returncode == 0
    assert checkout.run(str(checkout.python), "-c", "").returncode == 0


def test_an_installation_cut_short_is_begun_anew(checkout: Checkout) -> None:
    checkout.run("make", "env")
    (checkout.directory / ".venv/.prepared").write_text("unfinished\n")
    left_over = checkout.directory / ".venv/left-over"
    left_over.touch()

    assert checkout.run("make", "env").returncode == 0
    assert not left_over.exists()


def test_two_makes_at_once_prepare_one_environment(checkout: Checkout) -> None:
    processes = [checkout.start("make", "env") for _ in range(2)]

    printed = "".join("".join(process.communicate()) for process in processes)

    assert [process.returncode for process in processes] == [0, 0], printed
    assert printed.count("Preparing .venv") == 1


def test_another_environment_that_is_active_is_left_alone(
    checkout: Checkout, tmp_path: Path
) -> None:
    other = tmp_path / "other"

    result = checkout.run("make", "env", VIRTUAL_ENV=str(other), UV_PROJECT_ENVIRONMENT=str(other))

    assert (result.returncode, other.exists()) == (0, False)
    assert checkout.python.exists()


def test_an_environment_that_cannot_be_locked_to_uv_lock_fails(checkout: Checkout) -> None:
    project = checkout.directory / "pyproject.toml"
    project.write_text(project.read_text() + 'dependencies = ["absent-package"]\n')

    assert checkout.run("make", "env").returncode == 2
    assert checkout.run("make", "env").returncode == 2


def test_a_machine_without_python_and_uv_is_told_what_to_install(bare: Checkout) -> None:
    result = bare.run("make", "env")

    assert result.returncode == 2
    assert result.stderr.startswith("Taskfold needs Python 3.13: none was found")


def test_sigterm_to_make_run_ends_the_server(checkout: Checkout, tmp_path: Path) -> None:
    checkout.run("make", "env")
    ended = tmp_path / "ended"
    server = checkout.directory / ".venv/bin/taskfold"
    write_script(server, f'exec .venv/bin/python -c \'{_SERVER}\' "{ended}" "$@"')

    with checkout.start("make", "run", "ARGS=--port 9000") as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        process.terminate()
        process.communicate()

    assert ended.read_text() == "serve --port 9000"
