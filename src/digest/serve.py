"""The process of `digest serve`: the app, and jobs that regularly check what is due.

The scheduler only triggers the jobs. Each job reads what is due from the calendar and from the database rows. So a
trigger that comes late, twice, or from another process as well does no harm.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from functools import partial

from digest import notify
from digest.app import App, webhook, webhook_client
from digest.crew.port import Periodic
from digest.crew.threads import Scheduler, ThreadCrew, new_scheduler
from digest.edition.calendar import time_to_fetch
from digest.errors import DigestError
from digest.logs import get_logger
from digest.machines import Machines
from digest.model.sign import BEAT
from digest.monitoring import Monitor
from digest.pipeline.gathering.report import GatherReport
from digest.pipeline.keeping.prune import prune_daily
from digest.pipeline.operations.alerting import Alerter
from digest.pipeline.operations.outlook import LetterCounts
from digest.pipeline.outage import Outage, is_outage
from digest.pipeline.progress import unseen
from digest.pipeline.quarantine import Jobs
from digest.pipeline.readers.bounce_mailbox import collect
from digest.pipeline.readers.personal_mails import PersonalMailSender
from digest.pipeline.readers.service_events import take_events
from digest.pipeline.readers.tips import mail_tips
from digest.pipeline.sending.deliver_edition import post
from digest.pipeline.sending.send import Deliver, gather_if_stale
from digest.pipeline.sending.tick import Ticker
from digest.pipeline.webhooks.sending import WebhookSender
from digest.private_files import temporary_folder
from digest.reloading import LOOK_EVERY, Reloader, Rereading
from digest.web.listen import raise_descriptor_limit
from digest.web.site import Site, public_site, site_listener

FETCH_EVERY = timedelta(minutes=1)
"""How often to check whether a fetch is due. ``fetch.fresh_minutes`` and each source's own pauses decide."""
TICK_EVERY = timedelta(seconds=2)
PRUNE_EVERY = timedelta(minutes=30)
"""How often to check whether old data was deleted today."""
EVENTS_EVERY = timedelta(seconds=5)
TIPS_EVERY = timedelta(seconds=30)
MARGIN = timedelta(minutes=1)
"""A fetch ends this long before the next edition is due, even if slow hosts have not answered yet."""
DRAIN = timedelta(seconds=8)
"""How long running work may take to end after a request to stop. Supervisors commonly kill after ten seconds."""
ALERT_EVERY = timedelta(seconds=20)
CLOCK_EVERY = timedelta(minutes=1)
"""How often a machine of a cluster asks the database for the time."""
JOURNALS_EVERY = timedelta(seconds=20)
"""How often a machine of a cluster reads the journals of runs that lost their database."""
QUEUES = {"fetch": "fetch", "mails": "mails"}
"""Kinds of work with a queue of their own, so that they wait for no other work. All other periodic work is planning."""
NOTHING_NEW = GatherReport(sources=(), articles=0, pages=())
"""The report of a fetch that was not needed."""

log = get_logger()


