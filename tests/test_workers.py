"""The workers of a whole run: each test runs once, in one of them, and what fails or dies is named."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
CONFTEST = """
from pathlib import Path
import pytest
from tests.workers import Workers

RAN = Path(__file__).with_name("ran")

@pytest.fixture(scope="session", autouse=True)
def opened():
    yield
    with RAN.open("a") as file:
        file.write("closed\\n")

def pytest_configure(config):
    config.pluginmanager.register(Workers(2, ("test_later.py",), lambda folder: None))
"""
TESTS = """
import os, warnings
from pathlib import Path
import pytest

RAN = Path(__file__).with_name("ran")

@pytest.mark.parametrize("number", range(20))
def test_passes(number, capfd, tmp_path):
    with RAN.open("a") as file:
        file.write(f"{number}\\n")
    print(number)
    assert capfd.readouterr().out == f"{number}\\n"
    assert not list(tmp_path.iterdir())

def test_fails():
    print("said before")
    assert RAN == 2

def test_dies():
    os._exit(3)

def test_warns():
    warnings.warn("mind the step")

def test_skips():
    pytest.skip("not today")

@pytest.mark.xfail
def test_is_expected_to_fail():
    assert False
"""


def run(folder: Path, *options: str) -> tuple[int, str]:
    (folder / "conftest.py").write_text(CONFTEST, encoding="utf-8")
    (folder / "test_first.py").write_text(TESTS, encoding="utf-8")
    (folder / "test_later.py").write_text("def test_later():\n    pass\n", encoding="utf-8")
    words = ("-p", "no:cacheprovider", "-ra", *options)
    done = subprocess.run(  # noqa: S603 - our own tests
        [sys.executable, "-m", "pytest", "-c", os.devnull, "--rootdir", folder, *words, folder],
        cwd=folder,
        env=os.environ | {"PYTHONPATH": str(ROOT), "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout + done.stderr


@pytest.mark.slow
def test_each_test_runs_once_and_what_fails_or_dies_is_named(tmp_path: Path) -> None:
    code, said = run(tmp_path)
    assert code == pytest.ExitCode.TESTS_FAILED, said
    ran = (tmp_path / "ran").read_text(encoding="utf-8").splitlines()
    assert sorted(each for each in ran if each != "closed") == sorted(map(str, range(20)))
    assert "2 failed, 22 passed, 1 skipped, 1 xfailed, 1 warning" in said
    assert "said before" in said
    assert "died with 3 while it ran this test" in said
    assert "UserWarning: mind the step" in said
    assert "not today" in said


@pytest.mark.slow
def test_a_run_that_stops_at_the_first_failure_closes_what_is_open(tmp_path: Path) -> None:
    code, said = run(tmp_path, "-x", "-k", "passes or fails or later")
    assert code == pytest.ExitCode.TESTS_FAILED, said
    assert "1 failed" in said
    assert "Traceback" not in said
    assert (tmp_path / "ran").read_text(encoding="utf-8").splitlines().count("closed") == 2
