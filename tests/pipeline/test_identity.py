"""An edition's own look and sender, its logo and its stories' pictures, from the settings to the frozen letter."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from msgspec import structs
from PIL import Image as Drawing

from digest.model.article import Image
from digest.model.edition import Edition, Place
from digest.model.finding import Level
from digest.pipeline.check.check import check
from digest.pipeline.editions.lead_picture import fetch_pictures, hung_beside, stored_logo
from digest.pipeline.proofs.rebuild import rebuild
from digest.pipeline.sending.letters import corrected, letter_of
from digest.settings import IdentitySettings
from digest.storage.retention import Retention


def picture(size: tuple[int, int]) -> bytes:
    out = io.BytesIO()
    Drawing.linear_gradient("L").resize(size).convert("RGB").save(out, "PNG")
    return out.getvalue()


@pytest.fixture
def newsroom(newsroom: Any, tmp_path: Any) -> Any:
    newsroom.settings = structs.replace(
        newsroom.settings,
        folder=str(tmp_path),
        site=structs.replace(newsroom.settings.site, url="https://news.example"),
        mail=structs.replace(newsroom.settings.mail, sender="news@paper.example"),
    )
    return newsroom


def header_of(newsroom: Any, key: Any) -> bytes:
    letter = newsroom.stores.archive.letter(key)
    return b"".join(part for part in letter.segments if isinstance(part, bytes)).partition(b"\r\n\r\n")[0]


def test_a_frozen_letter_has_its_editions_sender_and_is_made_again_with_it(newsroom: Any) -> None:
    newsroom.change(brand=IdentitySettings(sender="am@paper.example", wordmark="AM", accent="#1f4d3a"))
    newsroom.freeze()
    key = newsroom.due().key
    assert b"<am@paper.example>" in header_of(newsroom, key)
    newsroom.change(brand=IdentitySettings(wordmark="PM"))
    assert rebuild(newsroom.runtime, str(key)).difference == ""


def test_a_letter_that_nobody_has_is_frozen_again_when_its_own_sender_is_corrected(newsroom: Any) -> None:
    newsroom.freeze()
    row = newsroom.stores.editions.get(newsroom.due().key)
    assert not corrected(newsroom.runtime, row)
    newsroom.change(brand=IdentitySettings(sender="am@paper.example"))
    assert corrected(newsroom.runtime, row)
    assert b"<am@paper.example>" in header_of(newsroom, row.key)


def test_a_logo_is_served_by_us_and_stays_as_long_as_its_letter(newsroom: Any, tmp_path: Any) -> None:
    (tmp_path / "logo.png").write_bytes(picture((400, 100)))
    newsroom.change(brand=IdentitySettings(logo="logo.png", logo_alt="The Paper"))
    newsroom.freeze()
    shown = stored_logo(newsroom.runtime, "logo.png")
    html = newsroom.stores.archive.letter(newsroom.due().key).html
    assert f'src="https://news.example/pictures/{shown.name}.png"' in html
    assert 'alt="The Paper"' in html
    (tmp_path / "logo.png").unlink()
    assert sum(Retention(newsroom.stores.database).pictures(newsroom.now + timedelta(days=90), dry=False)) == 0
    assert newsroom.stores.pictures.data(shown.name).startswith(b"\x89PNG")


@pytest.mark.parametrize("data", [b"", b"<svg/>", None])
def test_a_logo_that_cannot_be_shown_leaves_the_wordmark_and_the_check_says_so(
    newsroom: Any, tmp_path: Any, data: bytes | None
) -> None:
    if data is not None:
        (tmp_path / "logo.png").write_bytes(data)
    newsroom.change(brand=IdentitySettings(logo="logo.png", wordmark="The Morning"))
    html = letter_of(newsroom.runtime, newsroom.compose().edition).html
    assert "<img" not in html
    assert ">The Morning</h1>" in html
    found = {one.subject: one for one in check(newsroom.runtime, lambda _name, _kind: ())}
    assert found["logo"].level is Level.ERROR


def illustrated(newsroom: Any) -> Edition:
    """Return today's edition, whose stories told in full each name a picture of their own."""
    edition: Edition = newsroom.compose().edition
    items = tuple(
        replace(
            item, image=Image(url=f"https://paper.example/{number}.png", caption="The quay. Photo: Ida", credit="Ida")
        )
        for number, item in enumerate(edition.items)
    )
    return replace(edition, items=items)


def test_as_many_top_stories_as_the_setting_says_show_their_picture(newsroom: Any) -> None:
    newsroom.change(brand=IdentitySettings(images="hosted", story_pictures=2))
    edition, asked = illustrated(newsroom), []

    def web(url: str) -> bytes:
        asked.append(url)
        return picture((1200, 800))

    fetch_pictures(replace(newsroom.runtime, picture=web), edition)
    top = [item for item in edition.items if item.place is Place.TOP][:2]
    assert len(asked) == 3
    assert set(hung_beside(newsroom.stores, newsroom.settings, edition)) == {item.anchor for item in top}
    letter = letter_of(newsroom.runtime, edition)
    assert letter.html.count("<img") == 3
    assert letter.html.count('alt="The quay."') == 3
    assert letter.html.count("The quay. Picture: Ida") == 3
    assert letter.text.count("[The quay. Picture: Ida]") == 3


def test_the_check_reads_the_records_of_every_senders_domain(newsroom: Any) -> None:
    records = {
        ("_dmarc.paper.example", "TXT"): ("v=DMARC1; p=reject",),
        ("default._bimi.paper.example", "TXT"): ("v=BIMI1; l=https://paper.example/l.svg",),
    }
    newsroom.settings = structs.replace(
        newsroom.settings, mail=structs.replace(newsroom.settings.mail, transport="smtp://127.0.0.1:9")
    )
    newsroom.change(brand=IdentitySettings(sender="am@letters.paper.example"))
    found = {one.subject: one for one in check(newsroom.runtime, lambda name, kind: records.get((name, kind), ()))}
    assert found["avatar of paper.example"].words.startswith("by BIMI")
    assert "DMARC of letters.paper.example" in found
    assert "avatar of letters.paper.example" in found
