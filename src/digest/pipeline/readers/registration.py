"""Sign-up: a visitor submits a form, gets a mail, and confirms with its link.

The form's answer reveals nothing about the address: every request is stored in the same small transaction, and
``personal_mails`` decides later what happens. Nothing is changed before ``confirm``.
"""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from logging import DEBUG, INFO

from digest import __version__
from digest.errors import Refusal, RefusedToken, StaleForm, TooManyAsks
from digest.logs import get_logger
from digest.model.edition import EditionState
from digest.model.ids import EditionKey, ReaderId
from digest.pipeline.readers.first_letters import FirstLetter, first_letters
from digest.pipeline.readers.welcome import welcomes
from digest.pipeline.runtime import Runtime
from digest.readers import forms
from digest.readers.address import Address, parse_address
from digest.readers.bound_browser import bind, is_bound, new_binding
from digest.readers.forms import Form
from digest.readers.mac import fingerprint
from digest.readers.networks import networks
from digest.readers.one_time_tokens import TokenPurpose, refusal, token_hash
from digest.readers.preferences import checked_editions
from digest.readers.signup import Wanted
from digest.readers.standing import BY_CHOICE, shadows
from digest.readers.tokens import LinkPurpose, verify
from digest.render.catalogue import catalogue
from digest.settings import Settings
from digest.storage.signups import SCOPE, Confirmation, NewAsk, Window
from digest.storage.tokens import StoredToken

log = get_logger()

HOUR = timedelta(hours=1)
WAITS = timedelta(hours=24)
"""Most time for which a request waits for its mail when the hourly limits are reached."""
LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8}){0,3}")
NOBODY = Address(given="", identity="", limit_key="")
"""Address for a request of a deleted reader. The request is stored like any other, and no mail answers it."""
CONSENT_DIGITS = 16
"""Number of hexadecimal digits that are stored of a hash, of a visitor's network or of the consent text."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Visitor:
    """The sender of a form, by their IP address as the trusted proxies report it; empty when unknown."""

    address: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SignupRequest:
    """The content of a sign-up form; ``language`` (BCP 47) is that of the page."""

    address: str
    editions: tuple[str, ...]
    language: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Title:
    """An edition's name and the title that readers see."""

    name: str
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """What somebody confirms with a link: an address with its editions."""

    address: str
    editions: tuple[Title, ...]
    language: str
    at_once: bool = False
    """Whether the link was opened in the browser that signed up. Then the page confirms without a click."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Confirmed:
    """The result of a confirmation: the reader's address, the editions, and the newest edition to read at once."""

    address: str
    editions: tuple[FirstLetter, ...]
    latest: EditionKey | None
    language: str
    again: bool = False
    """Whether the link was used before."""


def form_stamp(runtime: Runtime) -> str:
    """Return a signed time for a hidden field of a form that is shown now; raises SettingsError without a key."""
    return forms.stamp(runtime.settings.keys, runtime.clock())


def consent_words(settings: Settings, language: str) -> str:
    """Return the consent text that is shown beside the form's button. Its hash is stored with the consent."""
    return catalogue(language, settings.brand.templates)("consent", site=settings.site.name)


def ask(runtime: Runtime, wish: SignupRequest, form: Form, visitor: Visitor) -> str:
    """Accept a sign-up. The work is the same for every address, known, unknown or suppressed.

    Return the value of the cookie by which the same browser may confirm without a click; empty when that is off.

    Raises:
        BadAddress: the address is invalid.
        NoEditionChosen: no published edition is ticked.
        StaleForm: the form is too old or not ours; show it again, filled in.
        TooManyAsks: the visitor's network has reached its limit.
    """
    stamp = forms.check(runtime.settings.keys, form, runtime.clock())
    by_visitor = _consent(runtime, wish.language, "sign-up page, confirmed by mail")
    by_visitor["asked_from"] = _from(runtime.settings, visitor)
    binding = new_binding() if runtime.settings.signup.one_click else ""
    _store(runtime, _sign_up(runtime, wish, by_visitor, binding), stamp, visitor)
    return bind(runtime.settings.keys, binding, runtime.clock()) if binding else ""


def invite(runtime: Runtime, wish: SignupRequest, by: str) -> None:
    """Accept a sign-up that another program passes on. It must be confirmed by mail like any other.

    ``by`` names the program; it is stored with the consent. The work is the same for every address. Raises BadAddress,
    and NoEditionChosen when no published edition is named.
    """
    consent = _consent(runtime, wish.language, f"{by}, confirmed by mail")
    runtime.stores.signups.ask(_sign_up(runtime, wish, consent), (), runtime.clock())
    log.info("sign-up passed on")


