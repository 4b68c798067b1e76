"""What is logged: as text or JSON on stderr, listed in the docs, and never an address, a token or a password."""

from __future__ import annotations

import ast
import json
import logging
import re
from collections.abc import Iterator

import pytest
from tests.source import PACKAGE, texts, trees

from digest.logs import get_logger, include_libraries, redacted, set_up

PAGE = PACKAGE.parent.parent / "docs" / "logs.md"
METHODS = {"debug", "info", "warning", "error", "exception", "critical", "log"}
ROW = re.compile(r"^\| ([a-z][^|]*?) \| ([^|]*?) \| ([^|]*?) ?\|", re.MULTILINE)
TOKEN = "lk1.2a.abcdefghijklmnopqrstuv23"
MAILED = "Ab3_" * 10 + "xyz"


@pytest.fixture(autouse=True)
def silent() -> Iterator[None]:
    yield
    set_up(None)


def is_log_call(node: ast.AST) -> bool:
    return (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in METHODS
        and ast.unparse(node.func.value) in {"log", "get_logger()"}
    )


def calls() -> Iterator[tuple[str, ast.Call]]:
    for file, tree in trees("log.", "get_logger()").items():
        for node in ast.walk(tree):
            if is_log_call(node):
                assert isinstance(node, ast.Call)
                yield file, node


def in_source() -> set[tuple[str, tuple[str, ...]]]:
    found = set()
    for file, call in calls():
        assert isinstance(call.func, ast.Attribute)
        phrase = call.args[1 if call.func.attr == "log" else 0]
        assert isinstance(phrase, ast.Constant), f"{file}:{call.lineno}: an event is a constant phrase"
        keys = [keyword.arg for keyword in call.keywords]
        assert None not in keys, f"{file}:{call.lineno}: keys are written out, so that they can be listed"
        found.add((str(phrase.value), tuple(sorted(str(key) for key in keys))))
    return found


def in_docs() -> set[tuple[str, tuple[str, ...]]]:
    rows = ROW.findall(PAGE.read_text(encoding="utf-8"))
    listed = {(event, tuple(sorted(re.findall(r"`(\w+)`", keys)))) for event, _, keys in rows if event != "event"}
    return {each for each in listed if not set(each[0]) <= set("- ")}


def test_the_page_lists_every_event_with_its_keys_and_no_other() -> None:
    assert in_docs() == in_source()


def test_every_module_logs_through_the_one_that_decides_the_format() -> None:
    wrong = [
        file
        for file, text in texts().items()
        if file != "logs.py" and re.search(r"import structlog|from structlog", text)
    ]
    assert wrong == []


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("550 5.1.1 <ada.b+c@readers.example>: no such user", "550 5.1.1 <(address)>: no such user"),
        ('refused "ada b"@readers.example', "refused (address)"),
        ("unknown: jörg@bücher.example.", "unknown: (address)"),
        ("see https://paper.example/leave?token=abc&to=ada@b.example now", "see https://paper.example/leave now"),
        ("at https://paper.example/a#ada, gone", "at https://paper.example/a, gone"),
        ("ada%40readers.example bounced", "(address) bounced"),
        ("postgresql+psycopg://user:pa/ss@w@db.example/name is away", "postgresql+psycopg://db.example/name is away"),
        (f"no page /leave/{TOKEN}", "no page /leave/(token)"),
        (f"no page /confirm/{MAILED} today", "no page /confirm/(token) today"),
        ("HTTP status 404", "HTTP status 404"),
        ("resume morning/2026-11-23", "resume morning/2026-11-23"),
        ("robots.txt asks robots to stay away", "robots.txt asks robots to stay away"),
    ],
)
def test_addresses_tokens_logins_and_queries_are_cut_out_of_words(text: str, written: str) -> None:
    assert redacted(text) == written


def test_json_is_a_line_for_each_event_with_its_time_in_utc(capsys: pytest.CaptureFixture[str]) -> None:
    set_up("info", "json")
    get_logger().info(
        "spoke", why="two\nlines of ada@b.example", parts=["bo@b.example"], letters={"accepted": 2}, code=7
    )
    get_logger().debug("whispered")
    out, err = capsys.readouterr()
    assert out == ""
    (said,) = map(json.loads, err.splitlines())
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d+Z", said.pop("timestamp"))
    expected = {"event": "spoke", "level": "info", "why": "two lines of (address)", "parts": ["(address)"]}
    assert said == expected | {"letters": {"accepted": 2}, "code": 7}


def test_text_is_a_line_for_each_event_with_its_time_first(capsys: pytest.CaptureFixture[str]) -> None:
    set_up("debug")
    get_logger().debug("whispered", source=7)
    (line,) = capsys.readouterr().err.splitlines()
    assert re.fullmatch(r"\S+Z \[debug +\] whispered source=7", line)


def test_nothing_is_written_unless_a_level_was_chosen(capsys: pytest.CaptureFixture[str]) -> None:
    set_up(None)
    get_logger().error("cried")
    assert capsys.readouterr() == ("", "")


def test_a_service_writes_what_libraries_complain_of_as_events(capsys: pytest.CaptureFixture[str]) -> None:
    root = logging.getLogger()
    before = list(root.handlers)
    set_up("info", "json")
    include_libraries()
    include_libraries()
    try:
        logging.getLogger("some.library").warning("lost %s", "ada@b.example")
        logging.getLogger("some.library").info("all is well")
    finally:
        root.handlers[:] = before
    (said,) = map(json.loads, capsys.readouterr().err.splitlines())
    assert (said["event"], said["library"], said["why"]) == ("library message", "some.library", "lost (address)")
