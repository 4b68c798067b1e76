from __future__ import annotations

from pathlib import Path

import pytest

from digest.configuration import home, load
from digest.data import data_folder
from digest.errors import SettingsError


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "config" / "digest.toml"
    path.parent.mkdir()
    return path


def problems(file: Path, text: str, **environment: str) -> tuple[str, ...]:
    file.write_text(text, encoding="utf-8")
    with pytest.raises(SettingsError) as caught:
        load(file, environment)
    return caught.value.problems


def test_an_empty_file_gives_the_defaults(file: Path) -> None:
    file.write_text("", encoding="utf-8")
    settings = load(file, {})
    assert set(settings.editions) == {"morning", "evening"}
    assert settings.sources == ()
    assert Path(settings.folder) == file.parent.parent


def test_the_example_is_a_valid_configuration_that_says_the_defaults(file: Path) -> None:
    file.write_text((data_folder() / "config" / "digest.example.toml").read_text(encoding="utf-8"), encoding="utf-8")
    settings = load(file, {})
    assert len(settings.sources) >= 5
    assert settings.editions["evening"].follows == "morning"


def test_every_commented_line_of_the_example_is_a_valid_setting_with_its_default(file: Path) -> None:
    text = (data_folder() / "config" / "digest.example.toml").read_text(encoding="utf-8")
    shown = [block for block in text.split("\n\n") if not block.startswith("# [[")]  # a table more, not a default
    lines = "\n\n".join(shown).splitlines()
    plain = [line.removeprefix("# ") if line.startswith("# ") and " = " in line else line for line in lines]
    file.write_text("\n".join(plain), encoding="utf-8")
    with_comments = load(file, {})
    file.write_text(text, encoding="utf-8")
    without = load(file, {})
    assert with_comments.fetch == without.fetch
    assert with_comments.editions == without.editions


