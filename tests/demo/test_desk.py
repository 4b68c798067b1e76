"""The demo's own folder begins anew at each start, and keeps what is not the demo's."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from digest.demo.desk import DATABASE, LETTERS, START, _begin_anew, _running_clock


def test_what_an_earlier_demo_left_is_deleted_and_everything_else_is_kept(tmp_path: Path) -> None:
    (tmp_path / DATABASE).touch()
    (tmp_path / LETTERS).mkdir()
    (tmp_path / LETTERS / "letter.eml").touch()
    (tmp_path / "notes.txt").touch()
    _begin_anew(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["notes.txt"]


def test_the_folder_is_made_for_its_owner_alone(tmp_path: Path) -> None:
    _begin_anew(tmp_path / "demo" / "desk")
    assert (tmp_path / "demo" / "desk").stat().st_mode & 0o077 == 0


def test_the_clock_begins_at_ten_to_six_and_runs() -> None:
    clock = _running_clock()
    first, second = clock(), clock()
    assert START <= first < second < START + timedelta(minutes=1)
