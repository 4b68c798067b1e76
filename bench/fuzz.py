"""Throw mutated inputs at every parser that meets foreign bytes; whatever is not the room's own error is a failure.

    python bench/fuzz.py --target robots --runs 200000 --state .fuzz

Each input follows from its number alone, so a run that was stopped goes on where it was (``--state`` keeps the number),
and ``--only N`` makes one again. An input that takes more than MOST_SECONDS of CPU is a failure, too.
"""

from __future__ import annotations

import argparse
import random
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from io import BytesIO, StringIO
from itertools import cycle, islice
from pathlib import Path
from tempfile import TemporaryDirectory

from PIL import Image

from digest.deliver.protocol.replies import Stage, judge
from digest.deliver.protocol.smtp_syntax import ReplyReader, ReplyStreamError, abilities
from digest.errors import DigestError, RefusedToken, UnsignedEvent
from digest.extract.article import extract
from digest.fetch.entries import entries
from digest.fetch.feeds import read_feed
from digest.fetch.front_page import read_front_page
from digest.fetch.opml import read_opml
from digest.fetch.robots import Rules, read
from digest.fetch.sitemaps import is_index, is_sitemap, read_sitemap
from digest.model.article import Page
from digest.model.ids import SourceId
from digest.model.source import FeedEntry
from digest.pictures.fit import fit
from digest.readers.bounces import read_bounce
from digest.readers.charset import survey
from digest.readers.event_posts import events_of
from digest.readers.event_signatures import EventPost, Signer, require_signature
from digest.readers.events import event
from digest.readers.forms import Form, check
from digest.readers.roster import read_roster
from digest.readers.roster_editions import EditionChoice
from digest.readers.tokens import LinkPurpose, verify
from digest.settings import KeySettings
from digest.text.urls import absolute, canonical

MORNING = EditionChoice(known=("morning",), default=("morning",))
MOST_SECONDS = 2.0
MOST_REPLIES = 20
"""Of a relay's stream that are judged: a mutation may double one a thousand times."""
NOW = datetime(2026, 11, 23, 6, 0, tzinfo=UTC)
URL = "https://paper.example/feed"
KEYS = KeySettings(current="k1", ring={"k1": "5a" * 32})
SERVICES = ("ses", "sendgrid", "mailgun", "brevo", "standard")
BITS = (
    *(b"\0", b"\xff", b"\xed\xa0\x80", b"\xc3\xa9", b"\xe2\x80\xae", b"\xef\xbb\xbf", b"\r", b"\n", b"\t", b" " * 40),
    *(b"9" * 400, b"-1", b"1e999", b"%", b"%00", b"&#x110000;", b"&amp;" * 50, b"<![CDATA[", b"]]>", b"<!--", b"-->"),
    *(b"<a:b>", b"</", b"=?utf-8?q?=ff?=", b"=?x?b?!?=", b"://", b"@", b"[::", b".." * 30, b"<" * 60, b"(" * 60),
)
"""What parsers dislike."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """A parser: what it is given, and the seeds that are mutated."""

    read: Callable[[bytes], object]
    seeds: tuple[bytes, ...]


def _feed(raw: bytes) -> object:
    return entries(read_feed(raw, URL), URL, SourceId(1), NOW)


def _sitemap(raw: bytes) -> object:
    return is_sitemap(raw), is_index(raw), read_sitemap(raw, URL)


def _robots(raw: bytes) -> object:
    rules = Rules(read(200, raw.decode("utf-8", "replace"), NOW), "digest/1")
    return rules.allows("https://paper.example/a?b=c"), rules.delay, rules.sitemaps


def _page(raw: bytes) -> object:
    html = raw.decode("utf-8", "replace")
    entry = FeedEntry(source_id=SourceId(1), url=URL, link=URL, title="A ferry", seen_at=NOW)
    read_front_page(html, URL)
    return extract(Page(url=URL, html=html, fetched_at=NOW), entry)


def _token(raw: bytes) -> object:
    text = raw.decode("utf-8", "surrogateescape")
    return [verify(KEYS, purpose, text, ("morning",)) for purpose in LinkPurpose]


def _form(raw: bytes) -> object:
    return check(KEYS, Form(stamp=raw.decode("utf-8", "surrogateescape")), NOW)


def _roster(raw: bytes) -> object:
    return list(read_roster(StringIO(raw.decode("utf-8", "replace"), newline=""), MORNING))


def _smtp(raw: bytes) -> object:
    """Read a relay's side of a conversation in two pieces, and judge its replies, each at another stage."""
    reader, cut, stages = ReplyReader(), len(raw) // 3, cycle(Stage)
    judged: list[object] = []
    for piece in (raw[:cut], raw[cut:]):
        for reply in islice(reader.feed(piece), MOST_REPLIES):
            judged += [abilities(reply), str(reply), judge(reply, next(stages))]
    return judged


