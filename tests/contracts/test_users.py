"""The stores of the desk's users, on both kinds of database."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

from digest.model.desk_session import AuditEntry, Failures, Origin
from digest.model.user import Role, User, UserId
from digest.storage.audit import BATCH, Audit
from digest.storage.engine import Database
from digest.storage.passkeys import NewPasskey, Passkeys
from digest.storage.sign_in import SignIn, Ticket
from digest.storage.user_sessions import NewSession, UserSessions
from digest.storage.users import NewUser, Users

NOW = datetime(2026, 11, 27, 5, 50, tzinfo=UTC)
HOUR = timedelta(hours=1)


def added(database: Database, name: str = "ana", role: Role = Role.EDITOR) -> User:
    email = f"{name}@paper.example"
    user_id = Users(database).add(NewUser(name=name, email=email, identity=email, role=role), NOW)
    assert user_id is not None
    found = Users(database).get(user_id)
    assert found is not None
    return found.user


def opened(database: Database, user: User, name: str, now: datetime = NOW) -> int:
    new = NewSession(hash=name, user_id=user.id, ends_at=now + 24 * HOUR, how="password", origin=Origin(client="::1"))
    return UserSessions(database).open(new, now)


def test_a_user_is_found_by_number_and_address(database: Database) -> None:
    users = Users(database)
    assert not users.exist()
    user = added(database)
    assert users.exist()
    assert (user.role, user.disabled, user.may(Role.EDITOR), user.may(Role.PUBLISHER)) == (
        Role.EDITOR,
        False,
        True,
        False,
    )
    stored = users.find("ana@paper.example")
    assert stored is not None
    assert (stored.user, stored.password, stored.totp, stored.added_at) == (user, None, None, NOW)
    assert users.all() == (stored,)
    assert users.find("bo@paper.example") is None
    assert users.add(NewUser(name="x", email="x", identity="ana@paper.example", role=Role.ADMIN), NOW) is None


def test_a_change_of_rights_ends_the_sessions_that_had_the_old_ones(database: Database) -> None:
    users, sessions = Users(database), UserSessions(database)
    user, other = added(database), added(database, "bo")
    changes: tuple[Callable[[], None], ...] = (
        lambda: users.set_role(user.id, Role.ADMIN),
        lambda: users.disable(user.id, NOW),
        lambda: users.disable(user.id, None),
        lambda: users.reset(user.id, second_factor=False),
        lambda: users.set_password(user.id, "hash"),
    )
    for change in changes:
        opened(database, user, "a")
        opened(database, other, "b")
        change()
        assert sessions.find("a") is None
        assert sessions.find("b") is not None
        sessions.end_all(other.id)
    stored = users.get(user.id)
    assert stored is not None
    assert (stored.user.role, stored.user.disabled, stored.password) == (Role.ADMIN, False, "hash")


def test_a_new_password_keeps_the_session_in_which_it_was_chosen(database: Database) -> None:
    user = added(database)
    here = opened(database, user, "here")
    opened(database, user, "elsewhere")
    Users(database).set_password(user.id, "hash", here)
    assert [session.id for session in UserSessions(database).of(user.id)] == [here]


def test_a_rehash_does_not_undo_a_change(database: Database) -> None:
    users, user = Users(database), added(database)
    users.set_password(user.id, "new")
    users.rehash(user.id, "old", "old in another form")
    stored = users.get(user.id)
    assert stored is not None
    assert stored.password == "new"


def test_the_last_admin_is_known(database: Database) -> None:
    users, admin = Users(database), added(database, "ana", Role.ADMIN)
    added(database, "bo")
    assert not users.other_admins(admin.id)
    second = added(database, "cy", Role.ADMIN)
    assert users.other_admins(admin.id)
    users.disable(second.id, NOW)
    assert not users.other_admins(admin.id)


def test_a_step_of_the_second_factor_is_spent_once_even_by_many_at_once(database: Database) -> None:
    users, user = Users(database), added(database)
    users.set_totp(user.id, "sealed", 100, ["one", "two"])
    assert not users.spend_step(user.id, 100)
    with ThreadPoolExecutor(8) as threads:
        assert sum(threads.map(lambda _: users.spend_step(user.id, 101), range(8))) == 1
        codes = threads.map(lambda _: users.spend_recovery_code(user.id, "one", NOW), range(8))
        assert sum(codes) == 1
    assert not users.spend_step(user.id, 100)
    assert users.recovery_codes_left(user.id) == 1
    assert not users.spend_recovery_code(added(database, "bo").id, "two", NOW), "another user's"
    users.set_recovery_codes(user.id, ["three"])
    assert not users.spend_recovery_code(user.id, "two", NOW)
    assert users.spend_recovery_code(user.id, "three", NOW)
    users.reset(user.id, second_factor=True)
    stored = users.get(user.id)
    assert stored is not None
    assert (stored.totp, users.recovery_codes_left(user.id)) == (None, 0)


def test_a_session_is_opened_seen_renewed_and_ended(database: Database) -> None:
    sessions, user = UserSessions(database), added(database)
    number = opened(database, user, "first")
    found = sessions.find("first")
    assert found is not None
    assert (found[0].id, found[0].client, found[0].how, found[1]) == (number, "::1", "password", user)
    sessions.see(number, NOW + HOUR)
    assert sessions.renew(number, "second", NOW + HOUR)
    assert sessions.find("first") is None
    renewed = sessions.find("second")
    assert renewed is not None
    assert (renewed[0].made_at, renewed[0].seen_at, renewed[0].proved_at) == (NOW, NOW + HOUR, NOW + HOUR)
    assert not sessions.end(added(database, "bo").id, number), "another user's"
    assert sessions.end(user.id, number)
    assert not sessions.renew(number, "third")
    new = NewSession(hash="x", user_id=user.id, ends_at=NOW, how="oidc", origin=Origin())
    opened(database, user, "before")
    sessions.open(new, NOW, "before")
    assert [session.how for session in sessions.of(user.id)] == ["oidc"]
    assert sessions.end_all(user.id) == 1


def test_sessions_that_are_over_are_taken_out(database: Database) -> None:
    sessions, user = UserSessions(database), added(database)
    opened(database, user, "old", NOW - 25 * HOUR)
    opened(database, user, "idle", NOW - 3 * HOUR)
    opened(database, user, "busy")
    assert sessions.purge(NOW, NOW - 2 * HOUR) == 2
    assert sessions.find("busy") is not None


def test_a_ticket_is_taken_by_one_of_many(database: Database) -> None:
    store = SignIn(database)
    store.give("hash", Ticket(purpose="welcome", data={"a": [1]}, expires=NOW + HOUR), NOW)
    assert store.look("hash", "passkey", NOW) is None
    assert store.look("hash", "welcome", NOW + HOUR) is None
    found = store.look("hash", "welcome", NOW)
    assert found is not None
    assert found.data == {"a": [1]}
    with ThreadPoolExecutor(8) as threads:
        taken = list(threads.map(lambda _: store.take("hash", "welcome", NOW), range(8)))
    assert [ticket for ticket in taken if ticket] == [found]
    store.give("old", Ticket(purpose="welcome", data={}, expires=NOW), NOW - HOUR)
    store.give("new", Ticket(purpose="welcome", data={}, expires=NOW + HOUR), NOW)
    assert store.purge(NOW, NOW, NOW) == 0, "a ticket that is over goes with the next"


def test_a_users_tickets_can_be_taken_back(database: Database) -> None:
    store, user = SignIn(database), added(database)
    for purpose in ("welcome", "oidc"):
        store.give(purpose, Ticket(purpose=purpose, data={}, expires=NOW + HOUR, user_id=user.id), NOW)
    store.withdraw(user.id, "welcome")
    assert store.look("welcome", "welcome", NOW) is None
    assert store.look("oidc", "oidc", NOW) is not None


def test_a_device_is_known_to_its_user_under_its_newest_token(database: Database) -> None:
    store, user, other = SignIn(database), added(database), added(database, "bo")
    store.know("one", user.id, NOW)
    store.know("one", user.id, NOW)
    assert store.is_known("one", user.id)
    assert not store.is_known("one", other.id)
    store.know("two", user.id, NOW, "one")
    assert not store.is_known("one", user.id)
    assert store.purge(NOW, NOW, NOW + HOUR) == 1


def test_tries_are_counted_one_by_one_by_many_at_once(database: Database) -> None:
    store = SignIn(database)

    def one_more(known: Mapping[str, Failures]) -> Mapping[str, Failures]:
        before = known.get("scope")
        return {"scope": Failures(number=(before.number if before else 0) + 1, last_at=NOW)}

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(lambda _: store.count(["scope"], one_more), range(16)))
    seen: list[Mapping[str, Failures]] = []

    def look(known: Mapping[str, Failures]) -> Mapping[str, Failures]:
        seen.append(known)
        return {}

    store.count(["scope", "other"], look)
    assert seen == [{"scope": Failures(number=16, last_at=NOW)}]
    store.forgive(["scope"])
    store.count(["scope"], look)
    assert seen[1] == {}


def test_a_passkey_is_stored_once_and_its_count_moves_on(database: Database) -> None:
    store, user, other = Passkeys(database), added(database), added(database, "bo")
    new = NewPasskey(user_id=user.id, credential="abc", public_key=b"\x00\xff", count=3, name="My phone")
    assert store.add(new, NOW)
    assert not store.add(NewPasskey(user_id=other.id, credential="abc", public_key=b"", count=0, name="x"), NOW)
    found = store.find("abc")
    assert found is not None
    assert (found.user_id, found.public_key, found.count, found.used_at) == (user.id, b"\x00\xff", 3, None)
    assert store.use(found, 4, NOW + HOUR)
    assert not store.use(found, 5, NOW + HOUR), "another use came between"
    (used,) = store.of(user.id)
    assert (used.count, used.used_at) == (4, NOW + HOUR)
    assert not store.remove(other.id, used.id)
    assert store.remove(user.id, used.id)
    assert store.find("abc") is None


def test_the_log_is_read_newest_first_and_pruned_by_age(database: Database) -> None:
    log = Audit(database)
    for hours, who in ((0, "Ana@paper.example"), (1, "bo@paper.example"), (2, "ana@paper.example")):
        log.add(AuditEntry(at=NOW + hours * HOUR, who=who, what="signed in", user_id=UserId(7), about={"how": "é"}))
    assert [entry.at for entry in log.entries()] == [NOW + 2 * HOUR, NOW + HOUR, NOW]
    assert [entry.at for entry in log.entries(who="ana@PAPER.example")] == [NOW + 2 * HOUR, NOW]
    assert [entry.at for entry in log.entries(since=NOW + HOUR, most=1)] == [NOW + 2 * HOUR]
    assert log.entries()[0].about == {"how": "é"}
    assert list(log.prune(NOW + 2 * HOUR, dry=True)) == [2]
    assert list(log.prune(NOW + 2 * HOUR, dry=False)) == [2]
    assert len(log.entries()) == 1
    assert BATCH > 2
