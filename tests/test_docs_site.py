"""The site of the docs: it builds strictly and offline, and each name of the code that its pages use exists."""

from __future__ import annotations

import ast
import importlib.util
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import digest

ROOT = Path(__file__).resolve().parent.parent
DOCS = ROOT / "docs"
PACKAGE = Path(digest.__file__).parent
ELSEWHERE = re.compile(
    r"""<(?:script|img|link|iframe)\b[^>]*?(?:src|href)=["'](?:https?:)?//[^"']*|url\(["']?(?:https?:)?//"""
)
"""What a browser would load from another host."""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    missing = [name for name in ("sphinx", "myst_parser", "furo") if importlib.util.find_spec(name) is None]
    if missing:
        pytest.skip(f"{', '.join(missing)} not installed: pip install -e '.[docs]'")
    folder = tmp_path_factory.mktemp("site")
    done = subprocess.run(  # noqa: S603 - the line that CONTRIBUTING.md names
        [
            sys.executable,
            "-m",
            "sphinx",
            "-W",
            "--keep-going",
            "-n",
            "-q",
            "-d",
            f"{folder}/cache",
            DOCS,
            f"{folder}/html",
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return folder / "html"


@pytest.mark.slow
def test_the_site_builds_without_a_warning_and_has_every_page(site: Path) -> None:
    pages = {page.relative_to(DOCS).with_suffix(".html") for page in DOCS.rglob("*.md")}
    assert {page for page in pages if not (site / page).is_file()} == set()


@pytest.mark.slow
def test_the_site_loads_nothing_from_other_hosts(site: Path) -> None:
    files = [file for kind in ("html", "css") for file in site.rglob(f"*.{kind}")]
    found = {file.name: ELSEWHERE.findall(file.read_text(encoding="utf-8")) for file in files}
    assert len(files) > len(list(DOCS.rglob("*.md")))
    assert {name: urls for name, urls in found.items() if urls} == {}


def exists(dotted: str) -> bool:
    """Tell whether ``a.b.C.method`` is a module, or something that it defines, below the package."""
    parts, folder = dotted.split("."), PACKAGE
    for number, part in enumerate(parts, start=1):
        if (folder / part).is_dir():
            folder /= part
        elif (file := folder / f"{part}.py").is_file():
            return _defines(ast.parse(file.read_text(encoding="utf-8")).body, parts[number:])
        else:
            return False
    return True


def _defines(body: list[ast.stmt], parts: list[str]) -> bool:
    if not parts:
        return True
    for node in body:
        if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef) and node.name == parts[0]:
            return _defines(node.body, parts[1:])
    return len(parts) == 1 and parts[0] in set(_assigned(body))


def _assigned(body: list[ast.stmt]) -> Iterator[str]:
    for node in body:
        targets = (
            node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.AnnAssign) else []
        )
        yield from (target.id for target in targets if isinstance(target, ast.Name))


def walks() -> list[str]:
    text = (DOCS / "architecture.md").read_text(encoding="utf-8")
    section = text.partition("\n## Walks\n")[2].partition("\n## ")[0]
    return [line for line in section.splitlines() if "─▶" in line and "from ─▶ to" not in line]


def test_each_word_of_the_glossary_names_what_it_is_in_the_code() -> None:
    rows = re.findall(
        r"^\| (?!word|---)(\S.*?) \| .+ \| `digest\.([\w.]+)` \|$",
        (DOCS / "glossary.md").read_text("utf-8"),
        re.MULTILINE,
    )
    assert len(rows) > 25
    assert [word for word, name in rows if not exists(name)] == []
    assert [word for word, _ in rows] == sorted((word for word, _ in rows), key=str.lower)


@pytest.mark.parametrize("walk", walks(), ids=lambda line: line.split("|")[1].strip())
def test_each_stop_of_a_walk_exists(walk: str) -> None:
    stops = re.findall(r"`([\w.]+\.[\w.]+)`", walk.split("|")[2])
    assert len(stops) >= 6
    assert [stop for stop in stops if not exists(stop)] == []


def test_walks_are_drawn_for_the_seven_facts() -> None:
    assert len(walks()) == 7


def test_a_name_that_is_gone_is_seen() -> None:
    assert exists("text.title.clean")
    assert exists("storage.desk.Desk.add")
    assert exists("fetch")
    assert not exists("text.title.gone")
    assert not exists("storage.desk.Desk.gone")
    assert not exists("deliver.gone")


def test_what_a_browser_would_load_from_elsewhere_is_seen() -> None:
    assert ELSEWHERE.search('<script async src="https://cdn.example/a.js">')
    assert ELSEWHERE.search('<link rel="stylesheet" href="//fonts.example/css?family=Inter">')
    assert ELSEWHERE.search("@font-face { src: url(https://fonts.example/inter.woff2) }")
    assert not ELSEWHERE.search('<a href="https://example.com/">a link</a><img src="../_images/letter.png">')
