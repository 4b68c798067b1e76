"""Mails to one person: every kind in every language, as bytes that any receiver reads."""

# ruff: noqa: RUF001 - letters of many scripts are meant

from __future__ import annotations

import email
import email.policy
import tomllib
from datetime import UTC, datetime, timedelta, timezone
from email.message import EmailMessage
from typing import get_args

import pytest
from lxml import html as lxml_html

from digest.data import data_folder
from digest.deliver.message.splice import ReaderFields, prepare
from digest.errors import TemplateError
from digest.model.letter import Letter, Slot
from digest.render.mail import HOURS, PLACES, Kind, MailText, OfferedLetter, mail_letter, write_mail
from digest.settings import BrandSettings, MailSettings, SiteSettings

DATE = datetime(2026, 11, 23, 6, 0, tzinfo=timezone(timedelta(hours=1)))
SITE = SiteSettings(name="The Lindau Courier", url="https://letters.example/", postal_address="1 Street\nLindau")
MAIL = MailSettings(sender="news@lindau.example", reply_to="desk@lindau.example")
TOKEN = "-" + "x" * 41 + "_"
KINDS = get_args(Kind)
LANGUAGES = ("en", "de", "fr", "es")
FIELDS = ReaderFields(address="ada@example.org", message_id="m1", unsubscribe="u1", preferences=TOKEN)


def offered(title: str, comes: datetime | None = None) -> OfferedLetter:
    return OfferedLetter(title=title, comes=comes)


BOTH = (offered("Morning Update", DATE + timedelta(days=4)), offered("Evening Update"))


def letter_of(kind: Kind = "confirm", language: str = "en", site: SiteSettings = SITE, **said: object) -> Letter:
    told = {"letters": BOTH if kind == "confirm" else (), "address": "e…@n….example" if kind == "moved" else ""} | said
    text = MailText(kind=kind, language=language, **told)  # type: ignore[arg-type]
    return mail_letter(write_mail(text, site, BrandSettings()), site, MAIL, DATE)


def parsed(letter: Letter) -> EmailMessage:
    raw = prepare(letter).splice(FIELDS)
    message = email.message_from_bytes(raw, policy=email.policy.default)
    assert isinstance(message, EmailMessage)
    assert message.defects == []
    return message


def parts(message: EmailMessage) -> tuple[str, str]:
    text, html = (message.get_body((kind,)) for kind in ("plain", "html"))
    assert text is not None
    assert html is not None
    return text.get_content().replace("\r\n", "\n"), html.get_content()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_reads_well_in_every_language(kind: Kind, language: str) -> None:
    message = parsed(letter_of(kind, language))
    text, html = parts(message)
    assert "The Lindau Courier" in message["Subject"]
    assert "{" not in message["Subject"] + text
    shown = lxml_html.document_fromstring(html)
    assert (shown.get("lang"), shown.get("dir")) == (language, "ltr")
    links = [a.get("href") for a in shown.iter("a")]
    if kind in PLACES:
        assert links == [f"https://letters.example/{PLACES[kind]}/{TOKEN}"]
        assert f"\nhttps://letters.example/{PLACES[kind]}/{TOKEN}\n" in text
        assert f"{HOURS[kind]}\u00a0" in text
    else:
        assert links == []
    assert max(map(len, text.splitlines())) <= 90
    words = set(text.split()) - set(links) - {":"}
    in_html = " ".join(shown.text_content().split())
    assert len([word for word in words if word.strip("=-:") in in_html]) >= 0.9 * len(words)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_language_that_we_speak_lacks_no_phrase(language: str) -> None:
    folder = data_folder() / "templates" / "email" / "locale"
    phrases, english = (tomllib.loads((folder / f"{name}.toml").read_text()) for name in (language, "en"))
    ours = {name for name in english if name.startswith("mail_")} | {"consent"}
    assert ours <= set(phrases)


def test_the_header_is_one_person_s_and_no_list_s() -> None:
    message = parsed(letter_of(language="de"))
    assert message["From"] == "The Lindau Courier <news@lindau.example>"
    assert message["To"] == "ada@example.org"
    assert message["Reply-To"] == "desk@lindau.example"
    assert message["Message-ID"] == "<m1@lindau.example>"
    assert message["Date"].datetime == DATE
    assert message["Auto-Submitted"] == "auto-generated"
    assert not [name for name in message if name.startswith("List-") or name == "Precedence"]


