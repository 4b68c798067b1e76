"""The pages before the sign-in: password and code, passkey or provider, and choosing the first password."""

from __future__ import annotations

from datetime import timedelta
from http import HTTPStatus
from math import ceil

from digest.errors import BadPassword, ProviderError
from digest.logs import get_logger
from digest.people.tokens import form_token
from digest.pipeline.people import passkeys, single_sign_on
from digest.pipeline.people.accounts import choose_by_link, owner_of_link
from digest.pipeline.people.desk_sessions import renew
from digest.pipeline.people.signing_in import Entered, NeedsCode, Refused, by_code, by_password, enter
from digest.web.desk.caller import Caller, OpenRoute, safe_target
from digest.web.desk.tools import BACK, DeskTools, browser_of, with_headers
from digest.web.visit import PageAnswer

WRONG = "That address and that password do not go together, or the account may not sign in."
WRONG_CODE = "That code is wrong, or it was used already. Wait for the next one."
WRONG_PASSKEY = "That passkey opens nothing here, or it took too long. Try once more."
WRONG_PROVIDER = "That did not work. Begin anew; if it happens again, ask an admin whether you are a user here."
OVER = "That took too long. Begin anew."
FIELD = 300
"""Most characters of a form field that are read."""

log = get_logger()


class SignInPages:
    """Shows and handles the sign-in forms."""

    def __init__(self, tools: DeskTools) -> None:
        self._tools = tools
        self._runtime = tools.runtime
        self._pages = tools.pages

    def routes(self) -> tuple[OpenRoute, ...]:
        """Return the routes of the sign-in pages."""
        return (
            OpenRoute(path="/sign-in", show=self.show, act=self.password),
            OpenRoute(path="/sign-in/code", act=self.code),
            OpenRoute(path="/sign-in/passkey", act=self.passkey),
            OpenRoute(path="/sign-in/provider", act=self.provider),
            OpenRoute(path=BACK, show=self.back),
            OpenRoute(path="/welcome/{token}", show=self.welcome, act=self.choose),
        )

    def show(self, caller: Caller) -> PageAnswer:
        """Show the sign-in form."""
        return self._form(caller, caller.visit.asked("next"))

    def password(self, caller: Caller) -> PageAnswer:
        """Check the e-mail address and the password. Sign the user in, or ask for the second factor."""
        email, password = caller.visit.told("email")[:FIELD], caller.visit.form.get("password", ("",))[0]
        found = by_password(self._runtime, self._tools.passwords, email, password, browser_of(caller))
        if isinstance(found, NeedsCode):
            return self._code_form(caller, found.ticket)
        if isinstance(found, Refused):
            return self._form(caller, caller.visit.told("next"), found, WRONG, email)
        return self._enter(caller, found)

    def code(self, caller: Caller) -> PageAnswer:
        """Check the code of the second factor."""
        ticket = caller.visit.told("ticket")
        found = by_code(self._runtime, ticket, caller.visit.told("code")[:FIELD], browser_of(caller))
        if isinstance(found, Entered):
            return self._enter(caller, found)
        if found.over:
            return self._form(caller, caller.visit.told("next"), found, OVER)
        return self._code_form(caller, ticket, found)

    def passkey(self, caller: Caller) -> PageAnswer:
        """Ask the browser for a passkey, and check its answer."""
        answer = caller.visit.told("answer")
        if not answer:
            asked = passkeys.begin_use(self._runtime, self._tools.party, caller.device)
            return self._page(caller, "passkey.html", asked=asked)
        found = passkeys.by_passkey(
            self._runtime, self._tools.party, caller.visit.told("ticket"), answer, browser_of(caller)
        )
        if found is None:
            return self._form(caller, caller.visit.told("next"), Refused(), WRONG_PASSKEY)
        return self._enter(caller, found)

    def provider(self, caller: Caller) -> PageAnswer:
        """Redirect the browser to the provider of single sign-on."""
        target = safe_target(caller.visit.told("next"), self._pages.root)
        if self._tools.provider is None:
            return self._pages.trouble(HTTPStatus.NOT_FOUND)
        try:
            where = single_sign_on.set_out(self._runtime, self._tools.provider, self._tools.back, caller.device, target)
        except ProviderError as error:
            log.warning("single sign-on failed", why=str(error))
            return self._form(caller, target, Refused(), WRONG_PROVIDER)
        return self._page(caller, "provider.html", where=where, called=self._tools.provider.name)

    def back(self, caller: Caller) -> PageAnswer:
        """Handle the browser's return from the provider."""
        provider = self._tools.provider
        answer = {name: caller.visit.asked(name) for name in ("state", "code")}
        try:
            found = provider and single_sign_on.come_back(
                self._runtime, provider, self._tools.back, answer, browser_of(caller)
            )
        except ProviderError as error:
            log.warning("single sign-on failed", why=str(error))
            found = None
        if not found:
            return self._form(caller, "", Refused(), WRONG_PROVIDER)
        if found.session_id is not None:
            return self._proved(caller, found)
        return self._enter(caller, enter(self._runtime, found.user, "oidc", browser_of(caller)), found.target)

    def welcome(self, caller: Caller) -> PageAnswer:
        """Show the form to choose a password, to a user who has a link to it."""
        user = owner_of_link(self._runtime, caller.visit.places["token"])
        if user is None:
            return self._page(caller, "welcome_over.html", status=HTTPStatus.NOT_FOUND)
        return self._page(caller, "welcome.html", whose=user, problem="")

    def choose(self, caller: Caller) -> PageAnswer:
        """Store the chosen password, and sign the user in."""
        token = caller.visit.places["token"]
        password = caller.visit.form.get("password", ("",))[0]
        try:
            user = choose_by_link(self._runtime, self._tools.passwords, token, password, caller.origin.client)
        except BadPassword as error:
            whose = owner_of_link(self._runtime, token)
            status = HTTPStatus.UNPROCESSABLE_ENTITY
            return self._page(caller, "welcome.html", status=status, whose=whose, problem=str(error))
        if user is None:
            return self._page(caller, "welcome_over.html", status=HTTPStatus.NOT_FOUND)
        found = self._runtime.stores.users.get(user.id)
        if found is not None and found.totp is not None:  # a link does not replace the second factor
            return self._form(caller, "", done="Your password is set. Sign in with it.")
        return self._enter(caller, enter(self._runtime, user, "password", browser_of(caller)))

    def _proved(self, caller: Caller, found: single_sign_on.Returned) -> PageAnswer:
        """Continue an action that waited until the provider confirmed who the user is: show its form again."""
        stored = {session.id: session for session in self._runtime.stores.user_sessions.of(found.user.id)}
        session = stored.get(found.session_id or 0)
        token = renew(self._runtime, session, proved=True) if session is not None else None
        if token is None:
            return self._form(caller, "", Refused(), OVER)
        page = self._pages.page(
            "go_on.html", csrf=form_token(token), user=found.user, target=found.target, fields=found.fields
        )
        return with_headers(page, self._tools.cookies.session(token))

    def _enter(self, caller: Caller, found: Entered, target: str = "") -> PageAnswer:
        """Set the browser's session cookie, and redirect the browser to a page of the desk."""
        where = safe_target(target or caller.visit.told("next"), self._pages.root)
        to = PageAnswer(body=b"", status=HTTPStatus.SEE_OTHER, headers=(("Location", where),))
        return self._tools.entered(found, to)

    def _form(
        self,
        caller: Caller,
        target: str,
        refused: Refused | None = None,
        problem: str = "",
        email: str = "",
        done: str = "",
    ) -> PageAnswer:
        status, headers, problem = refusal(refused, problem)
        page = self._pages.page(
            "sign_in.html",
            csrf=caller.csrf,
            status=status,
            headers=(),
            target=safe_target(target, self._pages.root),
            problem=problem,
            email=email,
            done=done,
            provider=self._tools.provider.name if self._tools.provider else "",
        )
        return with_headers(page, *headers)

    def _code_form(self, caller: Caller, ticket: str, refused: Refused | None = None) -> PageAnswer:
        status, headers, problem = refusal(refused, WRONG_CODE if refused else "")
        return with_headers(self._page(caller, "code.html", status=status, ticket=ticket, problem=problem), *headers)

    def _page(self, caller: Caller, name: str, *, status: HTTPStatus = HTTPStatus.OK, **values: object) -> PageAnswer:
        target = safe_target(caller.visit.told("next"), self._pages.root)
        return self._pages.page(name, csrf=caller.csrf, status=status, user=None, headers=(), target=target, **values)


def refusal(refused: Refused | None, problem: str) -> tuple[HTTPStatus, tuple[tuple[str, str], ...], str]:
    """Return status, headers and text of a sign-in page. ``refused`` is None when no attempt was refused."""
    if refused is None:
        return HTTPStatus.OK, (), problem
    if refused.wait > timedelta():
        seconds = ceil(refused.wait.total_seconds())
        words = f"Too many tries went wrong. The next one is looked at in {in_words(seconds)}."
        return HTTPStatus.TOO_MANY_REQUESTS, (("Retry-After", str(seconds)),), words
    return HTTPStatus.UNPROCESSABLE_ENTITY, (), problem


def in_words(seconds: int) -> str:
    """Return a short duration as text."""
    if seconds < 60:  # noqa: PLR2004
        return f"{seconds} second{'s' if seconds != 1 else ''}"
    minutes = ceil(seconds / 60)
    return f"{minutes} minute{'s' if minutes != 1 else ''}"
