"""A story that cannot be rendered costs itself when its edition is frozen; a broken template is no story's fault."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from msgspec import structs
from tests.pipeline.conftest import Newsroom

from digest.data import data_folder
from digest.errors import TemplateError
from digest.model.edition import EditionState
from digest.model.life import Move
from digest.pipeline.sending.freezing import frozen
from digest.storage.editions import StoredEdition


def with_template(newsroom: Newsroom, folder: Path, fails_at: str) -> None:
    """Give the letters a template of the operator's own that fails at headlines with these words."""
    shutil.copytree(data_folder() / "templates" / "email", folder / "email")
    letter = folder / "email" / "letter.txt"
    macro = f"{{% macro cut(words) %}}{{{{ 1 // (0 if {fails_at!r} in words else 1) }}}}{{% endmacro %}}"
    letter.write_text(macro + letter.read_text().replace("told.headline", "told.headline ~ cut(told.headline)[:0]"))
    brand = structs.replace(newsroom.settings.brand, templates=str(folder))
    newsroom.settings = structs.replace(newsroom.settings, brand=brand)


def freeze(newsroom: Newsroom, *, approved: bool = False) -> StoredEdition:
    row = newsroom.compose().row
    if approved:
        assert newsroom.stores.editions.move(row.id, Move.APPROVE, newsroom.now)
        row = newsroom.stores.editions.get(row.key) or row
    return frozen(newsroom.runtime, newsroom.due(), row)


@pytest.mark.parametrize("approved", [False, True])
def test_a_story_that_cannot_be_rendered_costs_itself(newsroom: Newsroom, tmp_path: Path, *, approved: bool) -> None:
    with_template(newsroom, tmp_path / "templates", "Otters")
    row = freeze(newsroom, approved=approved)
    assert row.state is EditionState.SENDING
    letter = newsroom.stores.editions.letter(row.id)
    assert letter is not None
    assert "Otters" not in letter.text
    assert "Wendle General" in letter.text
    (item,) = newsroom.stores.quarantine.all()
    assert (item.kind.value, item.error.partition(":")[0]) == ("story", "TemplateError")


def test_an_edition_that_has_too_few_stories_left_is_held(newsroom: Newsroom, tmp_path: Path) -> None:
    newsroom.change(floor=5)
    with_template(newsroom, tmp_path / "templates", "Otters")
    assert freeze(newsroom).state is EditionState.HELD
    assert len(newsroom.stores.quarantine.all()) == 1


def test_a_template_that_is_broken_by_itself_sets_no_story_aside(newsroom: Newsroom, tmp_path: Path) -> None:
    with_template(newsroom, tmp_path / "templates", "Otters")
    letter = tmp_path / "templates" / "email" / "letter.txt"
    letter.write_text("{{ 1 // 0 }}" + letter.read_text())
    with pytest.raises(TemplateError):
        freeze(newsroom)
    assert newsroom.stores.quarantine.all() == ()
