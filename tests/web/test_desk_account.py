"""The pages of one's own account, and of admins: what their forms change, and what they refuse."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

import pyotp
import pytest
from tests.web.conftest import Serve
from tests.web.signed_in import SignedInUser, cookie_of, make_user, sign_in
from tests.web.sites import Reply, Site

from digest.model.user import Role
from digest.people.passwords import Passwords

NEW = "nine small boats in fog"


@pytest.fixture
def url(site: Site, serve: Serve) -> str:
    return serve(site.app())


@pytest.fixture
def editor(site: Site, url: str) -> SignedInUser:
    return sign_in(site, url, Role.EDITOR)


@pytest.fixture
def admin(site: Site, url: str) -> SignedInUser:
    return sign_in(site, url, Role.ADMIN)


def act(someone: SignedInUser, what: str, path: str = "/desk/account", /, **fields: str) -> Reply:
    return someone.post(path, {"act": what, **fields})


def renewed(someone: SignedInUser, reply: Reply) -> SignedInUser:
    """Return the user with the session's new token, which the change gave."""
    token = cookie_of(reply)
    assert token
    assert token != someone.token
    return replace(someone, token=token)


def whats(site: Site) -> list[str]:
    return [entry.what for entry in site.runtime.stores.audit.entries()]


def test_a_new_password_ends_all_other_sign_ins_and_gives_this_one_another_token(
    site: Site, url: str, editor: SignedInUser
) -> None:
    elsewhere = sign_in(site, url, Role.EDITOR)
    reply = act(editor, "password", new_password=NEW)
    assert reply.status == 200
    assert renewed(editor, reply).get("/desk/account").status == 200
    assert editor.get("/desk/account").status == 303
    assert elsewhere.get("/desk/account").status == 303
    stored = site.runtime.stores.users.get(editor.user.id)
    assert stored is not None
    assert Passwords().verify(stored.password, NEW).right
    assert whats(site) == ["password changed"]


def test_a_password_that_may_not_be_chosen_changes_nothing(site: Site, editor: SignedInUser) -> None:
    reply = act(editor, "password", new_password="Pat Editor Pat Editor")
    assert (reply.status, "too easy to guess" in reply.text) == (422, True)
    stored = site.runtime.stores.users.get(editor.user.id)
    assert stored is not None
    assert stored.password is None


def test_a_second_factor_is_in_force_after_its_first_code(site: Site, editor: SignedInUser) -> None:
    page = act(editor, "totp")
    ticket = re.findall(r'name="ticket" value="([^"]+)"', page.text)[0]
    secret = re.findall(r'class="secret">(\w+)<', page.text)[0]
    assert "<svg" in page.text
    wrong = act(editor, "totp-confirm", ticket=ticket, code="000000")
    assert (wrong.status, secret in wrong.text) == (422, True)
    stored = site.runtime.stores.users.get(editor.user.id)
    assert stored is not None
    assert stored.totp is None
    done = act(editor, "totp-confirm", ticket=ticket, code=pyotp.TOTP(secret).at(site.now))
    codes = re.findall(r"<code>([a-z2-7-]{19})</code>", done.text)
    assert len(codes) == 10
    assert secret not in site.dump().decode()
    here = renewed(editor, done)
    again = act(here, "codes")
    assert not set(codes) & set(re.findall(r"<code>([a-z2-7-]{19})</code>", again.text))
    here = renewed(here, again)
    assert act(here, "totp-remove").status == 200
    assert whats(site) == ["second factor removed", "recovery codes made", "second factor added"]


def test_what_another_began_cannot_be_confirmed(site: Site, editor: SignedInUser, admin: SignedInUser) -> None:
    page = act(editor, "totp")
    ticket = re.findall(r'name="ticket" value="([^"]+)"', page.text)[0]
    secret = re.findall(r'class="secret">(\w+)<', page.text)[0]
    assert act(admin, "totp-confirm", ticket=ticket, code=pyotp.TOTP(secret).at(site.now)).status == 422


def test_sign_ins_are_listed_and_ended_one_by_one_or_all(
    site: Site, url: str, editor: SignedInUser, admin: SignedInUser
) -> None:
    elsewhere = sign_in(site, url, Role.EDITOR)
    page = editor.get("/desk/account")
    (number,) = re.findall(r'name="session" value="(\d+)"', page.text)
    act(admin, "session-end", session=number)
    assert elsewhere.get("/desk/account").status == 200, "nobody ends another's"
    act(editor, "session-end", session=number)
    assert elsewhere.get("/desk/account").status == 303
    third = sign_in(site, url, Role.EDITOR)
    reply = third.post("/desk/sign-out/everywhere")
    assert (reply.status, cookie_of(reply)) == (303, "")
    assert editor.get("/desk/account").status == third.get("/desk/account").status == 303
    assert admin.get("/desk/account").status == 200