def _sign_up(runtime: Runtime, wish: SignupRequest, consent: Mapping[str, str], binding: str = "") -> NewAsk:
    address = parse_address(wish.address)
    editions = checked_editions(wish.editions, tuple(runtime.settings.editions))
    request = {"editions": list(editions), "consent": dict(consent), "browser": binding}
    return new_ask(runtime, Wanted.SIGN_UP, address, _language(wish.language), request)


def ask_for_link(runtime: Runtime, address: str, language: str, form: Form, visitor: Visitor) -> None:
    """Accept a request for a new link to the reader's preferences. The work is the same for every address.

    Raises BadAddress, StaleForm and TooManyAsks, as ``ask`` does.
    """
    stamp = forms.check(runtime.settings.keys, form, runtime.clock())
    found = parse_address(address)
    _store(runtime, new_ask(runtime, Wanted.LINK, found, _language(language), {}), stamp, visitor)


def ask_for_link_by_letter(runtime: Runtime, token: str, language: str, form: Form, visitor: Visitor) -> None:
    """Mail a new preferences link to the reader of a letter, at the stored address.

    The page does not reveal the address.

    ``token`` is that of the letter's preferences link. Raises RefusedToken when it is not ours, StaleForm and
    TooManyAsks.
    """
    stamp = forms.check(runtime.settings.keys, form, runtime.clock())
    reader_id = reader_of_letter(runtime, token)
    if reader_id is None:
        raise RefusedToken(Refusal.UNKNOWN)
    reader = runtime.stores.selfservice.file(reader_id)
    address = parse_address(reader.address) if reader else NOBODY
    _store(runtime, new_ask(runtime, Wanted.LINK, address, _language(language), {}), stamp, visitor)


def reader_of_letter(runtime: Runtime, token: str) -> ReaderId | None:
    """Return the reader of a letter, by the token of its preferences link; None for a token that is not ours."""
    found = reader_and_edition_of_letter(runtime, token)
    return found[0] if found else None


def reader_and_edition_of_letter(runtime: Runtime, token: str) -> tuple[ReaderId, str] | None:
    """Return the reader and the edition's name of a letter, by the token of its preferences link; None if not ours."""
    names = tuple(dict.fromkeys((*runtime.settings.editions, *runtime.stores.editions.names())))
    return verify(runtime.settings.keys, LinkPurpose.CHOOSE, token, names)


def confirmation(runtime: Runtime, token: str, browser: str = "") -> Offer:
    """Return what a link would confirm; nothing is changed. Raises RefusedToken.

    ``browser`` is the value of the cookie of the browser that opened the link; empty when it has none.
    """
    keys, now = runtime.settings.keys, runtime.clock()
    grant = good_token(runtime, token, TokenPurpose.CONFIRM).grant
    return Offer(
        address=grant["address"],
        editions=tuple(
            Title(name=name, title=runtime.settings.editions[name].title) for name in _still(runtime, grant)
        ),
        language=grant["language"],
        at_once=is_bound(keys, browser, grant.get("browser", ""), now),
    )


def confirm(runtime: Runtime, token: str, visitor: Visitor) -> Confirmed:
    """Subscribe the reader that a link confirms; a second call returns the result of the first.

    Raises RefusedToken; then nothing was changed.
    """
    if (before := confirmed_before(runtime, token)) is not None:
        return before
    settings, now = runtime.settings, runtime.clock()
    grant = good_token(runtime, token, TokenPurpose.CONFIRM).grant
    editions = _still(runtime, grant)
    wish = Confirmation(
        token=token_hash(token),
        purpose=TokenPurpose.CONFIRM.value,
        address=grant["address"],
        identity=grant["identity"],
        aliases=shadows(settings.keys, grant["identity"]),
        limit_key=grant["limit_key"],
        language=grant["language"],
        editions=editions,
        consent=grant["consent"] | {"confirmed_at": now.isoformat(), "confirmed_from": _from(settings, visitor)},
        liftable=BY_CHOICE,
        welcomes=welcomes(runtime, editions, grant["identity"]),
    )
    if runtime.stores.signups.confirm(wish, now) is None:
        if (before := confirmed_before(runtime, token)) is not None:  # the link was used twice at the same time
            return before
        raise RefusedToken(_lost(runtime, token, TokenPurpose.CONFIRM))
    log.info("sign-up confirmed", editions=list(editions))
    return _confirmed(runtime, wish.address, wish.language, editions)