def test_five_mistakes_are_told_at_once_with_file_line_key_and_what_would_be_right(file: Path) -> None:
    text = """[site]
ulr = "https://paper.example"

[fetch]
connections = "many"

[editions.morning]
title = "Morning Update"
at = "25:00"
days = ["monday"]

[[sources]]
url = "https://paper.example/feed"
"""
    found = problems(file, text)
    assert len(found) == 5
    assert f"{file}:2: site.ulr: unknown key; did you mean 'url'?" in found
    assert any(p.startswith(f"{file}:5: fetch.connections: expected a whole number") for p in found)
    assert any(p.startswith(f"{file}:9: editions.morning.at: expected a time of day such as 06:00") for p in found)
    assert any(p.startswith(f"{file}:10: editions.morning.days") for p in found)
    assert f"{file}:12: sources.0.name: is missing" in found


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('[editions.m]\ntitle = "M"\nzone = "Mars/Olympus"', "expected an IANA time zone"),
        ('[editions.m]\ntitle = "M"\nlanguage = "norwegian"', "expected a language tag (BCP 47)"),
        ('[[sources]]\nname = "A"\nurl = "https://a.example"\nlanguage = "?"', "expected a language tag (BCP 47)"),
        ('[editions.m]\ntitle = "M"\nfollows = "n"', "expected the name of another edition"),
        ('[editions.m]\ntitle = "M"\ndays = []', "expected at least one day"),
        ('[mail]\ntransport = "http://mail.example"', "expected a URL that starts with one of smtp:"),
        ('[mail]\ntransport = "smtps:"', "expected a host"),
        ('[mail]\nsender = "news"', "expected an address"),
        ('[[mail.relays]]\nurl = "http://mx.example"', "mail.relays.0.url: expected a URL that starts with one of"),
        ('[mail]\ntransport = "smtps://a.example"\n[[mail.relays]]\nurl = "smtps://b.example"', "leave it out"),
        ('[mail]\nenvelope_sender = "news"', "mail.envelope_sender: expected news@example.com"),
        ('[[mail.relays]]\nurl = "smtps://a.example"\nenvelope_sender = "{t}@a"', "mail.relays.0.envelope_sender"),
        ('[[mail.relays]]\nurl = "smtps://u@a.example"\n[[mail.relays]]\nurl = "smtps://v@a.example"', "another relay"),
        ('[[mail.domains]]\nname = "a.example"\n[[mail.domains]]\nname = "A.example"', "has limits already"),
        ('[fetch]\nallow_networks = ["10.0.0.0/99"]', "expected networks"),
        ('[[sources]]\nname = "A"\nurl = "ftp://a.example"', "expected an http(s) URL"),
        ('[site]\nurl = "http://paper.example"', "expected https"),
        ('[site]\nurl = "https://paper.example/?a=b"', "no more than a host and a plain path"),
        ('[site]\nurl = "https://paper.example/a b"', "no more than a host and a plain path"),
        ('[site]\nurl = "https://zeitung.exämple"', "in ASCII"),
        ('[site]\nurl = "https://user@paper.example"', "expected an address such as https://letters.example.com"),
        ('[site]\nurl = "https://[::1"', "expected an address such as https://letters.example.com"),
        ('[site]\nurl = "paper.example"', "expected an address such as https://letters.example.com"),
        ('[web]\ntrusted_proxies = ["proxy"]', "expected addresses or networks"),
        ('[embed]\norigins = ["*"]', "expected origins such as"),
        ('[embed]\norigins = ["https://www.example.com/"]', "expected origins such as"),
        ('[editions.morning]\ntitle = "M"\npoll = "Which day?"', "expected two to six answers"),
        ('[editions.morning]\ntitle = "M"\npoll = "Which day?"\npoll_answers = ["One"]', "expected two to six answers"),
        ('[editions.morning]\ntitle = "M"\npoll_answers = ["One", "Two"]', "expected two to six answers"),
        ('[brand]\nimages = "hosted"', "expected site.url beside it"),
        ('[desk]\nhost = "desk.paper.example"', "expected site.url beside it"),
        ('[desk]\nhost = "desk/x"\n[site]\nurl = "https://paper.example"', "expected a host such as desk.example.com"),
        ('[desk]\nhost = "Paper.example"\n[site]\nurl = "https://paper.example"', "expected another host"),
        ('[desk.oidc]\nissuer = "http://press.example"\nclient_id = "x"', "desk.oidc.issuer: expected an https URL"),
        ('[desk.oidc]\nissuer = "https://press.example"', "desk.oidc.client_id: is missing"),
        ('[desk.oidc]\nnew_users = "admin"', "desk.oidc.new_users"),
        ("[web]\nport = 0", "expected a whole number"),
        ('sources = "all"', "sources"),
        ("editions = 3", "editions"),
    ],
)
def test_values_that_cannot_work_are_named(file: Path, text: str, expected: str) -> None:
    found = problems(file, text)
    assert len(found) == 1
    assert expected in found[0]
    assert str(file) in found[0]


@pytest.mark.parametrize(
    "url", ["https://paper.example", "https://paper.example:8443/letters/", "http://127.0.0.1:8080", "http://[::1]"]
)
def test_pages_are_public_by_https_or_on_this_machine(file: Path, url: str) -> None:
    file.write_text(f'[site]\nurl = "{url}"\n[web]\ntrusted_proxies = ["10.0.0.1", "fd00::/8"]', encoding="utf-8")
    assert load(file, {}).site.url == url


def test_the_environment_reaches_into_lists(file: Path) -> None:
    file.write_text('[[mail.relays]]\nurl = "smtps://a.example"\nweight = 3', encoding="utf-8")
    environment = {
        "DIGEST_MAIL__RELAYS__0__URL": "smtps://u:p@a.example",
        "DIGEST_MAIL__RELAYS__1__URL": "smtps://b.example",
    }
    assert [(relay.url, relay.weight) for relay in load(file, environment).mail.relays] == [
        ("smtps://u:p@a.example", 3.0),
        ("smtps://b.example", 1.0),
    ]


def test_the_environment_wins_and_is_blamed_by_its_own_name(file: Path, tmp_path: Path) -> None:
    secret = tmp_path / "transport"
    secret.write_text("smtps://user:word@mail.example\n", encoding="utf-8")
    file.write_text('[mail]\nper_second = 1.0\ntransport = "file:out/"', encoding="utf-8")
    settings = load(file, {"DIGEST_MAIL__PER_SECOND": "2.5", "DIGEST_MAIL__TRANSPORT_FILE": str(secret), "HOME": "/"})
    assert settings.mail.per_second == 2.5
    assert settings.mail.transport == "smtps://user:word@mail.example"
    assert problems(file, "", DIGEST_MAIL__PER_SECOND="fast")[0].startswith("DIGEST_MAIL__PER_SECOND (mail.per_second)")
    assert "cannot be read" in problems(file, "", DIGEST_MAIL__TRANSPORT_FILE=str(tmp_path / "none"))[0]


