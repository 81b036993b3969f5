from tests.setup.checkout import PYTHON, Checkout, write_script

SEARCH = ("sh", ".make/python")
REAL = f'exec "{PYTHON}" "$@"'


def test_a_python_on_the_path_is_found(bare: Checkout) -> None:
    bare.program("python3.13", REAL)

    assert bare.run(*SEARCH).stdout == f"{PYTHON}\n"


def test_a_newer_python_of_another_name_is_found(bare: Checkout) -> None:
    bare.program("python3", REAL)

    assert bare.run(*SEARCH).stdout == f"{PYTHON}\n"


def test_a_pyenv_shim_that_fails_gives_way_to_the_version_itself(bare: Checkout) -> None:
    bare.program("python3.13", "echo 'pyenv: python3.13: command not found' >&2; exit 127")
    write_script(bare.home / ".pyenv/versions/3.13.0/bin/python3", REAL)

    assert bare.run(*SEARCH).stdout == f"{PYTHON}\n"


def test_pyenv_is_found_where_pyenv_root_says(bare: Checkout) -> None:
    root = bare.home / "my pyenv"
    write_script(root / "versions/3.13.1/bin/python3", REAL)

    assert bare.run(*SEARCH, PYENV_ROOT=str(root)).stdout == f"{PYTHON}\n"


def test_pyenv_is_found_where_its_command_says(bare: Checkout) -> None:
    write_script(bare.home / "elsewhere/versions/3.13.1/bin/python3", REAL)
    bare.program("pyenv", f'[ "$1" = root ] && echo "{bare.home}/elsewhere"')

    assert bare.run(*SEARCH).stdout == f"{PYTHON}\n"


def test_a_3_13_under_pyenv_is_preferred_to_a_python_of_another_name(bare: Checkout) -> None:
    selected = bare.home / ".pyenv/versions/3.13.0/bin/python3"
    selected.parent.mkdir(parents=True)
    for link in (selected, bare.programs / "python3"):
        link.symlink_to(PYTHON)

    assert bare.run(*SEARCH).stdout == f"{selected}\n"


def test_a_python_hidden_behind_a_failing_one_on_the_path_is_found(bare: Checkout) -> None:
    bare.program("python3.13", "exit 127")
    further = bare.home / "further"
    write_script(further / "python3.13", REAL)

    result = bare.run(*SEARCH, PATH=f"{bare.programs}:{further}")

    assert result.stdout == f"{PYTHON}\n"


def test_a_python_without_the_module_asked_for_is_passed_over(bare: Checkout) -> None:
    bare.program("python3.13", REAL)

    assert bare.run(*SEARCH, "ensurepip").returncode == 0
    assert bare.run(*SEARCH, "module_nobody_has").returncode == 1


def test_a_machine_without_python_finds_none(bare: Checkout) -> None:
    result = bare.run(*SEARCH)

    assert (result.returncode, result.stdout, result.stderr) == (1, "", "")
