from __future__ import annotations

from pathlib import Path

import pytest

from digest.data import data_folder
from digest.errors import TemplateError
from digest.render.environment import FILLED, environment, fill, require


def operators_folder(tmp_path: Path, name: str, text: str) -> str:
    file = tmp_path / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")
    return str(tmp_path)


def test_the_data_folder_holds_the_letters_templates() -> None:
    assert (data_folder() / "templates" / "email" / "base.html").is_file()


def test_a_template_of_the_operator_stands_before_ours(tmp_path: Path) -> None:
    folder = operators_folder(tmp_path, "email/letter.txt", "mine")
    assert fill(environment(folder), "email/letter.txt") == "mine"


def test_values_are_escaped_in_html_and_not_in_text(tmp_path: Path) -> None:
    operators_folder(tmp_path, "a.txt", "{{ x }}")
    door = environment(operators_folder(tmp_path, "a.html", "{{ x }}"))
    assert fill(door, "a.html", x="<b>") == "&lt;b&gt;"
    assert fill(door, "a.txt", x="<b>") == "<b>"


def test_a_mistake_in_a_template_is_told_with_file_and_line(tmp_path: Path) -> None:
    door = environment(operators_folder(tmp_path, "email/a.html", "one\n{% if %}\n"))
    with pytest.raises(TemplateError, match=r"email/a\.html, line 2: Expected an expression"):
        fill(door, "email/a.html")


def test_a_name_that_is_not_given_is_told_with_file_and_line(tmp_path: Path) -> None:
    operators_folder(tmp_path, "part.html", "\n\n{{ letter.nothing.more }}")
    door = environment(operators_folder(tmp_path, "a.html", "one\n{% include 'part.html' %}"))
    with pytest.raises(TemplateError, match=r"part\.html, line 3: .*nothing"):
        fill(door, "a.html", letter=object())


def test_a_template_that_is_missing_is_named(tmp_path: Path) -> None:
    door = environment(operators_folder(tmp_path, "a.html", "{% include 'b.html' %}"))
    with pytest.raises(TemplateError, match=r"b\.html: no such template \(needed by a\.html\)"):
        fill(door, "a.html")


def test_a_folder_that_is_missing_is_named() -> None:
    with pytest.raises(TemplateError, match="/nowhere: no such folder"):
        environment("/nowhere")


@pytest.mark.parametrize(
    "attack",
    ["{{ x.__class__.__mro__ }}", "{{ ''.__class__.__base__.__subclasses__() }}", "{{ names.append('x') }}"],
)
def test_a_template_gets_at_nothing_but_its_values(tmp_path: Path, attack: str) -> None:
    door = environment(operators_folder(tmp_path, "a.html", attack))
    with pytest.raises(TemplateError, match="line 1"):
        fill(door, "a.html", x="", names=["a"])


OURS = sorted(
    file.relative_to(data_folder() / "templates").as_posix()
    for folder in ("email", "web")
    for file in (data_folder() / "templates" / folder).rglob("*")
    if file.name.endswith(FILLED)
)


def test_every_template_of_ours_compiles() -> None:
    door = environment(filters=dict.fromkeys(("heading", "lines", "shown", "turned"), str))
    for name in OURS:
        door.get_template(name)
    assert len(OURS) > 20


def test_of_the_operators_templates_those_of_a_folder_must_compile(tmp_path: Path) -> None:
    operators_folder(tmp_path, "web/notes.md", "{% if %}")
    operators_folder(tmp_path, "email/a.html", "{% if %}")
    folder = operators_folder(tmp_path, "web/unused.css", "one\n{% if %}\n")
    require(environment(), "web/", None)
    with pytest.raises(TemplateError, match=r"web/unused\.css, line 2: Expected an expression"):
        require(environment(folder), "web/", folder)
    with pytest.raises(TemplateError, match=r"email/a\.html, line 1: "):
        require(environment(folder), "email/", folder)


def test_environments_share_what_is_compiled_and_see_a_change(tmp_path: Path) -> None:
    folder = operators_folder(tmp_path, "email/a.html", "one")
    first, second = environment(folder), environment(folder)
    shared = [door.get_template("email/a.html").root_render_func.__code__ for door in (first, second)]
    assert shared[0] is shared[1]
    operators_folder(tmp_path, "email/a.html", "other")
    assert fill(environment(folder), "email/a.html") == "other"