class Service:
    """The jobs and the public pages of one process. The settings may change while it runs."""

    def __init__(
        self,
        app: App,
        reading: Rereading | None = None,
        stop: threading.Event | None = None,
        machines: Machines | None = None,
    ) -> None:
        """Prepare the jobs for threads of this process, or for sharing them with other ``machines``.

        With ``reading``, a changed configuration takes effect while the process runs. ``stop`` ends the work when it is
        set.
        """
        self.monitor = Monitor(app)
        self.app = self.monitor.app
        self.scheduler = new_scheduler()
        self._machines = machines
        self._crew = ThreadCrew(self.app.clock, self.scheduler) if machines is None else machines.crew
        self._reading = reading
        self._outage = Outage()
        self._turn = threading.Lock()
        """Lets one fetching job run at a time."""
        self._changing = threading.Lock()
        self._stop = stop or threading.Event()
        self._stopped = False
        self._site: Site | None = None
        self._webhooks: WebhookSender | None = None

    def schedule(self) -> None:
        """Add all jobs to the scheduler and to the crew."""
        self._add("heartbeat", self.monitor.beat, BEAT)
        if self._reading is not None:
            reloader = Reloader(self.app, self._reading, self.apply)
            self._add("configuration", Jobs(self.app.runtime).run, LOOK_EVERY, "configuration", reloader.tick)
        if (patience := notify.watchdog_seconds()) is not None:  # a job as all others: it shows that jobs run
            self._add("watchdog", notify.tell, timedelta(seconds=patience / 3), notify.ALIVE)
        if self._machines is not None:
            self._add("clock", self._machines.clock.measure, CLOCK_EVERY)
            self._add("journals", self._machines.settle, JOURNALS_EVERY)
        self._add_work()

    def _add_work(self) -> None:
        """Add the jobs that depend on the settings to the crew."""
        kept = Jobs(self.app.runtime)
        deliver: Deliver = post
        if self._machines is not None:
            deliver = self._machines.supervised
            self._machines.work_on(self.app.runtime, self._stop)
        self._webhooks = WebhookSender(self.app.runtime, webhook_client(self.app), self._stop)
        found = jobs(self.app, self._stop, self._turn, self.monitor.counts, deliver, self._webhooks)
        if self._machines is not None:
            found = self._machines.shared(found)
        self._crew.repeat(
            {
                name: Periodic(QUEUES.get(name, "plan"), self._job(name, kept.run, name, work), every)
                for name, (work, every) in found.items()
            }
        )

    def _add(self, name: str, work: Callable[..., object], every: timedelta, *given: object) -> None:
        job, seconds = self._job(name, work, *given), every.total_seconds()
        self.scheduler.add_job(job, "interval", id=name, seconds=seconds, next_run_time=self.app.clock())

    def _job(self, name: str, work: Callable[..., object], *given: object) -> Callable[[], object]:
        return partial(self._outage.run, name, partial(work, *given))

    def apply(self, app: App) -> None:
        """Continue with other settings.

        Letters under way are finished; the remaining letters are sent with the new settings.

        A running job ends with the settings that it began with. Its successor starts when it has ended. Raises
        DigestError when the pages cannot be built from the settings; then nothing has changed.
        """
        pages = public_site(app.runtime) if self._site is not None else None
        with self._changing:
            if self._stopped:
                return
            if self._site is not None and pages is not None:
                self._site.app = pages
            self.app = self.monitor.app = app
            self._stop.set()
            self._stop = threading.Event()
            self._add_work()

    @contextmanager
    def at_work(self) -> Iterator[Callable[[], bool]]:
        """Run the jobs while the block runs. Yield a function that ends them and returns whether they ended in time."""
        ended = [threading.Thread(target=self.scheduler.shutdown, name="ending", daemon=True)]
        self.scheduler.start()
        if self._machines is not None:
            ended.append(self._machines.begin())

        def wait() -> bool:
            ended[0].start()
            ended.extend(self._webhooks.at_work() if self._webhooks else ())
            until = time.monotonic() + DRAIN.total_seconds()
            for thread in ended:
                thread.join(max(0.0, until - time.monotonic()))
            return not any(thread.is_alive() for thread in ended)

        yield wait

    @contextmanager
    def pages(self) -> Iterator[Callable[[], None]]:
        """Serve the public pages while the block runs, if ``site.url`` is set. Yield a function that stops them."""
        if self.app.settings.site.url is None:
            yield lambda: None
            return
        self._site = Site(self.app.runtime)
        with site_listener(self.app.runtime, self._site).in_background() as listener:
            log.info("pages served", at=listener.url, root=self.app.settings.site.url)
            yield listener.stop

    def stop(self) -> None:
        """Ask running work to end."""
        with self._changing:
            self._stopped = True
            self._stop.set()
        if self._machines is not None:
            self._machines.stop.set()


