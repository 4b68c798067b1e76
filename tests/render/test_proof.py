"""What a proofreader finds in a letter: nothing in ours, and each mistake that a template can make, with what to do."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from tests.letters.editions import BRAND, MAIL, SITE, Sample, full_morning, samples

from digest.model.edition import Edition
from digest.model.letter import Letter, Slot
from digest.model.story import Bullet
from digest.render.letter import render
from digest.render.proof import Weight, proofread

DATE = datetime(2026, 11, 23, 5, tzinfo=UTC)


def letter() -> Letter:
    return render(full_morning(), None, SITE, BRAND, MAIL, date=DATE)


def found(changed: Letter, edition: Edition | None = None) -> str:
    return "\n".join(f"{f.weight.value}: {f.words}" for f in proofread(changed, edition or full_morning()))


@pytest.mark.parametrize("sample", samples(), ids=lambda sample: sample.name)
def test_nothing_has_to_be_mended_in_our_letters(sample: Sample) -> None:
    made = render(sample.edition, sample.earlier, SITE, BRAND, MAIL, date=DATE)
    assert [f.words for f in proofread(made, sample.edition) if f.weight is Weight.MEND] == []


@pytest.mark.parametrize(("host", "findings"), [("localhost:8080", 0), ("localhost.example", 1)])
def test_a_trial_on_one_machine_has_pictures_without_https(host: str, findings: int) -> None:
    made = letter()
    picture = f'<img src="http://{host}/pictures/a.jpg" alt="" width="1" height="1"></body>'
    said = found(replace(made, html=made.html.replace("</body>", picture)))
    assert said.count("https address") == findings


@pytest.mark.parametrize(
    ("element", "words"),
    [
        (
            '<img src="https://x.example/a.jpg" width="1" height="1">',
            "mend: The picture “https://x.example/a.jpg” has no alt",
        ),
        ('<img src="http://x.example/a.jpg" alt="" width="1" height="1">', "has no https address"),
        ('<img src="https://x.example/a.jpg" alt="">', "has no width and height"),
        ('<a href="">here</a>', "The link “here” leads nowhere"),
        ('<a href="#">here</a>', "The link “here” leads nowhere"),
        ('<a href="#nowhere">here</a>', "leads to #nowhere, which is not in the letter"),
        ('<a href="/archive">here</a>', "leads to “/archive”: a letter needs whole addresses"),
        ("<script>1</script>", "holds a script element"),
        ('<a href="javascript:x()">here</a>', "A a element has active content in href"),
        ('<p onclick="x()">here</p>', "A p element has active content in onclick"),
        (
            '<p style="color:#888888">pale</p>',
            "“pale” in the light colours has #888888 on #f3f1ec, a contrast of 3.1 to 1",
        ),
        ('<p style="color:red">red</p>', "The colour of “red” in the light colours cannot be read"),
    ],
)
def test_a_mistake_in_the_html_is_named_with_what_to_do(element: str, words: str) -> None:
    html = letter().html
    assert words not in found(letter())
    assert words in found(replace(letter(), html=html.replace("</body>", f"{element}</body>")))


def test_a_place_in_the_letter_may_be_linked_to() -> None:
    anchored = letter().html.replace("</body>", '<p id="end">.</p><a href="#end">end</a></body>')
    assert "#end" not in found(replace(letter(), html=anchored))


def test_text_that_is_dark_on_dark_is_found_in_the_dark_only() -> None:
    html = letter().html.replace("</body>", '<p class="card" style="color:#1a202b">words</p></body>')
    assert found(replace(letter(), html=html)).count("in the dark colours has #1a202b") == 1


def test_the_text_part_must_be_there_and_say_what_the_html_says() -> None:
    assert "There is no text part" in found(replace(letter(), text=" \n"))
    assert "leaves something out" in found(replace(letter(), text=letter().text[:2000]))
    assert "shows &amp; where it should show '&'" in found(replace(letter(), text=letter().text + "\n&amp;"))


def test_sizes_are_held_against_gmails_clip() -> None:
    html = letter().html
    assert "mend: The HTML has 10" in found(replace(letter(), html=html + "<!-- -->" * 10_500))
    assert "look: The HTML has 4" in found(replace(letter(), html=html + "<!-- -->" * 2_500))


def test_a_letter_without_a_way_out_is_no_letter() -> None:
    made = letter()
    header, *body = made.segments
    kept = tuple(segment for segment in body if segment is not Slot.UNSUBSCRIBE)
    assert "has no link to leave" in found(replace(made, segments=(header, *kept)))


def test_lengths_are_counted() -> None:
    edition = full_morning()
    assert "The subject has 79 characters" in found(replace(letter(), subject="x" * 79))
    assert "There is no subject" in found(replace(letter(), subject=" "))
    assert "There is no preheader" in found(letter(), replace(edition, preheader=""))
    assert "The preheader has 5 characters" in found(letter(), replace(edition, preheader="Short"))
    assert "says the subject again" in found(letter(), replace(edition, preheader=f"{letter().subject} and more"))
    item = edition.items[0]
    long: Bullet = replace(item.bullets[0], text="word " * 31)
    longer = replace(edition, items=(replace(item, bullets=(long,)), *edition.items[1:]))
    assert "look: One bullet has more than 30 words, the longest 31" in found(letter(), longer)
    assert "more than 30 words" not in found(letter(), edition)


def test_what_must_be_mended_stands_first() -> None:
    weights = [f.weight for f in proofread(replace(letter(), subject="x" * 79, text=""), full_morning())]
    assert weights == [Weight.MEND, Weight.LOOK]
