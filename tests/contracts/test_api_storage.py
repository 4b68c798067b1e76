"""Tokens, kept answers and pushed articles are stored alike on SQLite and on PostgreSQL."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256

import pytest
from sqlalchemy import event, text

from digest.extract.article import from_feed, renamed
from digest.model.api_token import ApiToken, Scope
from digest.model.article import Article
from digest.model.ids import SourceId
from digest.model.source import FeedEntry
from digest.storage.api_requests import TRIES, ApiRequests, KeyedRequest
from digest.storage.api_tokens import ApiTokens
from digest.storage.articles import Articles
from digest.storage.engine import Database
from digest.storage.pushed_articles import PushedArticle, PushedArticles

NOW = datetime(2026, 11, 23, 6, 0, tzinfo=UTC)
DAY, STUCK = timedelta(days=1), timedelta(minutes=10)
HASH = "ab" * 32
URL = "https://paper.example/story"


def made(database: Database, name: str = "cms") -> ApiToken:
    token = ApiTokens(database).add(name, HASH if name == "cms" else name, [Scope.READERS_READ], NOW, NOW + DAY)
    assert token is not None
    return token


def test_a_token_is_found_by_its_hash_alone(database: Database) -> None:
    store = ApiTokens(database)
    assert not store.exist()
    token = made(database)
    assert store.exist()
    assert store.find(HASH) == token
    assert store.find("cms") is None
    assert (token.scopes, token.expires_at, token.used_at) == (frozenset({Scope.READERS_READ}), NOW + DAY, None)
    assert store.add("cms", "other", [], NOW, None) is None
    store.see(token.id, NOW)
    assert store.all() == (replace(token, used_at=NOW),)


def test_a_token_is_revoked_once_and_stays(database: Database) -> None:
    store = ApiTokens(database)
    made(database)
    assert [store.revoke("cms", NOW), store.revoke("cms", NOW + DAY), store.revoke("x", NOW)] == [True, False, None]
    found = store.find(HASH)
    assert found is not None
    assert (found.revoked_at, found.works(NOW)) == (NOW, False)


def test_a_scope_that_this_version_does_not_know_allows_nothing(database: Database) -> None:
    made(database)
    with database.write() as connection:
        connection.execute(text('UPDATE api_tokens SET scopes = \'["readers:read", "moon:land"]\''))
    found = ApiTokens(database).find(HASH)
    assert found is not None
    assert found.scopes == {Scope.READERS_READ}


def test_a_key_is_claimed_by_one_of_many(database: Database) -> None:
    token, store = made(database), ApiRequests(database)
    request = KeyedRequest(token_id=token.id, key="k", fingerprint="f")

    def claim(_: int) -> bool:
        return store.claim(request, NOW, NOW - DAY, NOW - STUCK) is None

    with ThreadPoolExecutor(6) as threads:
        assert sum(threads.map(claim, range(6))) == 1


@pytest.mark.parametrize("times", [1, TRIES])
def test_a_key_that_is_freed_while_it_is_claimed_is_claimed_again_or_in_use(database: Database, times: int) -> None:
    """Another request frees the key between two statements of the claim, and at last another claims it each time.

    SQLite has one writer at a time, so that nothing comes between: there the key stays in use.
    """
    if database.is_sqlite:
        times = 0
    token, store, freed = made(database), ApiRequests(database), list[int]()
    other = ApiRequests(Database(database.url.render_as_string(hide_password=False)))
    request = KeyedRequest(token_id=token.id, key="k", fingerprint="f")
    assert other.claim(request, NOW, NOW - DAY, NOW - STUCK) is None

    def between(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        if statement.startswith("INSERT INTO api_requests") and len(freed) < times:
            freed.append(1)
            other.release(request)

    def before(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        if statement.startswith("INSERT INTO api_requests") and freed and len(freed) < times:
            other.claim(request, NOW, NOW - DAY, NOW - STUCK)

    event.listen(database.engine, "after_cursor_execute", between)
    event.listen(database.engine, "before_cursor_execute", before)
    found = store.claim(request, NOW, NOW - DAY, NOW - STUCK)
    assert (found is None) is (times == 1)
    assert found is None or found.status is None
    other._database.close()


def test_an_answer_is_kept_for_its_token_and_its_key_until_it_is_old(database: Database) -> None:
    token, other, store = made(database), made(database, "other"), ApiRequests(database)
    request = KeyedRequest(token_id=token.id, key="k", fingerprint="f")
    later = NOW + timedelta(minutes=1)
    assert store.claim(request, NOW, NOW - DAY, NOW - STUCK) is None
    waiting = store.claim(request, later, later - DAY, later - STUCK)
    assert waiting is not None
    assert waiting.status is None
    store.keep(request, 201, {"Location": "readers/1"}, b"\x00{}")
    kept = store.claim(request, later, later - DAY, later - STUCK)
    assert kept is not None
    assert (kept.status, kept.headers, kept.body) == (201, {"Location": "readers/1"}, b"\x00{}")
    assert store.claim(replace(request, token_id=other.id), later, later - DAY, later - STUCK) is None
    assert store.claim(request, NOW + DAY * 2, NOW + DAY, NOW + DAY) is None
    store.release(request)
    assert store.claim(request, NOW, NOW - DAY, NOW - STUCK) is None
    assert store.purge(NOW + DAY) == 2


def entry(url: str = URL, words: str = "") -> FeedEntry:
    told = words or "The ferry runs again after three weeks, the harbour office said on Monday morning. " * 2
    return FeedEntry(source_id=SourceId(1), url=url, link=url, title="Ferry", content=told, seen_at=NOW)


def push(database: Database, name: str, entry: FeedEntry, now: datetime) -> bool | None:
    read = from_feed(entry)

    def named(url: str, first_seen: datetime) -> Article:
        return replace(renamed(read, url), first_seen=first_seen)

    told = PushedArticle(name=name, entry=entry, fingerprint=sha256(repr(entry).encode()).hexdigest())
    return PushedArticles(database).push(told, named, now)


def test_a_push_is_new_then_the_same_then_another_version(database: Database) -> None:
    assert [push(database, "a", entry(), NOW), push(database, "a", entry(), NOW + DAY)] == [True, None]
    changed = entry(words="The ferry to the point stands still again, the harbour office said on Tuesday morning. " * 2)
    assert push(database, "a", changed, NOW + timedelta(minutes=1)) is False
    (article,) = Articles(database).window(NOW - DAY, NOW + DAY)
    assert article.text.startswith("The ferry to the point stands still")
    assert article.first_seen == NOW


@pytest.mark.parametrize("moved", [f"{URL}-moved"])
def test_a_push_at_another_place_keeps_its_identity(database: Database, moved: str) -> None:
    push(database, "a", entry(), NOW)
    push(database, "a", entry(moved), NOW + timedelta(minutes=1))
    (article,) = Articles(database).window(NOW - DAY, NOW + DAY)
    assert (article.url, article.link) == (URL, moved)


def test_articles_are_paged_by_time_and_id(database: Database) -> None:
    for number in range(5):
        push(database, f"n{number}", entry(f"{URL}/{number}"), NOW + timedelta(seconds=number // 2))
    store = Articles(database)
    found, after = [], None
    while page := store.page(after, 2):
        found += [article.id for _, article in page]
        after = page[-1][0], page[-1][1].id
    assert len(found) == len(set(found)) == 5
    assert found == [article.id for _, article in store.page(None, 9)]