def _import(raw: bytes) -> object:
    """Read the export of another system as it lies in a file: its encoding is guessed, too."""
    file = Path(_folder().name, "readers.csv")
    file.write_bytes(raw)
    with file.open(encoding=survey(file).encoding, newline="", errors="replace") as lines:
        return list(read_roster(lines, MORNING))


@cache
def _folder() -> TemporaryDirectory[str]:
    """Return one folder for all runs: to make and remove one each time costs more than to read."""
    return TemporaryDirectory()


def _post(raw: bytes) -> object:
    """Read what a service posts: is it signed, and what are its events, as those of each service."""
    post = EventPost(headers={"authorization": "Bearer x"}, body=raw, at=NOW)
    for service in SERVICES:
        with suppress(UnsignedEvent):
            require_signature(post, Signer(service=service, secret="x" * 32, topic="arn:aws:sns:x:1:t"), lambda _: raw)
    return [(each.name, event(each.raw.decode()), read_bounce(each.raw)) for each in events_of("sendgrid", raw)[:20]]


def _picture(raw: bytes) -> object:
    return fit(raw)


def _drawn(kind: str) -> bytes:
    made = BytesIO()
    Image.linear_gradient("L").resize((480, 320)).convert("RGB").save(made, kind, quality=30)
    return made.getvalue()


def _url(raw: bytes) -> object:
    link = absolute(raw.decode("utf-8", "surrogateescape"), URL)
    return canonical(link) if link else None


