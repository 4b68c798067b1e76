"""Asks users to prove again who they are before an important action, then does the action as it was requested."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from http import HTTPStatus

from digest.errors import ProviderError
from digest.model.user import User
from digest.people.tokens import form_token
from digest.pipeline.people import passkeys, single_sign_on
from digest.pipeline.people.desk_sessions import SignedIn, renew
from digest.pipeline.people.signing_in import Refused, prove_by_code, prove_by_password
from digest.pipeline.people.single_sign_on import Returned
from digest.storage.users import StoredUser
from digest.web.desk.caller import CSRF, Caller
from digest.web.desk.sign_in import WRONG_CODE, WRONG_PASSKEY, WRONG_PROVIDER, refusal
from digest.web.desk.tools import DeskTools, browser_of, with_headers
from digest.web.visit import Fields, PageAnswer

HOW, PASSWORD, CODE, TICKET, ANSWER = "again", "again_password", "again_code", "again_ticket", "again_answer"
OURS = frozenset({CSRF, HOW, PASSWORD, CODE, TICKET, ANSWER})
"""Form fields for the proof of who the user is. All others belong to the action."""
WRONG_PASSWORD = "That is not your password."  # noqa: S105 - what a page says


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """An action that waits until the user has proved who they are: its request, and who sent it."""

    caller: Caller
    signed_in: SignedIn
    stored: StoredUser

    @property
    def fields(self) -> tuple[tuple[str, str], ...]:
        """The names and values of the action's form fields, in order, without those of the proof."""
        return tuple(_pairs(self.caller.visit.form))


Act = Callable[[Caller], PageAnswer]
"""Does the action for a caller, whose session has got a new token."""


class Again:
    """Asks a user to prove again who they are, then does the action for which this was needed."""

    def __init__(self, tools: DeskTools) -> None:
        self._tools = tools
        self._runtime = tools.runtime

    def answer(self, caller: Caller, signed_in: SignedIn, act: Act) -> PageAnswer:
        """Return the result of the action if the form contains a valid proof of who the user is.

        Otherwise return the page that asks for a proof.
        """
        stored = self._runtime.stores.users.get(signed_in.user.id)
        if stored is None:
            return self._tools.pages.trouble(HTTPStatus.FORBIDDEN)
        waiting = Waiting(caller=caller, signed_in=signed_in, stored=stored)
        match caller.visit.told(HOW):
            case "password":
                return self._by_password(waiting, act)
            case "passkey":
                return self._by_passkey(waiting, act)
            case "provider":
                return self._by_provider(waiting)
        return self._page(waiting)

    def _by_password(self, waiting: Waiting, act: Act) -> PageAnswer:
        form, browser, stored = waiting.caller.visit, browser_of(waiting.caller), waiting.stored
        password = form.form.get(PASSWORD, ("",))[0]
        refused = prove_by_password(self._runtime, self._tools.passwords, stored, password, browser)
        words = WRONG_PASSWORD
        if refused is None and stored.totp is not None:
            refused, words = prove_by_code(self._runtime, stored, form.told(CODE), browser), WRONG_CODE
        return self._go_on(waiting, act) if refused is None else self._page(waiting, refused, words)

    def _by_passkey(self, waiting: Waiting, act: Act) -> PageAnswer:
        caller, user, party = waiting.caller, waiting.signed_in.user, self._tools.party
        answer = caller.visit.told(ANSWER)
        if not answer:
            asked = passkeys.begin_use(self._runtime, party, caller.device, user)
            return self._show("again_passkey.html", waiting, asked=asked)
        proved = passkeys.prove(self._runtime, party, caller.visit.told(TICKET), answer, browser_of(caller))
        if proved is None or proved.id != user.id:
            return self._page(waiting, Refused(), WRONG_PASSKEY)
        return self._go_on(waiting, act)

    def _by_provider(self, waiting: Waiting) -> PageAnswer:
        caller, user, provider = waiting.caller, waiting.signed_in.user, self._tools.provider
        kept = Returned(user=user, target=caller.target, fields=waiting.fields, session_id=waiting.signed_in.session.id)
        if provider is None:
            return self._page(waiting)
        try:
            where = single_sign_on.set_out(
                self._runtime, provider, self._tools.back, caller.device, caller.target, kept
            )
        except ProviderError:
            return self._page(waiting, Refused(), WRONG_PROVIDER)
        return self._show("provider.html", waiting, where=where, called=provider.name)

    def _go_on(self, waiting: Waiting, act: Act) -> PageAnswer:
        """Give the session a new token, then do the action. So a stolen old token gains nothing from the proof."""
        token = renew(self._runtime, waiting.signed_in.session, proved=True)
        if token is None:
            return self._tools.pages.trouble(HTTPStatus.FORBIDDEN)
        form = {name: values for name, values in waiting.caller.visit.form.items() if name not in OURS}
        caller = replace(waiting.caller, visit=replace(waiting.caller.visit, form=form), token=token)
        return with_headers(act(caller), self._tools.cookies.session(token))

    def _page(self, waiting: Waiting, refused: Refused | None = None, words: str = "") -> PageAnswer:
        status, headers, problem = refusal(refused, words)
        page = self._show(
            "again.html",
            waiting,
            status=HTTPStatus.FORBIDDEN if refused is None else status,
            problem=problem,
            has_password=waiting.stored.password is not None,
            has_code=waiting.stored.totp is not None,
            has_passkey=bool(self._runtime.stores.passkeys.of(waiting.stored.user.id)),
            provider=self._tools.provider.name if self._tools.provider else "",
        )
        return with_headers(page, *headers)

    def _show(self, name: str, waiting: Waiting, *, status: HTTPStatus = HTTPStatus.OK, **values: object) -> PageAnswer:
        user: User = waiting.signed_in.user
        return self._tools.pages.page(
            name,
            csrf=form_token(waiting.caller.token),
            user=user,
            status=status,
            headers=(),
            target=waiting.caller.target,
            fields=waiting.fields,
            **values,
        )


def _pairs(form: Fields) -> Iterator[tuple[str, str]]:
    for name, values in form.items():
        if name not in OURS:
            yield from ((name, value) for value in values)