def confirmed_before(runtime: Runtime, token: str) -> Confirmed | None:
    """Return the result of a used confirmation link; None when it was not used, or its reader left since."""
    found = runtime.stores.tokens.find(token_hash(token))
    if found is None or found.purpose != TokenPurpose.CONFIRM.value or found.used_at is None or found.reader_id is None:
        return None
    reader = runtime.stores.selfservice.file(found.reader_id)
    if reader is None or reader.state != "active":
        return None
    editions = tuple(name for name in runtime.settings.editions if name in reader.subscriptions)
    return _confirmed(runtime, reader.address, reader.language, editions, again=True) if editions else None


def _confirmed(
    runtime: Runtime, address: str, language: str, editions: tuple[str, ...], *, again: bool = False
) -> Confirmed:
    return Confirmed(
        address=address,
        editions=first_letters(runtime.settings, editions, runtime.clock()),
        latest=_latest(runtime, editions),
        language=language,
        again=again,
    )


def good_token(runtime: Runtime, token: str, token_purpose: TokenPurpose) -> StoredToken:
    """Return the stored data of the token in a mail; raises RefusedToken when it is not valid for this purpose."""
    found = runtime.stores.tokens.find(token_hash(token))
    if found is None:
        raise RefusedToken(Refusal.UNKNOWN)
    why = refusal(found.purpose, found.expires, found.used_at, token_purpose, runtime.clock())
    if why is not None:
        raise RefusedToken(why)
    return found


def _lost(runtime: Runtime, token: str, token_purpose: TokenPurpose) -> Refusal:
    """Return why a token that was just valid had no effect: it was used meanwhile, or its request was withdrawn."""
    try:
        good_token(runtime, token, token_purpose)
    except RefusedToken as refused:
        return refused.reason
    return Refusal.WITHDRAWN


def new_ask(runtime: Runtime, wanted: Wanted, address: Address, language: str, request: Mapping[str, object]) -> NewAsk:
    """Return a request in the form in which it is stored."""
    return NewAsk(
        kind=wanted.value,
        address=address.given,
        identity=address.identity,
        limit_key=fingerprint(runtime.settings.keys, "limit", address.limit_key),
        language=language,
        request=request,
        nonce=secrets.token_hex(16),
        expires=runtime.clock() + WAITS,
    )


def _store(runtime: Runtime, new: NewAsk, stamp: forms.Stamp, visitor: Visitor) -> None:
    """Store a request, and count it. Raises the errors of ``ask`` that a form or a network causes."""
    now = runtime.clock()
    hour = now.replace(minute=0, second=0, microsecond=0)
    limits, where = runtime.settings.signup, networks(visitor.address)

    def scope(*parts: str) -> str:
        return SCOPE + fingerprint(runtime.settings.keys, *parts)

    replays = Window(scope=scope("form", stamp.nonce), start=stamp.made, most=forms.USES)
    windows = (
        Window(scope=scope("network", where.near), start=hour, most=limits.per_address_hour),
        Window(scope=scope("networks", where.wide), start=hour, most=limits.per_network_hour),
        replays,
    )
    full = runtime.stores.signups.ask(new, windows, now)
    if full is replays:
        raise StaleForm("the form was sent too often: send the new one")
    log.log(DEBUG if full is None else INFO, "mail asked for", kind=new.kind, taken=full is None)
    if full is not None:
        raise TooManyAsks(hour + HOUR - now)


def _language(language: str) -> str:
    """Return a language code if it is well formed; otherwise empty."""
    return language if LANGUAGE.fullmatch(language) else ""


def _consent(runtime: Runtime, language: str, how: str) -> dict[str, str]:
    """Return the proof of consent: when, how, and with which text."""
    known = _language(language)
    words = consent_words(runtime.settings, known)
    return {
        "by": "reader",
        "how": how,
        "asked_at": runtime.clock().isoformat(),
        "words": hashlib.sha256(words.encode()).hexdigest()[:CONSENT_DIGITS],
        "language": known,
        "version": __version__,
    }


def _from(settings: Settings, visitor: Visitor) -> str:
    return fingerprint(settings.keys, "consent", networks(visitor.address).wide)[:CONSENT_DIGITS]


def _still(runtime: Runtime, grant: Mapping[str, list[str]]) -> tuple[str, ...]:
    """Return the editions of a request that are still published; raises RefusedToken when there are none."""
    became = runtime.stores.edition_names.became()
    asked = {*grant["editions"], *(became[name] for name in grant["editions"] if name in became)}
    still = tuple(name for name in runtime.settings.editions if name in asked)
    if not still:
        raise RefusedToken(Refusal.WITHDRAWN)
    return still


def _latest(runtime: Runtime, names: tuple[str, ...]) -> EditionKey | None:
    """Return the newest sent edition with one of these names."""
    sent = runtime.stores.editions.latest(states={EditionState.SENDING, EditionState.SENT})
    return next((row.key for row in sent if row.key.name in names), None)
