"""A block in its own process: a paper's own one, and those that hang, fail, print, or give too much."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.letters.looks import question

from digest.blocks.process import MOST_HTML, ask
from digest.blocks.shape import NoBlock
from digest.data import data_folder

PAPER = """
import os, subprocess, sys, time
from digest.blocks.shape import BlockKind

def tide(ask):
    return {"high": "14:05", "place": ask.options["place"], "title": ask.title}

def hang(ask):
    while True:
        time.sleep(1)

def fail(ask):
    raise KeyError("no such harbour")

def flood(ask):
    return {"text": "x" * 5_000_000}

def shout(ask):
    print("x" * 100_000)
    os.write(1, b"{}")
    return {"secrets": [name for name in os.environ if name.startswith("DIGEST_")]}

def leave(ask):
    os._exit(3)

def stray(ask):
    if os.fork() == 0:
        os.setsid()
        for _ in range(200):
            if not os.path.exists(ask.options["place"] + "/free"):
                time.sleep(0.1)
        open(ask.options["place"] + "/ended", "w").close()
        os._exit(0)
    return {}

def half(ask):
    return {"text": chr(0xD83D)}

def odd(ask):
    return {"when": ask.day}

def nothing(ask):
    return None

HTML = "<p>{{ block.place }}: high water at {{ block.high }}</p>"
TEXT = "{{ block.place }}: {{ block.high }}"
TIDE = BlockKind(value=tide, html=HTML, text=TEXT)
HANG, FAIL, LEAVE, NOTHING, ODD = (BlockKind(value=v, html="x", text="x") for v in (hang, fail, leave, nothing, odd))
FLOOD = BlockKind(value=flood, html="{{ block.text }}", text="x")
SHOUT = BlockKind(value=shout, html="<p>secrets: {{ block.secrets }}</p>", text="x")
LONG = "{% for a in range(90000) %}{% for b in range(90000) %}{% endfor %}{% endfor %}"
LOOP = BlockKind(value=tide, html=LONG, text="x")
SPY = BlockKind(value=tide, html="{{ ask.__class__.__mro__[1].__subclasses__() }}", text="x")
TYPO = BlockKind(value=tide, html="{{ block.hihg }}", text="x")
STRAY = BlockKind(value=stray, html="x", text="x")
HALF = BlockKind(value=half, html="<p>x</p>", text="{{ block.text }}")
PLAIN = {"not": "a kind"}
"""
NAMES = (
    *("tide", "hang", "fail", "leave", "nothing", "odd", "flood", "shout", "loop", "spy", "typo", "plain"),
    *("stray", "half"),
)


@pytest.fixture(scope="module", autouse=True)
def paper(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Install a paper's own package with blocks, as pip would."""
    folder = tmp_path_factory.mktemp("site-packages")
    (folder / "paper_blocks.py").write_text(PAPER, encoding="utf-8")
    about = folder / "paper_blocks-1.0.dist-info"
    about.mkdir()
    points = "".join(f"{name} = paper_blocks:{name.upper()}\n" for name in NAMES)
    (about / "entry_points.txt").write_text(f"[digest.blocks]\n{points}", encoding="utf-8")
    (about / "METADATA").write_text("Metadata-Version: 2.1\nName: paper-blocks\nVersion: 1.0\n", encoding="utf-8")
    sys.path.insert(0, str(folder))
    os.environ["DIGEST_KEYS__RING__K"] = "secret"
    yield
    del os.environ["DIGEST_KEYS__RING__K"]
    sys.path.remove(str(folder))


def asked(kind: str, seconds: float = 20.0, folders: tuple[str, ...] = ()) -> tuple[str, str] | None:
    ours = (*folders, str(data_folder() / "templates"))
    made = ask(kind, question(title="Tides", options={"place": "Hallby"}), ours, seconds)
    return (made.html, made.text) if made else None


def test_a_papers_own_block_is_asked_and_its_template_filled() -> None:
    assert asked("tide") == ("<p>Hallby: high water at 14:05</p>", "Hallby: 14:05")


def test_a_template_of_the_operators_comes_before_that_of_the_block(tmp_path: Path) -> None:
    (tmp_path / "blocks").mkdir()
    (tmp_path / "blocks" / "tide.html").write_text("<p>{{ ask.title }} &amp; {{ '<b>' }}</p>", encoding="utf-8")
    assert asked("tide", folders=(str(tmp_path),)) == ("<p>Tides &amp; &lt;b&gt;</p>", "Hallby: 14:05")


def test_a_block_with_nothing_to_show_is_none() -> None:
    assert asked("nothing") is None


def test_what_a_block_prints_is_not_taken_for_its_answer_and_it_sees_none_of_our_settings() -> None:
    assert asked("shout") == ("<p>secrets: []</p>", "x")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("kind", "why"),
    [
        ("fail", "KeyError: 'no such harbour'"),
        ("leave", "ended without an answer"),
        ("flood", "more than 200,000 bytes"),
        ("odd", "not plain data"),
        ("spy", "its template fails: access to attribute '__class__'"),
        ("typo", "its template fails: .*hihg"),
        ("plain", "leads to no BlockKind"),
        ("half", "half a character"),
        ("unknown", r"no block is called 'unknown' \(known: line,"),
    ],
)
def test_a_block_that_fails_says_why(kind: str, why: str) -> None:
    with pytest.raises(NoBlock, match=why):
        asked(kind)


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["hang", "loop"])
def test_a_block_or_a_template_that_hangs_is_ended(kind: str) -> None:
    with pytest.raises(NoBlock, match=r"longer than 1\.5 seconds"):
        asked(kind, seconds=1.5)


@pytest.mark.slow
def test_a_process_that_a_block_leaves_behind_holds_nobody_up(tmp_path: Path) -> None:
    with pytest.raises(NoBlock, match=r"longer than 1\.5 seconds"):
        ask("stray", question(options={"place": str(tmp_path)}), (), 1.5)
    assert not (tmp_path / "ended").exists()
    (tmp_path / "free").touch()


def test_a_block_of_some_thousand_characters_too_many_is_refused(tmp_path: Path) -> None:
    (tmp_path / "blocks").mkdir()
    (tmp_path / "blocks" / "tide.html").write_text("x" * (MOST_HTML + 1), encoding="utf-8")
    with pytest.raises(NoBlock, match="12,001 characters of HTML"):
        asked("tide", folders=(str(tmp_path),))


@pytest.mark.slow
def test_the_block_of_the_how_to_is_made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    page = Path(__file__).parents[2] / "docs" / "howto" / "blocks.md"
    (program,) = re.findall(r"```python\n(.*?)```", page.read_text(encoding="utf-8"), re.DOTALL)
    (tmp_path / "herald_tides.py").write_text(program, encoding="utf-8")
    about = tmp_path / "herald_tides-1.0.dist-info"
    about.mkdir()
    (about / "entry_points.txt").write_text("[digest.blocks]\ntides = herald_tides:KIND\n", encoding="utf-8")
    (about / "METADATA").write_text("Metadata-Version: 2.1\nName: herald-tides\nVersion: 1.0\n", encoding="utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    made = ask("tides", question(data=b"2026-11-23 14:05"), [str(data_folder() / "templates")], 20)
    assert made is not None
    assert made.html == '<h2 class="label">High water</h2><p>14:05</p>'
    assert made.text == "High water\n----------\n\n14:05"
    with pytest.raises(NoBlock, match="has no line for 2026-11-23"):
        ask("tides", question(data=b""), [], 20)
