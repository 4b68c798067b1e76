"""One process that runs the paper: the app, and the jobs that look at the clock for it.

The scheduler only ticks. What is due is read from the calendar and from the rows of the database, so a tick that
comes late, twice, or from another process as well does no harm.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, timedelta
from functools import partial

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler

from digest import notify
from digest.app import App, webhook
from digest.edition.calendar import time_to_fetch
from digest.errors import DigestError
from digest.logs import get_logger
from digest.model.sign import BEAT
from digest.monitoring import Monitor
from digest.pipeline.gathering.gather import GatherReport
from digest.pipeline.keeping.prune import prune_daily
from digest.pipeline.operations.alerting import Alerter
from digest.pipeline.operations.outlook import LetterCounts
from digest.pipeline.outage import Outage, is_outage
from digest.pipeline.progress import unseen
from digest.pipeline.quarantine import Jobs
from digest.pipeline.readers.bounce_mailbox import collect
from digest.pipeline.readers.personal_mails import PersonalMailSender
from digest.pipeline.readers.service_events import take_events
from digest.pipeline.sending.send import gather_if_stale
from digest.pipeline.sending.tick import Ticker
from digest.reloading import LOOK_EVERY, Reloader, Rereading
from digest.web.listen import raise_descriptor_limit
from digest.web.site import Site, public_site, site_listener

FETCH_EVERY = timedelta(minutes=1)
"""How often it is asked whether a fetch is due; ``fetch.fresh_minutes`` and each source's own pauses decide."""
TICK_EVERY = timedelta(seconds=2)
PRUNE_EVERY = timedelta(minutes=30)
"""How often it is asked whether what is old was taken out today."""
EVENTS_EVERY = timedelta(seconds=5)
MARGIN = timedelta(minutes=1)
"""A fetch ends so long before the time of the next edition, whatever slow hosts still owe."""
DRAIN = timedelta(seconds=8)
"""How long running work may take to end after a stop; supervisors commonly kill after ten seconds."""
ALERT_EVERY = timedelta(seconds=20)
LASTING = frozenset({"heartbeat", "configuration"})
"""Jobs that go on when the settings change."""
MOST_THREADS = 64
NOTHING_NEW = GatherReport(sources=(), articles=0, pages=())
"""What a fetch brings that was not needed."""

log = get_logger()


