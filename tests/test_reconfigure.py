"""The configuration while a process runs: what changed is told, secrets are not, and ports wait for a restart."""

from __future__ import annotations

import os
from collections.abc import Callable, MutableMapping
from datetime import time
from pathlib import Path
from typing import Any

import pytest
from msgspec import structs

from digest.app import App, open_app
from digest.configuration import load
from digest.errors import SettingsError
from digest.reconfigure import Configuration, at_once, compare
from digest.reloading import Reloader, Rereading
from digest.settings import (
    AlertSettings,
    DatabaseSettings,
    EditionSettings,
    MailSettings,
    MonitorSettings,
    RankSettings,
    RelaySettings,
    Settings,
    SiteSettings,
    SourceSettings,
    WebSettings,
)

TEXT = """
[site]
name = "The Courier"
[editions.morning]
title = "Morning Update"
at = "06:00"
[keys]
current = "k"
[keys.ring]
k = "KEY"
""".replace("KEY", "5a" * 32)
PLAIN = Settings()


def change(**sections: object) -> Settings:
    return structs.replace(PLAIN, **sections)


def told(after: Settings) -> list[str]:
    return [str(each) for each in compare(PLAIN, after)]


def test_a_change_is_told_by_key_with_both_values() -> None:
    morning = structs.replace(PLAIN.editions["morning"], at=time(6, 30))
    after = change(editions={**PLAIN.editions, "morning": morning}, mail=MailSettings(per_hour=100))
    assert told(after) == ["mail.per_hour: 0 -> 100", "editions.morning.at: 06:00:00 -> 06:30:00"]
    assert told(PLAIN) == []


def test_an_edition_or_a_source_that_comes_or_goes_is_told_by_its_name() -> None:
    weekly = EditionSettings(title="Weekly")
    lines = told(change(editions={"morning": PLAIN.editions["morning"], "weekly": weekly}))
    assert "editions.weekly.title: (none) -> Weekly" in lines
    assert "editions.evening.title: Evening Update -> (none)" in lines
    lines = told(change(sources=(SourceSettings(url="https://a.example/feed", name="A"),)))
    assert "sources.A.url: (none) -> https://a.example/feed" in lines


@pytest.mark.parametrize(
    "after",
    [
        change(mail=MailSettings(transport="smtps://user:hush@mail.example.com")),
        change(mail=MailSettings(relays=(RelaySettings(url="smtps://user:hush@mail.example.com"),))),
        change(mail=MailSettings(token_command=("print", "hush"))),
        change(database=DatabaseSettings(url="postgresql://user:hush@db.example/name")),
        change(alerts=AlertSettings(webhook="https://hooks.example/hush")),
        change(keys=structs.replace(PLAIN.keys, current="hush", ring={"k": "hush"})),
    ],
)
def test_what_may_be_a_secret_is_not_told(after: Settings) -> None:
    lines = [line for line in told(after) if "keys.current" not in line]
    assert lines
    assert not any("hush" in line for line in lines)


def test_ports_and_the_database_wait_for_a_restart_and_all_else_does_not() -> None:
    after = change(
        database=DatabaseSettings(url="sqlite:///other.db"),
        web=WebSettings(host="0.0.0.0", port=9000, trusted_proxies=("10.0.0.1",)),  # noqa: S104 - nothing listens
        monitor=MonitorSettings(port=9100),
        site=SiteSettings(name="New", url="https://letters.example.com"),
        rank=RankSettings(sport_quota=2),
    )
    live = at_once(PLAIN, after)
    waiting = {each.key for each in compare(live, after)}
    assert waiting == {"database.url", "web.host", "web.port", "monitor.port", "site.url"}
    assert {each.key for each in compare(PLAIN, after) if each.restart} == waiting
    assert (live.site.name, live.web.trusted_proxies, live.rank.sport_quota) == ("New", ("10.0.0.1",), 2)


def test_pages_may_move_while_they_are_served() -> None:
    before = change(site=SiteSettings(url="https://a.example.com"))
    after = change(site=SiteSettings(url="https://b.example.com"))
    assert at_once(before, after).site.url == "https://b.example.com"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    made = tmp_path / "config" / "digest.toml"
    made.parent.mkdir()
    made.write_text(TEXT, encoding="utf-8")
    return made


def edit(file: Path, before: str, after: str) -> None:
    file.write_text(file.read_text(encoding="utf-8").replace(before, after), encoding="utf-8")
    stamp = file.stat().st_mtime_ns + 10**9  # as after a second, whatever the disk's clock
    os.utime(file, ns=(stamp, stamp))