def test_signing_out_ends_this_session_alone(site: Site, url: str, editor: SignedInUser) -> None:
    elsewhere = sign_in(site, url, Role.EDITOR)
    assert editor.post("/desk/sign-out").headers["Location"] == "/desk/sign-in"
    assert editor.get("/desk/account").status == 303
    assert elsewhere.get("/desk/account").status == 200


@pytest.mark.parametrize("name", ["", "nothing", "codes", "__class__"])
def test_an_act_that_there_is_not_changes_nothing(editor: SignedInUser, name: str) -> None:
    assert act(editor, name).status == 400


@pytest.mark.parametrize("number", ["", "0", "-1", "x", "9" * 30, "\u0663"])
def test_a_number_that_is_nobodys_is_refused(admin: SignedInUser, number: str) -> None:
    assert act(admin, "disable", "/desk/users", user=number).status == 404
    assert act(admin, "passkey-remove", passkey=number).status == 200


def test_changes_of_ones_account_ask_for_the_password_again(site: Site, editor: SignedInUser) -> None:
    site.now += timedelta(minutes=site.settings.desk.recent_minutes)
    for name in ("password", "totp", "totp-remove", "codes", "passkey", "passkey-add", "session-end"):
        reply = act(editor, name, new_password=NEW)
        assert (reply.status, "Is it you?" in reply.text) == (403, True)
    assert whats(site) == []


def test_an_admin_adds_somebody_and_gets_the_link(site: Site, admin: SignedInUser) -> None:
    reply = act(admin, "add", "/desk/users", name="Bo Lind", email="Bo@paper.example", role="publisher")
    assert reply.status == 200
    assert re.search(r"http://127\.0\.0\.1/desk/welcome/\S{43}<", reply.text)
    found = site.runtime.stores.users.find("bo@paper.example")
    assert found is not None
    assert (found.user.role, found.user.email) == (Role.PUBLISHER, "Bo@paper.example")
    again = act(admin, "add", "/desk/users", name="Bo Lind", email="bo@paper.example", role="admin")
    assert (again.status, "already" in again.text) == (422, True)
    assert act(admin, "add", "/desk/users", name="x", email="no address", role="admin").status == 422
    assert act(admin, "add", "/desk/users", name="x", email="x@paper.example", role="owner").status == 400


def test_a_new_role_takes_effect_at_the_next_request(
    site: Site, url: str, editor: SignedInUser, admin: SignedInUser
) -> None:
    number = str(int(editor.user.id))
    assert act(admin, "role", "/desk/users", user=number, role="admin").status == 200
    assert editor.get("/desk/users").status == 303, "the session of the old role has ended"
    entered = replace(editor, token=sign_in(site, url, Role.EDITOR).token)
    assert entered.get("/desk/users").status == 200
    assert act(admin, "disable", "/desk/users", user=number).status == 200
    assert entered.get("/desk/users").status == 303
    assert act(admin, "enable", "/desk/users", user=number).status == 200
    assert whats(site)[:3] == ["user enabled", "user disabled", "role changed"]


def test_the_last_admin_stays_one(site: Site, admin: SignedInUser) -> None:
    number = str(int(admin.user.id))
    for name in ("disable", "role"):
        reply = act(admin, name, "/desk/users", user=number, role="viewer")
        assert (reply.status, "is the last admin" in reply.text) == (422, True)
    assert site.runtime.stores.users.all()[0].user.may(Role.ADMIN)


def test_a_reset_ends_the_sessions_and_gives_a_link(site: Site, editor: SignedInUser, admin: SignedInUser) -> None:
    reply = act(admin, "reset", "/desk/users", user=str(int(editor.user.id)))
    assert "/desk/welcome/" in reply.text
    assert editor.get("/desk").status == 303
    own = act(admin, "reset", "/desk/users", user=str(int(admin.user.id)), second_factor="yes")
    assert "/desk/welcome/" in own.text
    assert admin.get("/desk").status == 303
    assert whats(site) == ["user reset", "user reset"]


def test_the_log_shows_what_everybody_or_one_did_and_escapes_it(site: Site, admin: SignedInUser) -> None:
    make_user(site, Role.VIEWER, "<b>Eve</b>")
    act(admin, "add", "/desk/users", name="<script>x</script>", email="bo@paper.example", role="viewer")
    page = admin.get("/desk/log")
    assert "User added: bo@paper.example" in page.text
    assert "<script>x" not in page.text
    assert "<b>Eve" not in page.text
    assert "User added" not in admin.get("/desk/log?user=nobody@paper.example").text