def serve(
    app: App,
    asked_to_stop: Callable[[], object],
    reading: Rereading | None = None,
    machines: Machines | None = None,
) -> bool:
    """Run the jobs and, with a ``site.url``, the pages until ``asked_to_stop`` returns.

    Return whether all ended in time.

    If not, a fetch or a relay was too slow to wait for. Ending the process then loses nothing: every step is stored as
    a whole, and the next run continues from there. With ``reading``, a changed configuration takes effect. With
    ``machines``, the work is shared with others. Raises AddressUnavailable when a port is taken, and NoTemporaryFolder.
    """
    raise_descriptor_limit()
    temporary_folder()
    service = Service(app, reading, machines=machines)
    service.schedule()
    with service.pages() as stop_pages, service.monitor.listening():
        service.monitor.begin()
        with service.at_work() as all_ended:
            notify.tell(notify.READY)
            log.info("serving", editions=sorted(app.settings.editions), crew=app.settings.serve.crew)
            asked_to_stop()
            notify.tell(notify.STOPPING)
            service.stop()
            stop_pages()
            log.info("stopping", patience_seconds=DRAIN.seconds)
            ended = all_ended()
        service.monitor.end()
        return ended


def schedule(app: App, stop: threading.Event) -> Scheduler:
    """Return a scheduler with the jobs of an app, not started. ``stop`` lets letters that are being sent finish."""
    service = Service(app, stop=stop)
    service.schedule()
    return service.scheduler


def jobs(
    app: App,
    stop: threading.Event,
    turn: threading.Lock,
    counts: LetterCounts | None = None,
    deliver: Deliver = post,
    sender: WebhookSender | None = None,
) -> Mapping[str, tuple[Callable[[], object], timedelta]]:
    """Return the jobs of the app by name, each with its interval.

    When ``stop`` is set, only letters under way are finished. ``turn`` lets one fetch run at a time. ``counts`` avoids
    counting letters again. ``deliver`` sends the frozen editions, ``sender`` the webhooks.

    Each edition has its own job and thread, so that no edition waits for the letters of another.
    """

    def gather(*, urgent: bool = False) -> GatherReport:
        least = timedelta(seconds=app.settings.fetch.send_seconds)

        def fetched() -> GatherReport:
            ahead = time_to_fetch(app.settings.editions, app.clock(), least, MARGIN)
            return app.gather(unseen, budget=least if urgent else ahead)

        with turn:  # the other job may have fetched while this one waited
            return gather_if_stale(app.runtime, fetched) or NOTHING_NEW

    def fetch() -> None:
        try:
            gather()
        except DigestError as error:
            if is_outage(error):
                raise
            log.error("fetch failed", why=str(error))  # noqa: TRY400 - the error's words say what to do, no traceback

    ticker = Ticker(app.runtime, gather, stop, partial(gather, urgent=True), deliver)
    found: dict[str, tuple[Callable[[], object], timedelta]] = {
        "fetch": (fetch, FETCH_EVERY),
        "close": (ticker.close, TICK_EVERY),
        "mails": (PersonalMailSender(app.runtime, stop).tick, TICK_EVERY),
        "prune": (partial(prune_daily, app.runtime, stop), PRUNE_EVERY),
        "alerts": (Alerter(app.runtime, webhook(app), counts).tick, ALERT_EVERY),
        **{f"edition {name}": (partial(ticker.work_on, name), TICK_EVERY) for name in app.settings.editions},
    }
    found["webhooks"] = ((sender or WebhookSender(app.runtime, webhook_client(app), stop)).tick, TICK_EVERY)
    if app.settings.site.tips_to:
        found["tips"] = (partial(mail_tips, app.runtime, stop), TIPS_EVERY)
    if app.settings.events:
        found["events"] = (partial(take_events, app.runtime, stop), EVENTS_EVERY)
    if app.settings.bounces.url is not None:
        found["bounces"] = (partial(_collect, app), timedelta(minutes=app.settings.bounces.every_minutes))
    return found


def _collect(app: App) -> None:
    """Handle the bounces in the mailbox. If it cannot be read now, the next run reads it."""
    try:
        collect(app.runtime, unseen)
    except DigestError as error:
        if is_outage(error):
            raise
        log.error("bounces not read", why=str(error))  # noqa: TRY400 - the error's words say what to do, no traceback