def test_a_missing_file_says_how_to_make_one(file: Path) -> None:
    with pytest.raises(SettingsError, match="digest init"):
        load(file, {})


def test_what_is_not_toml_is_named_with_its_line(file: Path) -> None:
    assert "line 2" in problems(file, "[site]\nname = nothing\n")[0]


def test_secret_keys_stand_in_a_file_of_their_own(file: Path) -> None:
    file.write_text("", encoding="utf-8")
    key = "ab" * 32
    (file.parent / "secrets.toml").write_text(f'[keys]\ncurrent = "k1"\n[keys.ring]\nk1 = "{key}"', encoding="utf-8")
    assert load(file, {}).keys.ring == {"k1": key}


def test_relative_paths_start_at_the_folder_above_config(tmp_path: Path) -> None:
    assert home(tmp_path / "config" / "digest.toml") == tmp_path
    assert home(tmp_path / "other" / "digest.toml") == tmp_path / "other"


def test_lists_and_tables_in_the_environment_are_json(file: Path) -> None:
    sources = '[{"url": "https://paper.example/feed", "name": "Paper"}]'
    file.write_text("", encoding="utf-8")
    settings = load(
        file,
        {
            "DIGEST_SOURCES": sources,
            "DIGEST_SOURCES__0__SECTION": "sport",
            "DIGEST_FETCH__ALLOW_NETWORKS": '["10.0.0.0/8"]',
            "DIGEST_RANK__OWNERS": '{"Paper": "House"}',
            "DIGEST_SITE": '{"name": "The Paper"}',
            "DIGEST_EDITIONS__MORNING": '{"title": "Early", "days": ["mon", "sat"]}',
            "DIGEST_BRAND__FOOTER": '["The Paper"]',
        },
    )
    assert [(s.name, s.section) for s in settings.sources] == [("Paper", "sport")]
    assert settings.fetch.allow_networks == ("10.0.0.0/8",)
    assert settings.rank.owners == {"Paper": "House"}
    assert settings.site.name == "The Paper"
    assert settings.editions["morning"].days == ("mon", "sat")
    assert settings.brand.footer == '["The Paper"]'


@pytest.mark.parametrize("value", ["10.0.0.0/8", "10.0.0.0/8,fd00::/8", "[10.0.0.0/8]", '"10.0.0.0/8"', ""])
def test_a_list_that_is_no_json_is_named_with_its_variable(file: Path, value: str) -> None:
    (problem,) = problems(file, "", DIGEST_FETCH__ALLOW_NETWORKS=value)
    assert problem.startswith("DIGEST_FETCH__ALLOW_NETWORKS: expected a list or table in JSON")


@pytest.mark.parametrize("name", ["2026.11", "my key", "k" * 21, "schlüssel"])
def test_a_key_whose_name_cannot_stand_in_a_link_is_refused(file: Path, name: str) -> None:
    text = f'[keys]\ncurrent = "{name}"\n[keys.ring]\n"{name}" = "{"5a" * 32}"\n'
    assert any("expected a name of letters, digits" in problem for problem in problems(file, text))


def test_a_sender_that_would_break_a_header_is_refused_by_its_line(file: Path) -> None:
    text = '[mail]\nsender = "Brook Times <news@brook.example>"\nlist_domain = "https://brook.example/"\n'
    first, second = problems(file, text)
    assert ":2: mail.sender: expected the address alone" in first
    assert ":3: mail.list_domain: expected a domain alone" in second


@pytest.mark.parametrize("named", ["own", "{folder}/own"])
def test_templates_are_taken_from_the_folder_of_the_installation_wherever_the_command_runs(
    file: Path, named: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file.write_text(f'[brand]\ntemplates = "{named.format(folder=tmp_path)}"\n', encoding="utf-8")
    monkeypatch.chdir("/")
    assert load(file, {}).brand.templates == str(tmp_path / "own")
