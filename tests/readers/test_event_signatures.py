"""Who posted an event: right signatures pass, wrong, missing, old and borrowed ones do not."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.readers.service_posts import (
    CERTIFICATE,
    NOW,
    SAMPLES,
    TOPIC,
    WHSEC,
    Sample,
    brevo,
    certificate,
    certificates,
    mailgun,
    postmark,
    sendgrid,
    ses,
    ses_bounce,
    sns,
    standard,
    without,
)

from digest.errors import UnsignedEvent
from digest.readers.event_signatures import EventPost, Signer, require_signature, standard_signature

SIGNATURES = {
    "sendgrid": ("x-twilio-email-event-webhook-signature", "x-twilio-email-event-webhook-timestamp"),
    "postmark": ("authorization",),
    "brevo": ("authorization",),
    "standard": ("webhook-signature", "webhook-timestamp", "webhook-id"),
}


def passes(sample: Sample, post: EventPost | None = None) -> bool:
    """Tell whether a request proves who sent it."""
    try:
        require_signature(post or sample.post, sample.signer, certificates)
    except UnsignedEvent:
        return False
    return True


@pytest.mark.parametrize("service", SAMPLES)
def test_a_request_that_its_service_signed_passes(service: str) -> None:
    assert passes(SAMPLES[service]())


@pytest.mark.parametrize("service", ["ses", "sendgrid", "standard"])
def test_a_body_that_was_changed_on_its_way_is_refused(service: str) -> None:
    sample = SAMPLES[service]()
    forged = sample.post.body.replace(b"ada@reader.example", b"bob@reader.example")
    assert forged != sample.post.body
    assert not passes(sample, replace(sample.post, body=forged))


@pytest.mark.parametrize(("service", "header"), [(s, h) for s, headers in SIGNATURES.items() for h in headers])
def test_a_request_without_its_signature_is_refused(service: str, header: str) -> None:
    sample = SAMPLES[service]()
    assert not passes(sample, without(sample, header))


@pytest.mark.parametrize(("service", "header"), [(s, h) for s, headers in SIGNATURES.items() for h in headers])
def test_a_request_with_another_signature_is_refused(service: str, header: str) -> None:
    sample = SAMPLES[service]()
    for wrong in ("", "x", "1", "v1,AAAA", "Bearer ", "Basic QQ==", "Basic ", "\u0660" * 10, "9" * 400, "-1"):
        headers = dict(sample.post.headers) | {header: wrong}
        assert not passes(sample, replace(sample.post, headers=headers)), wrong


DATED: tuple[Callable[..., Sample], ...] = (sendgrid, mailgun, standard)


@pytest.mark.parametrize("make", DATED)
def test_a_request_from_days_ago_is_refused_even_if_it_was_signed_then(make: Callable[..., Sample]) -> None:
    assert passes(make(at=NOW - timedelta(days=2)))
    assert not passes(make(at=NOW - timedelta(days=2, seconds=1)))


@pytest.mark.parametrize("make", DATED)
def test_a_clock_may_be_ahead_by_minutes_only(make: Callable[..., Sample]) -> None:
    assert passes(make(at=NOW + timedelta(minutes=10)))
    assert not passes(make(at=NOW + timedelta(minutes=10, seconds=1)))


def test_a_mailgun_token_or_timestamp_of_another_request_is_refused() -> None:
    for field, wrong in (("token", "u" * 50), ("timestamp", str(int(NOW.timestamp()) - 1)), ("signature", "0" * 64)):
        sample = mailgun()
        told = json.loads(sample.post.body)
        told["signature"][field] = wrong
        assert not passes(sample, replace(sample.post, body=json.dumps(told).encode()))


def test_a_mailgun_signature_gives_its_token_which_is_good_once() -> None:
    sample = mailgun()
    assert require_signature(sample.post, sample.signer, certificates) == "t" * 50
    assert require_signature(standard().post, standard().signer, certificates) == ""


@pytest.mark.parametrize("version", ["1", "2"])
def test_both_versions_of_an_sns_signature_are_checked(version: str) -> None:
    sample = ses(version=version)
    assert passes(sample)
    told = json.loads(sample.post.body) | {"SignatureVersion": {"1": "2", "2": "1"}[version]}
    assert not passes(sample, replace(sample.post, body=json.dumps(told).encode()))


def test_an_sns_message_of_an_unknown_type_or_version_is_refused() -> None:
    assert not passes(ses(version="3"))
    told = json.loads(ses().post.body) | {"Type": "Gossip"}
    assert not passes(ses(), replace(ses().post, body=json.dumps(told).encode()))


def test_an_sns_subject_is_signed_when_there_is_one() -> None:
    body = sns(ses_bounce(), Subject="A bounce")
    assert passes(ses(), replace(ses().post, body=body))


def test_a_message_of_another_topic_is_refused_though_amazon_signed_it() -> None:
    body = sns(ses_bounce(), TopicArn=TOPIC + "-of-somebody-else")
    assert not passes(ses(), replace(ses().post, body=body))


@pytest.mark.parametrize(
    "url",
    [
        "http://sns.eu-north-1.amazonaws.com/SimpleNotificationService-0a.pem",
        "https://sns.eu-north-1.amazonaws.com.attacker.example/SimpleNotificationService-0a.pem",
        "https://attacker.example/sns.eu-north-1.amazonaws.com/SimpleNotificationService-0a.pem",
        "https://user@sns.eu-north-1.amazonaws.com/SimpleNotificationService-0a.pem",
        "https://sns.eu-north-1.amazonaws.com:8443/SimpleNotificationService-0a.pem",
        "https://sns.eu-north-1.amazonaws.com/other.pem",
        "https://s3.amazonaws.com/SimpleNotificationService-0a.pem",
        "https://[::1/SimpleNotificationService-0a.pem",
        "",
    ],
)
def test_a_certificate_from_elsewhere_is_not_even_fetched(url: str) -> None:
    body = sns(ses_bounce(), SigningCertURL=url)
    assert not passes(ses(), replace(ses().post, body=body))


@pytest.mark.parametrize("pem", [certificate(days_ago=400), certificate(days_ago=-1), b"no certificate"])
def test_a_certificate_that_is_not_valid_now_proves_nothing(pem: bytes) -> None:
    with pytest.raises(UnsignedEvent, match="certificate"):
        require_signature(ses().post, ses().signer, lambda _: pem)


def test_a_service_without_a_secret_in_the_settings_proves_nothing() -> None:
    for sample in (postmark(secret=""), brevo(secret="")):
        assert not passes(replace(sample, signer=replace(sample.signer, secret="")))
    assert not passes(replace(sendgrid(), signer=Signer(service="sendgrid", secret="no key")))


def test_a_standard_signature_is_the_one_that_openssl_makes() -> None:
    made = standard_signature(WHSEC, "msg-7", "1731705121", b'{"type":"ping"}')
    assert made == "v1,j0n3iE1CH90sfo3NRzJWBlY39v8bdmaxzI6p3VpycD4="


@given(
    st.sampled_from(sorted(SAMPLES)),
    st.binary(max_size=200),
    st.dictionaries(st.text(max_size=20), st.text(max_size=60)),
)
def test_no_bytes_whatever_pass_or_raise_anything_else(service: str, body: bytes, headers: dict[str, str]) -> None:
    sample = SAMPLES[service]()
    names = SIGNATURES.get(service, ())
    given_headers = dict(zip(names, headers.values(), strict=False)) | headers
    assert not passes(sample, EventPost(headers=given_headers, body=body, at=NOW))


def test_the_certificate_is_asked_for_by_the_address_that_the_message_names() -> None:
    asked: list[str] = []

    def fetched(url: str) -> bytes:
        asked.append(url)
        return certificate()

    require_signature(ses().post, ses().signer, fetched)
    assert asked == [CERTIFICATE]