def test_the_same_mail_has_the_same_bytes_and_another_date_changes_the_date_only() -> None:
    first, again = prepare(letter_of()).splice(FIELDS), prepare(letter_of()).splice(FIELDS)
    assert first == again
    assert all(len(line) <= 998 for line in first.split(b"\r\n"))
    assert b"\r\n." not in first
    text = MailText(kind="confirm", language="en", letters=BOTH)
    written = write_mail(text, SITE, BrandSettings())
    later = prepare(mail_letter(written, SITE, MAIL, datetime(2026, 12, 1, tzinfo=UTC))).splice(FIELDS)
    different = [pair for pair in zip(first.split(b"\r\n"), later.split(b"\r\n"), strict=True) if pair[0] != pair[1]]
    assert [one[:5] for one, _ in different] == [b"Date:"]


def test_the_frozen_mail_itself_holds_no_token() -> None:
    letter = letter_of()
    assert Slot.PREFERENCES in letter.segments
    assert "https://letters.example/confirm/\n" in letter.text


def test_names_that_bite_are_shown_and_do_nothing() -> None:
    evil = '<script>alert(1)</script> =?utf-8?q?=0d=0aBcc:_x?= {{7*7}} "\r\nBcc: eve@example.org'
    message = parsed(letter_of(site=SiteSettings(name=evil, url=SITE.url), letters=(offered(evil), offered("B & C"))))
    assert message["Bcc"] is None
    text, html = parts(message)
    assert "49" not in text
    assert "{{7*7}}" in text
    shown = lxml_html.document_fromstring(html)
    assert list(shown.iter("script")) == []
    assert "{{" not in html


def test_a_language_that_nobody_speaks_is_english_and_arabic_runs_the_other_way() -> None:
    assert parsed(letter_of(language="tlh"))["Subject"] == "Confirm your subscription to The Lindau Courier"
    _, html = parts(parsed(letter_of(language="ar")))
    assert lxml_html.document_fromstring(html).get("dir") == "rtl"


def test_a_broken_template_of_the_operator_is_named(tmp_path: object) -> None:
    brand = BrandSettings(templates=f"{tmp_path}/none")
    with pytest.raises(TemplateError, match="none"):
        write_mail(MailText(kind="known", language="en"), SITE, brand)


@pytest.mark.parametrize(
    ("language", "says"),
    [
        ("en", "The next Morning Update comes on Friday, November 27, 2026 at 6:00"),
        ("de", "Die nächste Ausgabe von „Morning Update“ kommt am Freitag, 27. November 2026 um 6 Uhr"),
        ("es", "La próxima carta, Morning Update, llega el viernes, 27 de noviembre de 2026 a las 6:00"),
        ("fr", "La prochaine lettre Morning Update arrive le vendredi 27 novembre 2026 à 06:00"),
        ("pt", "A próxima carta, Morning Update, chega sexta-feira, 27 de novembro de 2026 às 06:00"),
        ("nl", "De volgende Morning Update komt vrijdag 27 november 2026 om 06:00"),
        ("sv", "Nästa Morning Update kommer fredag 27 november 2026 klockan 06:00"),
        ("nb", "Neste Morning Update kommer fredag 27. november 2026 klokken 06:00"),
        ("pl", "Następny list „Morning Update”: piątek, 27 listopada 2026, 06:00."),
        ("ru", "Следующее письмо «Morning Update»: пятница, 27 ноября 2026"),
        ("uk", "Наступний лист «Morning Update»: пʼятниця, 27 листопада 2026"),
        ("tr", "Sonraki Morning Update mektubu: 27 Kasım 2026 Cuma, saat 06:00"),
        ("ar", "تصل الرسالة القادمة من «Morning Update» يوم الجمعة"),
        ("ja", "次の「Morning Update」は2026年11月27日金曜日 6:00にお届けします。"),
        ("zh", "下一期《Morning Update》将于2026年11月27日星期五 06:00 送达。"),
    ],
)
def test_the_confirmation_says_when_the_next_letter_comes(language: str, says: str) -> None:
    text, html = parts(parsed(letter_of(language=language)))
    on_one_line = " ".join(text.split())
    assert says in on_one_line
    assert says in " ".join(lxml_html.document_fromstring(html).text_content().split())
    assert "{" not in on_one_line