TARGETS = {
    "feeds": Target(
        read=_feed,
        seeds=(
            (
                b"<rss version='2.0'><channel><title>P</title><item><title>A &amp; b</title>"
                b"<link>https://p.example/1</link><pubDate>Mon, 23 Nov 2026 05:00:00 GMT</pubDate>"
                b"<description>&lt;p&gt;x</description></item></channel></rss>"
            ),
            (
                b"<feed xmlns='http://www.w3.org/2005/Atom'><entry><id>tag:1</id><title type='html'>T</title>"
                b"<link href='/1'/><updated>2026-11-23T05:00:00Z</updated></entry></feed>"
            ),
            b'{"version":"https://jsonfeed.org/version/1.1","items":[{"id":"1","url":"https://p.example/1","title":"T"}]}',
        ),
    ),
    "sitemaps": Target(
        read=_sitemap,
        seeds=(
            (
                b"<urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9' xmlns:n='x'><url><loc>https://p.example/1</loc>"
                b"<n:news><n:title>T</n:title></n:news><lastmod>2026-11-23</lastmod></url></urlset>"
            ),
            b"<sitemapindex><sitemap><loc>/news.xml</loc></sitemap></sitemapindex>",
        ),
    ),
    "opml": Target(
        read=read_opml,
        seeds=(b"<opml><body><outline text='A'><outline xmlUrl='https://p.example/f'/></outline></body></opml>",),
    ),
    "robots": Target(
        read=_robots,
        seeds=(
            (
                b"User-agent: *\nDisallow: /a*b$\nAllow: /a\nCrawl-delay: 2.5\nRequest-rate: 1/10s 1200-1300\n"
                b"Sitemap: https://p.example/map.xml\nVisit-time: 0100-0200\n"
            ),
        ),
    ),
    "pages": Target(
        read=_page,
        seeds=(
            b"<!doctype html><html lang=en><head><title>T | P</title><meta property='og:title' content='T'>"
            b'<script type=\'application/ld+json\'>{"@type":"NewsArticle","headline":"T","datePublished":'
            b'"2026-11-23T05:00:00Z"}</script></head><body><article><h1>T</h1><p>'
            + b"The ferry sailed again on Monday after nine days ashore. " * 12
            + b"</p></article></body></html>",
        ),
    ),
    "mails": Target(
        read=read_bounce,
        seeds=(
            (
                b"From: MAILER-DAEMON@mx.example\nTo: b-bk1.1.abc@p.example\nSubject: Undelivered\nMIME-Version: 1.0\n"
                b"Content-Type: multipart/report; report-type=delivery-status; boundary=c\n\n--c\n\n"
                b"<a@b.example>: host said: 550 5.1.1 User unknown (in reply to RCPT TO command)\n\n--c\n"
                b"Content-Type: message/delivery-status\n\n"
                b"Final-Recipient: rfc822; a@b.example\nAction: failed\nStatus: 5.1.1\n\n--c\n"
                b"Content-Type: message/rfc822\n\n"
                b"To: a@b.example\nMessage-ID: <x@p.example>\n\nhello\n--c--\n"
            ),
            (
                b"From: f@isp.example\nContent-Type: multipart/report; report-type=feedback-report; boundary=c\n\n--c\n"
                b"Content-Type: message/feedback-report\n\nFeedback-Type: abuse\nOriginal-Rcpt-To: a@b.example\n--c--\n"
            ),
            (
                b'From: n@sns.example\nSubject: Event\n\n{"notificationType":"Bounce","bounce":{"bouncedRecipients":'
                b'[{"emailAddress":"a@b.example","status":"5.1.1"}]},"mail":{"source":"b-x@p.example"}}\n'
            ),
            b"From: a@b.example\nSubject: leave-lk1.1.abcdefghijklmnopqrstuvwx all\n\nbye\n",
        ),
    ),
    "tokens": Target(read=_token, seeds=(b"lk1.1.abcdefghijklmnopqrstuvwx", b"bk1.ffff.a", b"ck1.0.")),
    "forms": Target(read=_form, seeds=(b"k1.6567a1b0.0123456789abcdef.abcdefghijklmnopqrstuvwx",)),
    "rosters": Target(
        read=_roster,
        seeds=(
            b'address,name,editions\nada@p.example,Ada,morning\n"b@p.example",\'=1,\n',
            b"email;subscriber_type;creation_date\na@p.example;regular;2026-01-01\n",
        ),
    ),
    "smtp": Target(
        read=_smtp,
        seeds=(
            b"220 mx.p.example ESMTP\r\n250-mx.p.example\r\n250-SIZE 10240000\r\n250-AUTH PLAIN\r\n250 PIPELINING\r\n",
            b"250 2.1.0 Ok\r\n550 5.1.1 <a@p.example>: Recipient address rejected: User unknown\r\n354 go on\r\n",
            b"421 4.7.0 try again in 300 seconds\r\n452-4.2.2 The mailbox is\r\n452 4.2.2 over quota\r\n",
        ),
    ),
    "imports": Target(
        read=_import,
        seeds=(
            b'Email Address,First Name,MEMBER_RATING,OPTIN_TIME,CONFIRM_TIME\na@p.example,A,2,"2026-01-02 03:04:05",\n',
            b"uuid,email,name,attributes,status,created_at\n1,a@p.example,A,{},enabled,2026-01-02T03:04:05Z\n",
            "sep=;\nemail;name;state\na@p.example;\u00e9;left\n".encode("utf-16"),
        ),
    ),
    "events": Target(
        read=read_bounce,
        seeds=(
            b'[{"event":"bounce","email":"a@p.example","type":"bounce","status":"5.1.1","smtp-id":"<x@p.example>"}]',
            b'{"RecordType":"Bounce","Type":"HardBounce","Email":"a@p.example","Details":"smtp;550 5.1.1 no"}',
            (
                b'{"event-data":{"event":"failed","severity":"permanent","recipient":"a@p.example","delivery-status":'
                b'{"code":550,"message":"5.1.1 no"},"message":{"headers":{"message-id":"x@p.example"}}}}'
            ),
        ),
    ),
    "posts": Target(
        read=_post,
        seeds=(
            (
                b'{"Type":"Notification","MessageId":"1","TopicArn":"arn:aws:sns:x:1:t","Message":"{\\"eventType\\":'
                b'\\"Bounce\\",\\"bounce\\":{}}","SignatureVersion":"2","Signature":"QQ==","Timestamp":"x",'
                b'"SigningCertURL":"https://sns.eu-north-1.amazonaws.com/SimpleNotificationService-0a.pem"}'
            ),
            b'[{"event":"bounce","email":"a@p.example","sg_event_id":"1","smtp-id":"<x@p.example>","timestamp":1}]',
            b'{"signature":{"timestamp":"1795759200","token":"t","signature":"00"},"event-data":{"event":"failed"}}',
            b'{"event":"hard_bounce","email":"a@p.example","message-id":"<x>","ts_event":1795759200,"reason":"550 no"}',
            b'{"type":"unsubscribe","timestamp":"2026-11-27T06:00:00Z","data":{"recipient":"a@p.example"}}',
        ),
    ),
    "pictures": Target(read=_picture, seeds=tuple(_drawn(kind) for kind in ("JPEG", "PNG", "WEBP", "GIF"))),
    "urls": Target(
        read=_url, seeds=(b"https://u:p@p.example:443/a/../b?utm_source=x&c=d#e", b"//p.example/x", b"http://[::1]/%7e")
    ),
}


