"""An installation saved and restored by command."""

from __future__ import annotations

import json
from pathlib import Path

from click.testing import CliRunner
from tests.cli.conftest import Digest

from digest.cli.main import app as front_door

CONFIG = '[mail]\nsender = "news@quay.example"\n'


def test_what_was_saved_is_restored_in_another_folder_and_nothing_stands_in_the_way(
    digest: Digest, tmp_path: Path
) -> None:
    assert digest("readers", "add", "ada@quay.example").exit_code == 0
    made = json.loads(digest("backup", tmp_path / "backups", "--keep", "3", "--json").stdout)
    assert made["rows"]["readers"] == 1
    there = tmp_path / "there" / "config" / "digest.toml"
    words = ["-c", str(there), "restore", str(tmp_path / "backups")]
    first = CliRunner().invoke(front_door, words)
    assert (first.exit_code, "1 readers get letters" in first.stdout) == (0, True), first.output
    assert there.read_text(encoding="utf-8") == CONFIG
    found = CliRunner().invoke(front_door, ["-c", str(there), "readers", "list", "--json"])
    assert [reader["address"] for reader in json.loads(found.stdout)] == ["ada@quay.example"]
    again = CliRunner().invoke(front_door, words)
    assert (again.exit_code, "--replace" in str(again.exception)) == (1, True)
    assert CliRunner().invoke(front_door, [*words, "--replace"]).exit_code == 0


def test_a_folder_without_a_backup_is_named(digest: Digest, tmp_path: Path) -> None:
    assert "no backup lies there" in str(digest("restore", tmp_path).exception)