def test_a_changed_file_is_noticed_when_nobody_writes_it_any_more(file: Path) -> None:
    configuration = Configuration(file, {})
    configuration.load()
    assert not configuration.changed()
    edit(file, "06:00", "06:30")
    assert not configuration.changed()
    assert configuration.changed()
    configuration.load()
    assert not configuration.changed()


@pytest.mark.parametrize("named", ["secrets", "holidays", "variable"])
def test_files_beside_it_are_watched_as_well(file: Path, named: str) -> None:
    secrets, holidays = file.parent / "secrets.toml", file.parent / "holidays.ics"
    value = file.parent / "transport"
    value.write_text("file:outbox/", encoding="utf-8")
    holidays.write_text("BEGIN:VCALENDAR\nEND:VCALENDAR\n", encoding="utf-8")
    edit(file, 'at = "06:00"', 'at = "06:00"\nholidays_file = "config/holidays.ics"')
    configuration = Configuration(file, {"DIGEST_MAIL__TRANSPORT_FILE": str(value)})
    configuration.load()
    {"secrets": secrets, "holidays": holidays, "variable": value}[named].write_text("x = 1\n", encoding="utf-8")
    assert [configuration.changed() for _ in range(2)] == [False, True]


class Service:
    """A process that takes up what it is given."""

    def __init__(self, app: App, file: Path) -> None:
        self.apps: list[App] = []
        self.levels: list[str | None] = []
        self.hung_up = False
        configuration = Configuration(file, {})
        configuration.load()
        reading = Rereading(
            configuration=configuration, asked=self.asked, took=lambda settings: self.levels.append(settings.log.level)
        )
        self.reloader = Reloader(app, reading, self.apps.append)

    def asked(self) -> bool:
        was, self.hung_up = self.hung_up, False
        return was

    def hang_up(self) -> None:
        self.hung_up = True
        self.reloader.tick()


@pytest.fixture
def service(file: Path) -> Any:
    with open_app(load(file, {})) as app:
        yield Service(app, file)


def test_what_changed_takes_effect_and_is_told(
    service: Service, file: Path, logged: list[MutableMapping[str, Any]]
) -> None:
    edit(file, "06:00", "06:30")
    service.hang_up()
    assert service.apps[0].settings.editions["morning"].at == time(6, 30)
    (said,) = logged
    assert said["event"] == "configuration read"
    assert said["changed"] == ["editions.morning.at: 06:00:00 -> 06:30:00"]
    assert service.levels == [None]


def broken_toml(file: Path) -> str:
    edit(file, "[site]", "[site")
    return "digest.toml: not valid TOML"


def unknown_zone(file: Path) -> str:
    edit(file, 'at = "06:00"', 'at = "06:00"\nzone = "Europe/Atlantis"')
    return "digest.toml:7: editions.morning.zone: expected an IANA time zone"


def open_relay(file: Path) -> str:
    edit(file, "[site]", '[mail]\ntransport = "smtp://mail.example.com"\n[site]')
    return "mail.transport: smtp:// sends in clear"


def no_key_file(file: Path) -> str:
    edit(file, "[site]", '[mail]\ndkim_domain = "a.example"\ndkim_selector = "d"\ndkim_key_file = "no.pem"\n[site]')
    return "no.pem"


@pytest.mark.parametrize("mistake", [broken_toml, unknown_zone, open_relay, no_key_file])
def test_a_mistake_is_told_with_its_place_and_changes_nothing(
    mistake: Callable[[Path], str], service: Service, file: Path, logged: list[MutableMapping[str, Any]]
) -> None:
    words = mistake(file)
    service.hang_up()
    service.reloader.tick()
    assert service.apps == []
    (said,) = logged
    assert (said["event"], said["log_level"]) == ("configuration not taken", "error")
    assert words in said["why"]
    file.write_text(TEXT.replace("06:00", "07:00"), encoding="utf-8")
    service.hang_up()
    assert service.apps[0].settings.editions["morning"].at == time(7)


def test_what_needs_a_restart_is_named_until_there_was_one(
    service: Service, file: Path, logged: list[MutableMapping[str, Any]]
) -> None:
    edit(file, "[site]", "[web]\nport = 9000\n[site]")
    service.hang_up()
    service.hang_up()
    waiting = [event["keys"] for event in logged if event["event"] == "restart needed"]
    assert waiting == [["web.port"], ["web.port"]]
    assert service.apps[0].settings.web.port == 8080
    assert [event["changed"] for event in logged if event["event"] == "configuration read"] == [[], []]


def test_a_file_that_is_gone_is_a_mistake(service: Service, file: Path) -> None:
    file.unlink()
    service.hang_up()
    assert service.apps == []
    with pytest.raises(SettingsError, match="no such file"):
        Configuration(file, {}).load()
