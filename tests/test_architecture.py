"""The house holds: imports go down only, rooms do not know each other, the world is touched in one file each."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from functools import cache

import pytest
from tests.source import parsed, statements, texts, trees

ROOMS = (
    "fetch",
    "extract",
    "summarise",
    "rank",
    "edition",
    "render",
    "blocks",
    "pictures",
    "deliver",
    "readers",
    "people",
    "alerts",
    "webhooks",
    "storage",
)
FLOORS = (
    ("errors", "logs", "__version__"),
    ("model", "settings", "data", "private_files", "bookkeeping"),
    ("text",),
    ROOMS,
    ("pipeline",),
    (
        "app",
        "configuration",
        "environment",
        "public_addresses",
        "identity_problems",
        "settings_problems",
        "reconfigure",
        "notify",
    ),
    ("demo", "web"),
    ("crew",),
    ("serve", "machines", "monitoring", "reloading"),
    ("cli",),
)
"""From the ground up: a module imports from its own floor (if it is not a room) and from those below."""
STOREYS = {
    "deliver": (("protocol", "message"), ("ledger", "pacing"), ("transports", "dns"), ("run",)),
    "pipeline": (
        ("",),
        ("gathering", "check", "people"),
        ("editions",),
        ("sending",),
        ("readers", "proofs", "keeping", "operations", "webhooks"),
    ),
}
"""The same inside a large room, by its packages; "" is what lies beside them."""
DOORS = {
    "httpx": {"fetch/client.py", "fetch/transport.py", "people/oidc.py"},
    "httpcore": {"fetch/transport.py"},
    "trafilatura": {"extract/running_text.py"},
    "jinja2": {"render/*", "blocks/template.py"},
    "premailer": {"render/*"},
    "smtplib": set(),
    "asyncio": {"deliver/*", "demo/sink.py", "crew/cluster.py"},
    "sqlalchemy": {"storage/*"},
    "alembic": {"storage/*"},
    "apscheduler": {"crew/threads.py"},
    "procrastinate": {"crew/cluster.py"},
    "dns": {"deliver/dns/domain.py"},
    "imaplib": {"readers/imap.py"},
    "starlette": {"web/*"},
    "uvicorn": {"web/listen.py"},
    "prometheus_client": {"web/metrics.py"},
    "PIL": {"pictures/*"},
    "argon2": {"people/passwords.py"},
    "authlib": {"people/oidc.py"},
    "joserfc": {"people/oidc.py"},
    "pyotp": {"people/codes.py"},
    "segno": {"people/codes.py"},
    "webauthn": {"people/passkeys.py"},
}
"""Foreign library -> the only files (or room) that import it."""
MOST_LINES = 400


@cache
def imports(tree: ast.Module) -> tuple[str, ...]:
    return tuple(_imports(tree))


def _imports(tree: ast.Module) -> Iterator[str]:
    for node in statements(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def floor_of(name: str) -> int:
    return next(level for level, floor in enumerate(FLOORS) if name in floor)


def test_every_module_stands_on_a_floor() -> None:
    known = {name for floor in FLOORS for name in floor}
    found = {file.split("/")[0].removesuffix(".py") for file in texts()} - {"__init__"}
    assert found <= known


def test_imports_go_down_only_and_rooms_do_not_import_each_other() -> None:
    wrong = []
    for file, tree in trees().items():
        here = file.split("/")[0].removesuffix(".py")
        if here == "__init__":
            continue
        for name in imports(tree):
            if not name.startswith("digest."):
                continue
            there = name.split(".")[1]
            if there == here:
                continue
            if floor_of(there) > floor_of(here) or (there in ROOMS and here in ROOMS):
                wrong.append(f"{file} imports {name}")
    assert wrong == []


@pytest.mark.parametrize("room", sorted(STOREYS))
def test_imports_inside_a_large_room_go_down_only(room: str) -> None:
    level = {package: storey for storey, packages in enumerate(STOREYS[room]) for package in packages}

    def package_of(parts: list[str]) -> str:
        return parts[1] if len(parts) > 1 and parts[1] in level else ""

    wrong = [
        f"{file} imports {name}"
        for file, tree in trees().items()
        if file.startswith(f"{room}/") and file != f"{room}/__init__.py"
        for name in imports(tree)
        if name.startswith(f"digest.{room}.")
        and level[package_of(name.split(".")[1:])] > level[package_of(file.removesuffix(".py").split("/"))]
    ]
    assert wrong == []


def allowed(file: str, doors: set[str]) -> bool:
    return file in doors or f"{file.split('/', maxsplit=1)[0]}/*" in doors


@pytest.mark.parametrize("library", sorted(DOORS))
def test_what_touches_the_world_is_imported_in_one_place(library: str) -> None:
    wrong = [
        file
        for file, tree in trees(library).items()
        if any(name == library or name.startswith(f"{library}.") for name in imports(tree))
        and not allowed(file, DOORS[library])
    ]
    assert wrong == []


def test_only_app_asks_what_time_it_is() -> None:
    clocks = {"now", "today", "utcnow"}
    wrong = [
        f"{file}:{node.lineno}"
        for file, tree in trees(*(f"{clock}(" for clock in sorted(clocks))).items()
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in clocks
        and isinstance(node.func.value, ast.Name)
        and node.func.value.id in {"datetime", "date"}
        and file != "app.py"
    ]
    assert wrong == []


def test_no_module_is_a_hall() -> None:
    """Comments and line breaks do not count. No module is longer without them."""
    long = [file for file, text in texts().items() if "migrations" not in file and lines(text) > MOST_LINES]
    assert [file for file in long if lines(ast.unparse(parsed(file))) > MOST_LINES] == []


def lines(text: str) -> int:
    return len(text.splitlines())


@pytest.mark.slow
def test_what_sends_letters_does_not_load_what_only_the_check_asks_with() -> None:
    program = (
        "import sys, digest.pipeline.sending.send, digest.pipeline.sending.tick; print('dns.resolver' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)  # noqa: S603 - ours
    assert done.stdout.split() == ["False"]
