"""A story that cannot be rendered costs itself when its edition is frozen; a broken template is no story's fault."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from msgspec import structs
from sqlalchemy import update
from tests.pipeline.conftest import Newsroom

from digest.data import data_folder
from digest.errors import TemplateError
from digest.model.delivery import DeliveryState
from digest.model.edition import EditionState
from digest.model.life import Move
from digest.pipeline.readers.enrol import Subscription, subscribe
from digest.pipeline.sending.freezing import frozen
from digest.pipeline.sending.letters import corrected
from digest.storage.editions import StoredEdition
from digest.storage.schema.mailing import deliveries


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
    letter = newsroom.stores.letters.get(row.id)
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


def corrected_sender(newsroom: Newsroom) -> StoredEdition:
    subscribe(newsroom.stores, newsroom.now, Subscription(address="ada@reader.example", editions=("morning",)))
    row = freeze(newsroom)
    mail = structs.replace(newsroom.settings.mail, sender="post@wendle.example", reply_to="desk@wendle.example")
    newsroom.settings = structs.replace(newsroom.settings, mail=mail)
    return row


def header(newsroom: Newsroom, row: StoredEdition) -> bytes:
    letter = newsroom.stores.letters.get(row.id)
    assert letter is not None
    return b"".join(part for part in letter.segments if isinstance(part, bytes)).partition(b"\r\n\r\n")[0]


def test_a_letter_that_nobody_has_is_frozen_anew_after_its_sender_was_corrected(newsroom: Newsroom) -> None:
    row = corrected_sender(newsroom)
    assert b"<post@wendle.example>" not in header(newsroom, row)
    assert corrected(newsroom.runtime, row)
    assert b"<post@wendle.example>" in header(newsroom, row)
    assert b"Reply-To: desk@wendle.example" in header(newsroom, row)
    again = newsroom.stores.editions.get(row.key)
    assert again is not None
    assert (again.state, again.audience) == (EditionState.SENDING, row.audience)
    assert not corrected(newsroom.runtime, again)


@pytest.mark.parametrize("state", [DeliveryState.ACCEPTED, DeliveryState.UNCERTAIN, DeliveryState.ATTEMPTING])
def test_a_letter_that_somebody_has_or_may_have_stays_as_it_is(newsroom: Newsroom, state: DeliveryState) -> None:
    row = corrected_sender(newsroom)
    with newsroom.stores.database.write() as connection:
        connection.execute(update(deliveries).values(state=state.value))
    before = header(newsroom, row)
    assert not corrected(newsroom.runtime, row)
    assert header(newsroom, row) == before