def mutated(number: int, seeds: tuple[bytes, ...]) -> bytes:
    """Return the input of that number: a seed with some pieces cut, doubled, swapped or replaced."""
    chance = random.Random(number)  # noqa: S311 - inputs of a test
    data = bytearray(chance.choice(seeds))
    for _ in range(chance.randint(1, 8)):
        place, length = chance.randrange(len(data) + 1), chance.randint(0, 30)
        match chance.randrange(6):
            case 0:
                del data[place : place + length]
            case 1:
                data[place:place] = chance.choice(BITS)
            case 2:
                data[place : place + length] = data[place : place + length] * chance.randint(2, 200)
            case 3:
                data[place : place + 1] = bytes([chance.randrange(256)])
            case 4:
                other = chance.choice(seeds)
                start = chance.randrange(len(other))
                data[place:place] = other[start : start + length]
            case _:
                data[place : place + length] = chance.choice(BITS) * chance.randint(1, 40)
    return bytes(data[:200_000])


def fault(target: Target, data: bytes) -> str:
    """Return what is wrong with how an input is read; empty when nothing is."""
    before = time.process_time()
    try:
        target.read(data)
    except (DigestError, RefusedToken, ReplyStreamError):
        pass
    except Exception as error:  # noqa: BLE001 - that is what is looked for
        return f"{type(error).__name__}: {error}"[:200]
    seconds = time.process_time() - before
    return f"{seconds:.1f} s" if seconds > MOST_SECONDS else ""


def run(name: str, runs: int, state: Path, seconds: float) -> Iterator[tuple[int, str]]:
    """Yield the number and the fault of each input that is read wrongly, up to ``runs`` inputs or ``seconds``."""
    state.mkdir(parents=True, exist_ok=True)
    kept, target, ends = state / name, TARGETS[name], time.monotonic() + seconds
    number = int(kept.read_text()) if kept.exists() else 0
    while number < runs and time.monotonic() < ends:
        if found := fault(target, mutated(number, target.seeds)):
            yield number, found
        number += 1
        if number % 500 == 0:
            kept.write_text(str(number))
    kept.write_text(str(number))


def main() -> None:
    """Run the command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--target", choices=[*TARGETS, "all"], default="all")
    parser.add_argument("--runs", type=int, default=200_000)
    parser.add_argument("--seconds", type=float, default=3600.0, help="for each target")
    parser.add_argument("--state", type=Path, default=Path(".fuzz"))
    parser.add_argument("--only", type=int, help="print the input of this number")
    given = parser.parse_args()
    if given.only is not None:
        sys.stdout.buffer.write(mutated(given.only, TARGETS[given.target].seeds))
        return
    faults, told = 0, set[str]()
    for name in TARGETS if given.target == "all" else (given.target,):
        for number, found in run(name, given.runs, given.state, given.seconds):
            faults += 1
            if found[:40] not in told:  # one of each sort says enough
                print(f"{name} {number}: {found}", flush=True)
                told.add(found[:40])
        print(f"{name}: {(given.state / name).read_text()} inputs", flush=True)
    sys.exit(bool(faults))


if __name__ == "__main__":
    main()
