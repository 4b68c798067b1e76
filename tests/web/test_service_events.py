"""Sending services post over HTTP: what each is answered, and what strangers get."""

from __future__ import annotations

import http.client
from dataclasses import replace
from urllib.parse import urlsplit

import pytest
from msgspec import structs
from tests.readers.service_posts import SAMPLES, Sample, postmark, standard
from tests.web.conftest import Serve
from tests.web.sites import Site

from digest.readers.event_signatures import EventPost
from digest.settings import EventSettings

BIG = 1024 * 1024


@pytest.fixture
def url(site: Site, serve: Serve) -> str:
    """Serve a site whose settings name two services, at the time of the samples."""
    events = {
        made.signer.service: EventSettings(service=made.signer.service, secret=made.signer.secret)  # type: ignore[arg-type]
        for made in (postmark(), standard())
    }
    site.runtime = replace(site.runtime, settings=structs.replace(site.settings, events=events))
    site.now = postmark().post.at
    return serve(site.app())


def post(url: str, sender: str, request: EventPost, method: str = "POST") -> tuple[int, str]:
    """Return status and body of the answer to a request as it is."""
    connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=10)
    connection.request(method, f"/events/{sender}", body=request.body, headers=dict(request.headers))
    answer = connection.getresponse()
    found = answer.status, answer.read().decode()
    connection.close()
    return found


def announced(url: str, size: int) -> int:
    """Return how a body of that size is answered before any of it is sent."""
    connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=10)
    connection.putrequest("POST", "/events/postmark")
    connection.putheader("Content-Length", str(size))
    connection.endheaders()
    status = connection.getresponse().status
    connection.close()
    return status


@pytest.mark.parametrize("service", ["postmark", "standard"])
def test_a_signed_event_is_stored_and_answered_at_once(site: Site, url: str, service: str) -> None:
    sample: Sample = SAMPLES[service]()
    assert post(url, service, sample.post) == (200, "1 of 1 events are new.\n")
    assert post(url, service, sample.post) == (200, "0 of 1 events are new.\n")
    assert site.runtime.stores.service_events.counts() == {(service, "waiting"): 1}


def test_strangers_are_refused_and_nothing_is_stored(site: Site, url: str) -> None:
    sample = postmark()
    assert post(url, "postmark", replace(sample.post, headers={}))[0] == 406
    assert post(url, "nobody", sample.post)[0] == 404
    assert post(url, "postmark", sample.post, "GET")[0] == 405
    assert announced(url, BIG + 1) == 413
    assert site.runtime.stores.service_events.counts() == {}


def test_a_batch_larger_than_a_form_may_be_is_read(url: str) -> None:
    sample = standard(data={"recipient": "eve@reader.example", "filler": "x" * 200_000})
    assert post(url, "standard", sample.post)[0] == 200
