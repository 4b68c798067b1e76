"""The desk's router: who may see and act, and under which name it answers at all."""

from __future__ import annotations

import pytest
from tests.web.conftest import Serve, SignIn
from tests.web.sites import Site, ask

from digest.model.user import Role


def test_there_is_no_desk_before_there_is_a_user(site: Site, serve: Serve) -> None:
    url = serve(site.app())
    assert ask(url, "/desk").status == 404
    assert ask(url, "/desk/sign-in").status == 404


@pytest.mark.parametrize("role", Role)
def test_who_is_signed_in_sees_the_desk(signed_in: SignIn, role: Role) -> None:
    someone = signed_in(role)
    page = someone.get("/desk")
    assert page.status == 200
    assert f"You are signed in as {someone.user.name}, {role.name.lower()}." in page.text


def test_who_is_not_signed_in_is_sent_to_the_page_to_sign_in(signed_in: SignIn) -> None:
    someone = signed_in(Role.EDITOR)
    reply = ask(someone.url, "/desk?view=phone")
    assert (reply.status, reply.headers["Location"]) == (303, "/desk/sign-in?next=%2Fdesk%3Fview%3Dphone")
    assert reply.body == b""
