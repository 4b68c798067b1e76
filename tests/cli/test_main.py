"""The front door: every verb is found, none is loaded that was not called, and a typo is told with what is like it."""

from __future__ import annotations

import pkgutil
import subprocess
import sys
from collections.abc import Iterator
from importlib import import_module

import click
from click.testing import CliRunner

from digest import cli
from digest.cli.main import VERBS, app


def reachable(group: click.Group) -> Iterator[click.Command]:
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None
        assert command.name == name
        yield command
        if isinstance(command, click.Group):
            yield from reachable(command)


def test_the_front_door_leads_to_every_command_of_the_house() -> None:
    modules = [import_module(f"digest.cli.{module.name}") for module in pkgutil.iter_modules(cli.__path__)]
    written = {value for module in modules for value in vars(module).values() if isinstance(value, click.Command)}
    assert {command.name for command in written - {app, *reachable(app)}} == set()


def test_the_verbs_stand_in_alphabetical_order() -> None:
    assert list(VERBS) == sorted(VERBS)


def test_a_call_loads_the_module_of_its_own_verb_alone() -> None:
    code = """if True:
        import sys
        from digest.cli.main import VERBS, app
        app(["readers", "--help"], standalone_mode=False)
        print(*sorted(f"digest.cli.{module}" for module in {*VERBS.values()} if f"digest.cli.{module}" in sys.modules))
    """
    shown = subprocess.run(  # noqa: S603 - this very interpreter
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    ).stdout
    assert shown.splitlines()[-1] == "digest.cli.readers"


def test_help_lists_every_verb_with_its_words() -> None:
    shown = CliRunner().invoke(app, ["--help"]).output
    listed = {line.split()[0]: len(line.split()) > 1 for line in shown.partition("Commands:\n")[2].splitlines()}
    assert listed == dict.fromkeys(VERBS, True)


def test_a_mistyped_verb_is_told_with_those_that_are_like_it() -> None:
    wrong = CliRunner().invoke(app, ["snd"])
    assert wrong.exit_code == 2
    assert "'resend', 'send'" in wrong.output
