"""The stores of all data that the pipeline reads and writes."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from digest.storage.alerts import Alerts
    from digest.storage.api_requests import ApiRequests
    from digest.storage.api_tokens import ApiTokens
    from digest.storage.archive import Archive
    from digest.storage.articles import Articles
    from digest.storage.audit import Audit
    from digest.storage.bounces import Bounces
    from digest.storage.corrections import Corrections
    from digest.storage.day_counts import DayCounts
    from digest.storage.departures import Departures
    from digest.storage.desk import Desk
    from digest.storage.dossiers import Dossiers
    from digest.storage.edition_corrections import EditionCorrections
    from digest.storage.edition_names import EditionNames
    from digest.storage.editions import Editions
    from digest.storage.engine import Database
    from digest.storage.entries import Entries
    from digest.storage.figures import Figures
    from digest.storage.frozen_letters import FrozenLetters
    from digest.storage.heartbeats import Heartbeats
    from digest.storage.hosts import Hosts
    from digest.storage.leases import Leases
    from digest.storage.mailboxes import Mailboxes
    from digest.storage.outbox import Outbox
    from digest.storage.passkeys import Passkeys
    from digest.storage.pictures import Pictures
    from digest.storage.pushed_articles import PushedArticles
    from digest.storage.quarantine import Quarantine
    from digest.storage.readers import Readers
    from digest.storage.runs import Runs
    from digest.storage.selfservice import SelfService
    from digest.storage.service_events import ServiceEvents
    from digest.storage.sign_in import SignIn
    from digest.storage.signups import Signups
    from digest.storage.sources import Sources
    from digest.storage.tips import Tips
    from digest.storage.tokens import Tokens
    from digest.storage.user_sessions import UserSessions
    from digest.storage.users import Users
    from digest.storage.votes import Votes
    from digest.storage.webhooks import Webhooks


class Stores:
    """One store for each kind of data, all in one database; each is imported when it is first used.

    A command uses two or three of them; loading the others would take a tenth of its start time.
    """

    def __init__(self, database: Database) -> None:
        self.database = database

    @cached_property
    def sources(self) -> Sources:
        """The sources of articles."""
        from digest.storage.sources import Sources

        return Sources(self.database)

    @cached_property
    def entries(self) -> Entries:
        """The entries (links) that were seen."""
        from digest.storage.entries import Entries

        return Entries(self.database)

    @cached_property
    def articles(self) -> Articles:
        """The articles."""
        from digest.storage.articles import Articles

        return Articles(self.database)

    @cached_property
    def hosts(self) -> Hosts:
        """What was learnt about web hosts."""
        from digest.storage.hosts import Hosts

        return Hosts(self.database)

    @cached_property
    def editions(self) -> Editions:
        """The editions, and the stories that they told."""
        from digest.storage.editions import Editions

        return Editions(self.database)

    @cached_property
    def letters(self) -> FrozenLetters:
        """The frozen letters of the editions."""
        from digest.storage.frozen_letters import FrozenLetters

        return FrozenLetters(self.database)

    @cached_property
    def desk(self) -> Desk:
        """The editor's acts."""
        from digest.storage.desk import Desk

        return Desk(self.database)

    @cached_property
    def edition_corrections(self) -> EditionCorrections:
        """Corrections of sent editions."""
        from digest.storage.edition_corrections import EditionCorrections

        return EditionCorrections(self.database)

    @cached_property
    def leases(self) -> Leases:
        """Leases: which process does which work."""
        from digest.storage.leases import Leases

        return Leases(self.database)

    @cached_property
    def pictures(self) -> Pictures:
        """The pictures of stories."""
        from digest.storage.pictures import Pictures

        return Pictures(self.database)

    @cached_property
    def readers(self) -> Readers:
        """The readers of the letters."""
        from digest.storage.readers import Readers

        return Readers(self.database)

    @cached_property
    def mailboxes(self) -> Mailboxes:
        """How far the mailbox of bounces was read."""
        from digest.storage.mailboxes import Mailboxes

        return Mailboxes(self.database)

    @cached_property
    def quarantine(self) -> Quarantine:
        """The items in quarantine."""
        from digest.storage.quarantine import Quarantine

        return Quarantine(self.database)

    @cached_property
    def runs(self) -> Runs:
        """Reports of fetches, sending runs and other work."""
        from digest.storage.runs import Runs

        return Runs(self.database)

    @cached_property
    def bounces(self) -> Bounces:
        """Bounced mail."""
        from digest.storage.bounces import Bounces

        return Bounces(self.database)

    @cached_property
    def service_events(self) -> ServiceEvents:
        """Events that sending services posted."""
        from digest.storage.service_events import ServiceEvents

        return ServiceEvents(self.database)

    @cached_property
    def dossiers(self) -> Dossiers:
        """All data about one address."""
        from digest.storage.dossiers import Dossiers

        return Dossiers(self.database)

    @cached_property
    def departures(self) -> Departures:
        """Requests of readers to leave or to pause."""
        from digest.storage.departures import Departures

        return Departures(self.database)

    @cached_property
    def day_counts(self) -> DayCounts:
        """How many readers joined and left, by day."""
        from digest.storage.day_counts import DayCounts

        return DayCounts(self.database)

    @cached_property
    def corrections(self) -> Corrections:
        """Changes that the operator makes to one reader."""
        from digest.storage.corrections import Corrections

        return Corrections(self.database)

    @cached_property
    def signups(self) -> Signups:
        """Sign-up requests, and their confirmation."""
        from digest.storage.signups import Signups

        return Signups(self.database)

    @cached_property
    def tips(self) -> Tips:
        """Tips of readers about mistakes."""
        from digest.storage.tips import Tips

        return Tips(self.database)

    @cached_property
    def votes(self) -> Votes:
        """Answers of readers to the questions of a letter."""
        from digest.storage.votes import Votes

        return Votes(self.database)

    @cached_property
    def tokens(self) -> Tokens:
        """Tokens of mailed links."""
        from digest.storage.tokens import Tokens

        return Tokens(self.database)

    @cached_property
    def selfservice(self) -> SelfService:
        """Changes that readers make to their own data."""
        from digest.storage.selfservice import SelfService

        return SelfService(self.database)

    @cached_property
    def outbox(self) -> Outbox:
        """Mails to one person."""
        from digest.storage.outbox import Outbox

        return Outbox(self.database)

    @cached_property
    def edition_names(self) -> EditionNames:
        """The names of editions, and their renamings."""
        from digest.storage.edition_names import EditionNames

        return EditionNames(self.database)

    @cached_property
    def archive(self) -> Archive:
        """The sent letters."""
        from digest.storage.archive import Archive

        return Archive(self.database)

    @cached_property
    def heartbeats(self) -> Heartbeats:
        """The heartbeats of serving processes."""
        from digest.storage.heartbeats import Heartbeats

        return Heartbeats(self.database)

    @cached_property
    def alerts(self) -> Alerts:
        """Alerts, and which channels they were sent to."""
        from digest.storage.alerts import Alerts

        return Alerts(self.database)

    @cached_property
    def figures(self) -> Figures:
        """Statistics of the last days."""
        from digest.storage.figures import Figures

        return Figures(self.database)

    @cached_property
    def audit(self) -> Audit:
        """Acts at the desk, with their users."""
        from digest.storage.audit import Audit

        return Audit(self.database)

    @cached_property
    def passkeys(self) -> Passkeys:
        """The public keys of users' passkeys."""
        from digest.storage.passkeys import Passkeys

        return Passkeys(self.database)

    @cached_property
    def sign_in(self) -> SignIn:
        """Data of sign-ins: failures, known browsers, tickets."""
        from digest.storage.sign_in import SignIn

        return SignIn(self.database)

    @cached_property
    def user_sessions(self) -> UserSessions:
        """The sessions of users."""
        from digest.storage.user_sessions import UserSessions

        return UserSessions(self.database)

    @cached_property
    def webhooks(self) -> Webhooks:
        """The receivers of webhooks, and the messages to them."""
        from digest.storage.webhooks import Webhooks

        return Webhooks(self.database)

    @cached_property
    def users(self) -> Users:
        """The users of the desk."""
        from digest.storage.users import Users

        return Users(self.database)

    @cached_property
    def api_tokens(self) -> ApiTokens:
        """The tokens of the API."""
        from digest.storage.api_tokens import ApiTokens

        return ApiTokens(self.database)

    @cached_property
    def api_requests(self) -> ApiRequests:
        """Requests to the API with an Idempotency-Key, and their answers."""
        from digest.storage.api_requests import ApiRequests

        return ApiRequests(self.database)

    @cached_property
    def pushed_articles(self) -> PushedArticles:
        """Articles that a CMS pushed."""
        from digest.storage.pushed_articles import PushedArticles

        return PushedArticles(self.database)
