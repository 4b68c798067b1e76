"""An installation that a file's ``CONFIG`` describes, and the command at work on it in this process."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from digest.cli.main import app as front_door

KEYS = f'[keys]\ncurrent = "k1"\n[keys.ring]\nk1 = "{"7e" * 32}"\n'
Digest = Callable[..., Result]


@pytest.fixture
def ready_folder(tmp_path: Path, ready_sqlite: Path) -> Path:
    """Give the folder of an installation whose database has its tables: to migrate one takes longer than most tests."""
    (tmp_path / "config").mkdir()
    shutil.copy(ready_sqlite, tmp_path / "digest.db")
    return tmp_path


@pytest.fixture
def config(request: pytest.FixtureRequest, ready_folder: Path) -> Path:
    """Give a configuration file with the test file's CONFIG, and keys beside it."""
    file = ready_folder / "config" / "digest.toml"
    file.write_text(request.module.CONFIG, encoding="utf-8")
    (ready_folder / "config" / "secrets.toml").write_text(KEYS, encoding="utf-8")
    return file


@pytest.fixture
def digest(config: Path) -> Digest:
    """Give what runs the command with some words, and with something on its standard input."""

    def run(*words: str | Path, stdin: str | None = None) -> Result:
        return CliRunner().invoke(front_door, ["-c", str(config), *map(str, words)], input=stdin)

    return run
