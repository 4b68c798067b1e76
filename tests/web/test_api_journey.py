"""Every verb of the API once, in one walk over HTTP: from a CMS's articles to the sent letter and an erased reader."""

from __future__ import annotations

import threading
from dataclasses import replace

from tests.web.api_client import ARTICLE, BODIES, EDITION, PROOF, Program, Told, make_token
from tests.web.conftest import Serve
from tests.web.desks import EditorsDesk
from tests.web.test_api_routes import TABLE

from digest.demo.sink import Sink
from digest.fetch.discovery import FoundSource
from digest.model.source import SourceKind
from digest.pipeline.gathering.report import GatherReport
from digest.pipeline.readers.personal_mails import PersonalMailSender
from digest.pipeline.sending.tick import Ticker
from digest.web.site import public_site

ADA = "ada@reader.example"


class Walk:
    """Fires verbs and notes which rows of the table they were."""

    def __init__(self, program: Program) -> None:
        self._program = program
        self.fired: set[tuple[str, str]] = set()

    def __call__(self, method: str, row: str, body: object = None, status: int = 200, **places: str) -> Told:
        """Fire one verb, and check its status. ``row`` is a path of the table."""
        path, headers = row, {}
        for name, value in {"edition": "morning", "date": "2026-11-23", "problem": "refused", **places}.items():
            path = path.replace(f"{{{name}}}", value)
        if method == "POST":
            headers["Idempotency_Key"] = f"walk-{len(self.fired)}"
        if row.endswith(("/approve", "/send")):
            headers["If_Match"] = str(self._program("GET", EDITION).headers["ETag"])
        told = self._program(method, path, body, **headers)
        assert told.status == status, (method, path, told.status, told.body[:500])
        self.fired.add((method, row))
        return told


def discovered(url: str) -> FoundSource:
    return FoundSource(url=url, kind=SourceKind.FEED, title="The Tide", entries=2)


def no_fetch() -> GatherReport:
    raise AssertionError("nothing is fetched here")


def test_every_verb_is_fired_once_from_the_article_to_the_sent_letter(
    desk: EditorsDesk, serve: Serve, relay: Sink
) -> None:
    runtime = replace(desk.runtime, discover=discovered)
    program = Program(serve(public_site(runtime)), make_token(runtime))
    fire = Walk(program)
    one = "/editions/{edition}/{date}"

    assert "/sign-ups" in fire("GET", "/openapi.json").json["paths"]
    fire("GET", "/problems/{problem}")
    assert fire("GET", "/token").json["name"] == "cms"

    new = fire("POST", "/sources", {"url": "https://tide.example/feed"}, 201).json["id"]
    fire("POST", "/sources/{source}/disable", source=str(new))
    fire("POST", "/sources/{source}/enable", source=str(new))
    assert len(fire("GET", "/sources").json["items"]) == 3
    fire("PUT", "/articles/{article}", ARTICLE, 201, article="lighthouse")
    fire("POST", "/articles", BODIES["POST", "/articles"])
    assert ARTICLE["title"] in [each["title"] for each in fire("GET", "/articles").json["items"]]

    fire("POST", "/sign-ups", {"address": "new@reader.example", "editions": ["morning"]}, 202)
    ada = str(fire("POST", "/readers", {"address": ADA, "editions": ["morning"], "consent": PROOF}, 201).json["id"])
    other = {"address": "eve@reader.example", "editions": ["evening"], "consent": PROOF}
    eve = str(program("POST", "/readers", other).json["id"])
    assert str(fire("POST", "/readers/find", {"address": ADA}).json["id"]) == ada
    fire("PATCH", "/readers/{reader}", {"name": "Ada Lark"}, reader=ada)
    fire("PUT", "/readers/{reader}/editions/{edition}", reader=eve)
    rests = fire("PUT", "/readers/{reader}/pause", BODIES["PUT", "/readers/{reader}/pause"], reader=eve).json["pauses"]
    assert sorted(rests) == ["evening", "morning"]
    assert fire("DELETE", "/readers/{reader}/pause", reader=eve).json["pauses"] == {}
    fire("DELETE", "/readers/{reader}/editions/{edition}", reader=eve)
    assert len(fire("GET", "/readers").json["items"]) == 2
    assert fire("GET", "/readers/{reader}", reader=ada).json["name"] == "Ada Lark"

    assert fire("POST", f"{one}/compose").json["state"] == "ready"
    fire("POST", f"{one}/hold")
    assert fire("POST", f"{one}/approve").json["state"] == "approved"
    assert ARTICLE["title"] in fire("GET", f"{one}/letter").json["text"]
    fire("POST", f"{one}/test", {"address": "editor@paper.example"})
    assert fire("POST", f"{one}/send", status=202).json["audience"] == 1
    Ticker(runtime, no_fetch, threading.Event()).tick()
    PersonalMailSender(runtime, threading.Event()).tick()
    assert fire("GET", one).json["state"] == "sent"
    assert fire("GET", "/editions").json["items"][0]["state"] == "sent"
    assert len(fire("GET", "/archive").json["items"]) == 1
    fire("GET", "/archive/{edition}/{date}")
    assert fire("GET", "/numbers").json["totals"]["letters"] == 1

    assert fire("GET", "/readers/{reader}/export", reader=ada).json["letters"][0]["state"] == "accepted"
    assert fire("POST", "/readers/{reader}/leave", reader=eve).json["state"] == "left"
    fire("DELETE", "/readers/{reader}", status=204, reader=ada)
    program.close()

    assert fire.fired == {(method, path) for path, needs in TABLE.items() for method in needs}
    got = sorted(to for letter in relay.letters for to in letter.recipients)
    assert got == [ADA, "editor@paper.example", "new@reader.example"]
    acts = [entry.what for entry in desk.stores.audit.entries(who="API token cms")]
    assert "API DELETE /readers/{reader}" in acts
    assert len(acts) == len([method for method, path in fire.fired if method != "GET" and path != "/readers/find"]) + 1
