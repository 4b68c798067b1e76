"""The page of the user's own account: password, second factor, passkeys, and sessions."""

from __future__ import annotations

from http import HTTPStatus

from digest.errors import BadPassword
from digest.pipeline.people import passkeys, second_factor
from digest.pipeline.people.accounts import change_password
from digest.pipeline.people.audit import note
from digest.pipeline.people.desk_sessions import renew
from digest.storage.users import StoredUser
from digest.web.desk.agents import browser_name
from digest.web.desk.own import OwnRoute, OwnVisit
from digest.web.desk.tools import DeskTools, with_headers
from digest.web.visit import PageAnswer

WRONG_CODE = "That code is wrong, or it is over. Type the one that the app shows now."
WRONG_PASSKEY = "That passkey could not be added. Try once more; one device can be added once."
LONGEST_NUMBER = 10


class AccountPages:
    """Shows the page of the user's own account, and handles its forms."""

    def __init__(self, tools: DeskTools) -> None:
        self._tools = tools
        self._runtime = tools.runtime
        self._acts = {
            "password": self._password,
            "totp": self._begin_totp,
            "totp-confirm": self._confirm_totp,
            "totp-remove": self._remove_totp,
            "codes": self._codes,
            "passkey": self._begin_passkey,
            "passkey-add": self._add_passkey,
            "passkey-remove": self._remove_passkey,
            "session-end": self._end_session,
        }

    def routes(self) -> tuple[OwnRoute, ...]:
        """Return the routes of the account's page."""
        return (
            OwnRoute(path="/account", show=self.show, act=self.act, recent=True),
            OwnRoute(path="/sign-out", act=self.sign_out),
            OwnRoute(path="/sign-out/everywhere", act=self.sign_out_everywhere),
        )

    def show(self, visit: OwnVisit) -> PageAnswer:
        """Show the page of the account."""
        return self._page(visit)

    def act(self, visit: OwnVisit) -> PageAnswer:
        """Do what the field ``act`` of the form names, such as changing the password."""
        found = self._runtime.stores.users.get(visit.user.id)
        do = self._acts.get(visit.visit.told("act"))
        if do is None or found is None:
            return self._page(visit, status=HTTPStatus.BAD_REQUEST)
        return do(visit, found)

    def sign_out(self, visit: OwnVisit) -> PageAnswer:
        """Sign the user out: end this session."""
        self._runtime.stores.user_sessions.end(visit.user.id, visit.session.id)
        note(self._runtime, visit.user, "signed out", client=visit.caller.origin.client)
        return self._gone()

    def sign_out_everywhere(self, visit: OwnVisit) -> PageAnswer:
        """End all sessions of the user, this one included."""
        number = self._runtime.stores.user_sessions.end_all(visit.user.id)
        about = {"sessions": number}
        note(self._runtime, visit.user, "signed out everywhere", about, client=visit.caller.origin.client)
        return self._gone()

    def _password(self, visit: OwnVisit, found: StoredUser) -> PageAnswer:
        password = visit.visit.form.get("new_password", ("",))[0]
        runtime = self._runtime
        try:
            change_password(runtime, self._tools.passwords, found.user, password, visit.by, visit.session.id)
        except BadPassword as error:
            return self._page(visit, status=HTTPStatus.UNPROCESSABLE_ENTITY, problem=("password", str(error)))
        return self._renewed(visit, "Your password is changed. All other sign-ins have ended.")

    def _begin_totp(self, visit: OwnVisit, found: StoredUser) -> PageAnswer:
        return self._show(visit, "totp.html", made=second_factor.begin(self._runtime, found), problem="")

    def _confirm_totp(self, visit: OwnVisit, found: StoredUser) -> PageAnswer:
        ticket, code = visit.visit.told("ticket"), visit.visit.told("code")
        codes = second_factor.confirm(self._runtime, found, ticket, code, visit.caller.origin.client)
        if codes is not None:
            return self._with_codes(visit, codes)
        made = second_factor.again(self._runtime, found, ticket)
        if made is None:
            return self._page(visit, status=HTTPStatus.UNPROCESSABLE_ENTITY, problem=("totp", WRONG_CODE))
        return self._show(visit, "totp.html", status=HTTPStatus.UNPROCESSABLE_ENTITY, made=made, problem=WRONG_CODE)

    def _remove_totp(self, visit: OwnVisit, found: StoredUser) -> PageAnswer:
        second_factor.remove(self._runtime, found.user, visit.caller.origin.client)
        return self._renewed(visit, "The second factor is taken out.")

    def _codes(self, visit: OwnVisit, found: StoredUser) -> PageAnswer:
        if found.totp is None:
            return self._page(visit, status=HTTPStatus.BAD_REQUEST)
        codes = second_factor.new_recovery_codes(self._runtime, found.user, visit.caller.origin.client)
        return self._with_codes(visit, codes)

    def _begin_passkey(self, visit: OwnVisit, found: StoredUser) -> PageAnswer:
        asked = passkeys.begin_new(self._runtime, self._tools.party, found)
        return self._show(visit, "new_passkey.html", asked=asked)

    def _add_passkey(self, visit: OwnVisit, found: StoredUser) -> PageAnswer:
        form = visit.visit
        good = passkeys.add(
            self._runtime,
            self._tools.party,
            found.user,
            passkeys.NewAnswer(ticket=form.told("ticket"), answer=form.told("answer"), name=form.told("name")),
            visit.caller.origin.client,
        )
        if not good:
            return self._page(visit, status=HTTPStatus.UNPROCESSABLE_ENTITY, problem=("passkey", WRONG_PASSKEY))
        return self._renewed(visit, "The passkey is added. It signs you in from now on.")

    def _remove_passkey(self, visit: OwnVisit, found: StoredUser) -> PageAnswer:
        if self._runtime.stores.passkeys.remove(found.user.id, number(visit.visit.told("passkey"))):
            note(self._runtime, found.user, "passkey removed", client=visit.caller.origin.client)
        return self._renewed(visit, "The passkey is taken out.")

    def _end_session(self, visit: OwnVisit, found: StoredUser) -> PageAnswer:
        if self._runtime.stores.user_sessions.end(found.user.id, number(visit.visit.told("session"))):
            note(self._runtime, found.user, "session ended", client=visit.caller.origin.client)
        return self._page(visit, done="That sign-in has ended.")

    def _with_codes(self, visit: OwnVisit, codes: tuple[str, ...]) -> PageAnswer:
        """Show new recovery codes. They are shown only this once."""
        renewed, headers = self._new_token(visit)
        return with_headers(self._show(renewed, "recovery_codes.html", codes=codes), *headers)

    def _renewed(self, visit: OwnVisit, done: str) -> PageAnswer:
        renewed, headers = self._new_token(visit)
        return with_headers(self._page(renewed, done=done), *headers)

    def _new_token(self, visit: OwnVisit) -> tuple[OwnVisit, tuple[tuple[str, str], ...]]:
        """Give the session a new token, since a way to sign in has changed.

        Return the visit with the new token, and the header that sets the cookie.
        """
        token = renew(self._runtime, visit.session, proved=False)
        if token is None:
            return visit, ()
        return visit.renewed(token), (self._tools.cookies.session(token),)

    def _gone(self) -> PageAnswer:
        headers = (("Location", self._tools.pages.link("/sign-in")), self._tools.cookies.gone())
        return PageAnswer(body=b"", status=HTTPStatus.SEE_OTHER, headers=headers)

    def _page(
        self,
        visit: OwnVisit,
        *,
        status: HTTPStatus = HTTPStatus.OK,
        problem: tuple[str, str] = ("", ""),
        done: str = "",
    ) -> PageAnswer:
        stores, user = self._runtime.stores, visit.user
        found = stores.users.get(user.id)
        return self._show(
            visit,
            "account.html",
            status=status,
            problem=problem,
            done=done,
            has_password=found is not None and found.password is not None,
            has_totp=found is not None and found.totp is not None,
            codes_left=stores.users.recovery_codes_left(user.id),
            passkeys=stores.passkeys.of(user.id),
            sessions=stores.user_sessions.of(user.id),
            current=visit.session.id,
            named=browser_name,
        )

    def _show(self, visit: OwnVisit, name: str, *, status: HTTPStatus = HTTPStatus.OK, **values: object) -> PageAnswer:
        return self._tools.pages.page(name, csrf=visit.csrf, user=visit.user, status=status, headers=(), **values)


def number(told: str) -> int:
    """Return the number in a form field; 0, which is the id of nothing, when the field has none."""
    return int(told) if told.isascii() and told.isdecimal() and len(told) < LONGEST_NUMBER else 0