class Service:
    """The jobs and the pages of one process, on settings that may change while it runs."""

    def __init__(self, app: App, reading: Rereading | None = None, stop: threading.Event | None = None) -> None:
        self.monitor = Monitor(app)
        self.app = self.monitor.app
        self.scheduler = _scheduler()
        self._reading = reading
        self._outage = Outage()
        self._turn = threading.Lock()
        """Of the jobs that fetch."""
        self._changing = threading.Lock()
        self._stop = stop or threading.Event()
        self._stopped = False
        self._site: Site | None = None

    def schedule(self) -> None:
        """Add all jobs to the scheduler."""
        self._add("heartbeat", self.monitor.beat, BEAT)
        if self._reading is not None:
            reloader = Reloader(self.app, self._reading, self.apply)
            self._add("configuration", Jobs(self.app.runtime).run, LOOK_EVERY, "configuration", reloader.tick)
        self._add_work()

    def _add_work(self) -> None:
        """Add the jobs that work on the settings."""
        kept = Jobs(self.app.runtime)
        for name, (work, every) in jobs(self.app, self._stop, self._turn, self.monitor.counts).items():
            self._add(name, kept.run, every, name, work)

    def _add(self, name: str, work: Callable[..., object], every: timedelta, *given: object) -> None:
        job = partial(self._outage.run, name, partial(work, *given))
        self.scheduler.add_job(job, "interval", id=name, seconds=every.total_seconds(), next_run_time=self.app.clock())

    def apply(self, app: App) -> None:
        """Go on with other settings: letters under way are drained, and go on with these.

        A job under way ends on the settings that it began with; its successor begins when it has ended. Raises
        DigestError when the pages cannot be made of them; then nothing has changed.
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
            for job in self.scheduler.get_jobs():
                if job.id not in LASTING:
                    job.remove()
            self._add_work()

    @contextmanager
    def pages(self) -> Iterator[Callable[[], None]]:
        """Serve the public pages while the block runs, if there is an address for them; give what asks them to end."""
        if self.app.settings.site.url is None:
            yield lambda: None
            return
        self._site = Site(self.app.runtime)
        with site_listener(self.app.runtime, self._site).in_background() as listener:
            log.info("pages served", at=listener.url, root=self.app.settings.site.url)
            yield listener.stop

    def stop(self) -> None:
        """Ask what is under way to end."""
        with self._changing:
            self._stopped = True
            self._stop.set()


def serve(app: App, asked_to_stop: Callable[[], object], reading: Rereading | None = None) -> bool:
    """Run the jobs and, with a ``site.url``, the pages until ``asked_to_stop`` returns; tell whether all ended in time.

    When not, a fetch or a relay was too slow to wait for. Ending the process then loses nothing: every step is
    stored as a whole, and the next run goes on from there. With ``reading``, a changed configuration takes effect.
    Raises AddressUnavailable when a port is taken.
    """
    raise_descriptor_limit()
    service = Service(app, reading)
    service.schedule()
    with service.pages() as stop_pages, service.monitor.listening():
        service.monitor.begin()
        service.scheduler.start()
        notify.tell(notify.READY)
        log.info("serving", editions=sorted(app.settings.editions))
        asked_to_stop()
        notify.tell(notify.STOPPING)
        service.stop()
        stop_pages()
        log.info("stopping", patience_seconds=DRAIN.seconds)
        ending = threading.Thread(target=service.scheduler.shutdown, name="ending", daemon=True)
        ending.start()
        ending.join(DRAIN.total_seconds())
        service.monitor.end()
        return not ending.is_alive()


def schedule(app: App, stop: threading.Event) -> BackgroundScheduler:
    """Return the scheduler with the jobs of an app, not started; ``stop`` lets letters that are being sent finish."""
    service = Service(app, stop=stop)
    service.schedule()
    return service.scheduler


def _scheduler() -> BackgroundScheduler:
    """Return a scheduler without jobs. One that was held up runs once when it can, and never beside itself."""
    defaults = {"max_instances": 1, "coalesce": True, "misfire_grace_time": None}
    logging.getLogger("apscheduler").setLevel(logging.ERROR)  # a job that outlasts its rhythm is no news
    threads = ThreadPoolExecutor(MOST_THREADS)
    return BackgroundScheduler(timezone=UTC, job_defaults=defaults, executors={"default": threads})


def jobs(
    app: App, stop: threading.Event, turn: threading.Lock, counts: LetterCounts | None = None
) -> Mapping[str, tuple[Callable[[], object], timedelta]]:
    """Return the work on the app's settings by name, and how often it is done; ``stop`` drains the letters under way.

    Each edition has a job and a thread of its own, so that none waits for the letters of another.
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

    ticker = Ticker(app.runtime, gather, stop, partial(gather, urgent=True))
    found: dict[str, tuple[Callable[[], object], timedelta]] = {
        "fetch": (fetch, FETCH_EVERY),
        "close": (ticker.close, TICK_EVERY),
        "mails": (PersonalMailSender(app.runtime, stop).tick, TICK_EVERY),
        "prune": (partial(prune_daily, app.runtime, stop), PRUNE_EVERY),
        "alerts": (Alerter(app.runtime, webhook(app), counts).tick, ALERT_EVERY),
        **{f"edition {name}": (partial(ticker.work_on, name), TICK_EVERY) for name in app.settings.editions},
    }
    if (patience := notify.watchdog_seconds()) is not None:  # a job as all others: it says that jobs run
        found["watchdog"] = (partial(notify.tell, notify.ALIVE), timedelta(seconds=patience / 3))
    if app.settings.events:
        found["events"] = (partial(take_events, app.runtime, stop), EVENTS_EVERY)
    if app.settings.bounces.url is not None:
        found["bounces"] = (partial(_collect, app), timedelta(minutes=app.settings.bounces.every_minutes))
    return found


def _collect(app: App) -> None:
    """Read the mailbox of bounces; one that cannot be read now is read the next time."""
    try:
        collect(app.runtime, unseen)
    except DigestError as error:
        if is_outage(error):
            raise
        log.error("bounces not read", why=str(error))  # noqa: TRY400 - the error's words say what to do, no traceback
