"""``digest users`` and ``digest log``: who may work at the desk is made by command, and what was done is listed."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from tests.cli.conftest import Digest

from digest.app import open_app
from digest.configuration import load
from digest.people.passwords import Passwords
from digest.pipeline.people.accounts import owner_of_link

CONFIG = '[site]\nurl = "https://paper.example/letters"\n'
PASSWORD = "four quiet herons at noon"


@pytest.fixture
def admin(digest: Digest) -> str:
    """Give the address of the first admin."""
    assert digest("users", "add", "ana@paper.example", "--name", "Ana Silva", "--role", "admin").exit_code == 0
    return "ana@paper.example"


def test_there_is_nobody_at_first(digest: Digest) -> None:
    assert json.loads(digest("users", "list", "--json").stdout) == []


def test_the_first_admin_gets_a_link_that_opens_the_desk(digest: Digest, config: Path) -> None:
    done = digest("users", "add", "ana@paper.example", "--role", "admin")
    (link,) = re.findall(r"^https://paper\.example/letters/desk/welcome/(\S{43})$", done.stdout, re.MULTILINE)
    with open_app(load(config, {})) as app:
        owner = owner_of_link(app.runtime, link)
    assert owner is not None
    assert (owner.name, owner.email, owner.role.name) == ("ana", "ana@paper.example", "ADMIN")


def test_a_user_is_added_with_a_password_from_the_terminal(digest: Digest, config: Path) -> None:
    done = digest("users", "add", "ana@paper.example", "--prompt", stdin=f"{PASSWORD}\n{PASSWORD}\n")
    assert (done.exit_code, "welcome" in done.stdout, PASSWORD in done.output) == (0, False, False)
    with open_app(load(config, {})) as app:
        stored = app.stores.users.find("ana@paper.example")
    assert stored is not None
    assert Passwords().verify(stored.password, PASSWORD).right


def test_a_password_that_may_not_be_chosen_adds_nobody(digest: Digest) -> None:
    assert digest("users", "add", "ana@paper.example", "--prompt", stdin="short\nshort\n").exit_code == 1
    assert json.loads(digest("users", "list", "--json").stdout) == []


def test_without_public_pages_there_is_no_link(digest: Digest, config: Path) -> None:
    config.write_text("", encoding="utf-8")
    assert digest("users", "add", "ana@paper.example").exit_code == 1
    assert json.loads(digest("users", "list", "--json").stdout) == []


def test_users_are_listed_changed_and_kept_out(digest: Digest, admin: str) -> None:
    assert digest("users", "add", "bo@paper.example", "--json").exit_code == 0
    assert digest("users", "role", "bo@paper.example", "admin").exit_code == 0
    assert digest("users", "role", admin, "publisher").exit_code == 0
    assert digest("users", "disable", admin).exit_code == 0
    found = {user["email"]: user for user in json.loads(digest("users", "list", "--json").stdout)}
    assert (found[admin]["role"], found[admin]["disabled"]) == ("publisher", True)
    assert (found["bo@paper.example"]["role"], found["bo@paper.example"]["password"]) == ("admin", False)
    assert "disabled" in digest("users", "list").stdout
    assert digest("users", "enable", admin).exit_code == 0


@pytest.mark.parametrize("words", [("disable",), ("role", "viewer")])
def test_the_last_admin_stays_one(digest: Digest, admin: str, words: tuple[str, ...]) -> None:
    verb, *role = words
    done = digest("users", verb, admin, *role)
    assert done.exit_code == 1
    assert "is the last admin" in str(done.exception)


def test_a_second_user_of_an_address_and_an_unknown_one_are_told(digest: Digest, admin: str) -> None:
    assert "already" in str(digest("users", "add", admin.upper()).exception)
    assert "no user has that address" in str(digest("users", "reset", "cy@paper.example").exception)
    assert "not an e-mail address" in str(digest("users", "add", "cy").exception)
    assert digest("users", "role", admin, "owner").exit_code == 2


def test_a_reset_gives_a_new_link_and_takes_the_password_back(digest: Digest, config: Path, admin: str) -> None:
    with open_app(load(config, {})) as app:
        found = app.stores.users.find(admin)
        assert found is not None
        app.stores.users.set_password(found.user.id, "hash")
        app.stores.users.set_totp(found.user.id, "sealed", 0, ["code"])
    assert "/desk/welcome/" in json.loads(digest("users", "reset", admin, "--json").stdout)["link"]
    (user,) = json.loads(digest("users", "list", "--json").stdout)
    assert (user["password"], user["second_factor"]) == (False, True)
    digest("users", "reset", admin, "--second-factor")
    (user,) = json.loads(digest("users", "list", "--json").stdout)
    assert user["second_factor"] is False


def test_the_log_says_who_changed_whom(digest: Digest, admin: str) -> None:
    digest("users", "add", "bo@paper.example")
    digest("users", "disable", "bo@paper.example")
    entries = json.loads(digest("log", "--json").stdout)
    assert [(entry["what"], entry["about"]["user"]) for entry in entries] == [
        ("user added", admin),
        ("user added", "bo@paper.example"),
        ("user disabled", "bo@paper.example"),
    ]
    assert all(entry["who"].startswith("command line") for entry in entries)
    assert "user disabled (user: bo@paper.example)" in digest("log", "--last", "1").stdout
    assert json.loads(digest("log", "--user", admin, "--json").stdout) == []
    assert json.loads(digest("log", "--since", "2099-01-01", "--json").stdout) == []
    assert digest("log", "--since", "yesterday").exit_code == 2


WITHOUT = """
import importlib.abc, importlib.util, sys

GONE = {"argon2", "authlib", "joserfc", "pyotp", "segno", "webauthn"}
found = importlib.util.find_spec

class Missing(importlib.abc.MetaPathFinder):
    def find_spec(self, name, path, target=None):
        if name.partition(".")[0] in GONE:
            raise ModuleNotFoundError(name)

sys.meta_path.insert(0, Missing())
importlib.util.find_spec = lambda name, package=None: None if name in GONE else found(name, package)
"""
"""Makes the libraries of the extra ones that are not installed."""


def test_without_the_extra_the_commands_say_what_to_install_and_the_pages_are_served(config: Path) -> None:
    arguments = ["digest", "-c", str(config), "users", "list"]
    command = f"{WITHOUT}\nfrom digest.cli.main import run\nsys.argv = {arguments!r}\nrun()"
    done = subprocess.run([sys.executable, "-c", command], capture_output=True, text=True, check=False)  # noqa: S603 - ours
    assert done.returncode == 1
    assert "pip install 'digest-press[desk]'" in done.stderr
    serve = f"""{WITHOUT}
from digest.app import open_app
from digest.configuration import load
from digest.web.site import public_site
from pathlib import Path
with open_app(load(Path({str(config)!r}), {{}})) as app:
    public_site(app.runtime)
print("served")
"""
    done = subprocess.run([sys.executable, "-c", serve], capture_output=True, text=True, check=False)  # noqa: S603 - ours
    assert done.stdout == "served\n", done.stderr


def test_what_answers_help_loads_none_of_the_desks_libraries() -> None:
    program = (
        "import sys\nfrom digest.cli.main import app\n"
        "try:\n    app(['--help'], standalone_mode=False)\nexcept SystemExit:\n    pass\n"
        "import digest.cli.users, digest.cli.audit_log, digest.web.site, digest.serve\n"
        "names = {'argon2', 'authlib', 'joserfc', 'pyotp', 'segno', 'webauthn'}\n"
        "print(sorted(names & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)  # noqa: S603 - ours
    assert done.stdout.splitlines()[-1] == "[]"
