"""What ``digest check`` opens and fills: sources, links of a draft, templates of our own and of the operator."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import pytest
from msgspec import structs
from tests.pipeline.conftest import Newsroom

from digest.errors import FetchError, HttpStatus, RefusedAddress, TooSlow
from digest.model.finding import Finding, Level
from digest.model.source import Source
from digest.pipeline.check.check import Doors, check
from digest.settings import AlertSettings, BrandSettings, MailSettings, MonitorSettings, SiteSettings, WebSettings
from digest.web.trial import try_pages


def no_records(_name: str, _kind: str) -> Sequence[str]:
    return ()


def findings(room: Newsroom, doors: Doors | None = None) -> dict[str, Finding]:
    return {found.subject: found for found in check(room.runtime, no_records, doors)}


def test_each_source_that_gives_no_list_is_named(newsroom: Newsroom) -> None:
    def opened(sources: Sequence[Source]) -> Iterator[tuple[Source, str]]:
        yield sources[0], "HTTP status 404"
        yield sources[1], ""

    found = findings(newsroom, Doors(sources=opened))
    assert (found["source Paper 1"].level, found["source Paper 1"].words) == (Level.ERROR, "HTTP status 404")
    assert "source Paper 2" not in found
    well = findings(newsroom, Doors(sources=lambda sources: ((source, "") for source in sources)))
    assert well["sources opened"].words == "all 2 gave a list"


@pytest.mark.parametrize(
    ("error", "level"),
    [
        (HttpStatus("u", 404), Level.ERROR),
        (HttpStatus("u", 410), Level.ERROR),
        (RefusedAddress("u", "no public server"), Level.ERROR),
        (HttpStatus("u", 403), Level.WARNING),
        (TooSlow("u", "the total deadline passed"), Level.WARNING),
    ],
)
def test_links_of_a_draft_that_lead_nowhere_are_errors_and_those_that_did_not_answer_are_told(
    newsroom: Newsroom, error: FetchError, level: Level
) -> None:
    newsroom.compose()
    asked: list[str] = []

    def reached(urls: Sequence[str]) -> Iterable[tuple[str, FetchError | None]]:
        asked.extend(urls)
        return [(url, error if place == 0 else None) for place, url in enumerate(urls)]

    found = findings(newsroom, Doors(links=reached))
    assert found["link of morning/2026-11-23"].level is level
    assert asked[0] in found["link of morning/2026-11-23"].words
    assert len(asked) == len(set(asked)) == 5


def test_links_are_asked_for_drafts_only(newsroom: Newsroom) -> None:
    asked: list[str] = []
    newsroom.freeze()
    findings(newsroom, Doors(links=lambda urls: asked.extend(urls) or ()))  # type: ignore[func-returns-value]
    assert asked == []


def own_template(room: Newsroom, name: str, text: str) -> str:
    file = Path(room.settings.folder) / "own" / name
    file.parent.mkdir(parents=True)
    file.write_text(text, encoding="utf-8")
    brand = structs.replace(room.settings.brand, templates=str(Path(room.settings.folder) / "own"))
    site = SiteSettings(url="https://letters.example.com")
    room.settings = structs.replace(room.settings, brand=brand, site=site)
    return str(file)


WRONG, UNKNOWN = "{% if %}", "{{ nobody.gives.this }}"
"""Templates: a mistake of syntax, and a value that nobody gives."""


@pytest.mark.parametrize(
    ("name", "subject", "text"),
    [
        ("email/morning.html", "templates of morning", WRONG),
        ("email/letter.txt", "templates of evening", WRONG),
        ("email/letter.txt", "templates of evening", UNKNOWN),
        ("email/mail.html", "templates of mails", WRONG),
        ("email/mail.txt", "templates of mails", UNKNOWN),
        ("web/front.html", "templates of pages", WRONG),
        ("web/front.html", "templates of pages", UNKNOWN),
        ("web/privacy.html", "templates of pages", WRONG),
    ],
)
def test_a_broken_template_of_ones_own_is_named_with_its_file(
    newsroom: Newsroom, name: str, subject: str, text: str
) -> None:
    file = own_template(newsroom, name, text)
    found = findings(newsroom, Doors(pages=lambda: try_pages(newsroom.runtime)))
    assert found[subject].level is Level.ERROR
    assert file in found[subject].words


def test_whole_templates_are_filled_for_letters_mails_and_pages(newsroom: Newsroom) -> None:
    own_template(newsroom, "email/unused.txt", "")
    found = findings(newsroom, Doors(pages=lambda: try_pages(newsroom.runtime)))
    subjects = ("templates of morning", "templates of evening", "templates of mails", "templates of pages")
    assert [found[subject].level for subject in subjects] == [Level.OK] * 4


def test_a_configuration_that_holds_a_password_is_for_nobody_else(newsroom: Newsroom, tmp_path: Path) -> None:
    config = tmp_path / "config" / "digest.toml"
    config.parent.mkdir()
    url = "smtps://user:hush@127.0.0.1:9"
    newsroom.settings = structs.replace(newsroom.settings, mail=MailSettings(transport=url))
    config.write_text(f'transport = "{url}"', encoding="utf-8")
    config.chmod(0o644)
    assert findings(newsroom, Doors(config=config))["mode of digest.toml"].level is Level.WARNING
    config.write_text("transport = 'from the environment'", encoding="utf-8")
    assert "mode of digest.toml" not in findings(newsroom, Doors(config=config))


@pytest.mark.parametrize(
    ("web", "url", "level", "words"),
    [
        (WebSettings(host="10.0.0.5"), "https://letters.example.com", Level.WARNING, "the pages are behind a proxy"),
        (WebSettings(), "https://letters.example.com", Level.OK, "a proxy on this machine"),
        (
            WebSettings(host="10.0.0.5", trusted_proxies=("10.0.0.1",)),
            "https://letters.example.com",
            Level.OK,
            "10.0.0.1",
        ),
    ],
)
def test_pages_behind_a_proxy_must_know_it(
    newsroom: Newsroom, web: WebSettings, url: str, level: Level, words: str
) -> None:
    newsroom.settings = structs.replace(newsroom.settings, web=web, site=SiteSettings(url=url))
    found = findings(newsroom)["visitors of the pages"]
    assert found.level is level
    assert words in found.words


def test_figures_that_others_can_reach_and_alerts_that_nobody_gets_are_told(newsroom: Newsroom) -> None:
    assert findings(newsroom)["alerts"].level is Level.WARNING
    monitor = MonitorSettings(host="10.0.0.5", port=9464)
    alerts = AlertSettings(mail=("op@paper.example",))
    newsroom.settings = structs.replace(newsroom.settings, monitor=monitor, alerts=alerts)
    found = findings(newsroom)
    assert found["health and figures"].level is Level.WARNING
    assert "alerts" not in found


@pytest.mark.parametrize(
    ("wordmark", "levels"), [("The Tarrow Herald", {Level.WARNING}), ("The Courier", set()), ("", set())]
)
def test_a_letter_with_three_names_is_warned_of(newsroom: Newsroom, wordmark: str, levels: set[Level]) -> None:
    site = SiteSettings(name="The Courier", url="https://letters.example.com")
    newsroom.settings = structs.replace(newsroom.settings, site=site, brand=BrandSettings(wordmark=wordmark))
    named = {one.level for subject, one in findings(newsroom).items() if subject.startswith("names of morning")}
    assert named == levels
