"""One process that runs the paper: the app, and the jobs that look at the clock for it.

The scheduler only ticks. What is due is read from the calendar and from the rows of the database, so a tick that
comes late, twice, or from another process as well does no harm.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from functools import partial

from digest import notify
from digest.app import App, webhook
from digest.crew.port import Periodic
from digest.crew.threads import Scheduler, ThreadCrew, new_scheduler
from digest.edition.calendar import time_to_fetch
from digest.errors import DigestError
from digest.logs import get_logger
from digest.machines import Machines
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
from digest.pipeline.sending.deliver_edition import post
from digest.pipeline.sending.send import Deliver, gather_if_stale
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
CLOCK_EVERY = timedelta(minutes=1)
"""How often a machine that works beside others asks the database what time it is."""
JOURNALS_EVERY = timedelta(seconds=20)
"""How often such a machine reads what runs left that lost their database."""
QUEUES = {"fetch": "fetch", "mails": "mails"}
"""Work that waits for nothing else; all other periodic work is planning."""
NOTHING_NEW = GatherReport(sources=(), articles=0, pages=())
"""What a fetch brings that was not needed."""

log = get_logger()


class Service:
    """The jobs and the pages of one process, on settings that may change while it runs."""

    def __init__(
        self,
        app: App,
        reading: Rereading | None = None,
        stop: threading.Event | None = None,
        machines: Machines | None = None,
    ) -> None:
        """Do the work in this process's threads, or beside other ``machines``."""
        self.monitor = Monitor(app)
        self.app = self.monitor.app
        self.scheduler = new_scheduler()
        self._machines = machines
        self._crew = ThreadCrew(self.app.clock, self.scheduler) if machines is None else machines.crew
        self._reading = reading
        self._outage = Outage()
        self._turn = threading.Lock()
        """Of the jobs that fetch."""
        self._changing = threading.Lock()
        self._stop = stop or threading.Event()
        self._stopped = False
        self._site: Site | None = None

    def schedule(self) -> None:
        """Add all jobs to the scheduler and the crew."""
        self._add("heartbeat", self.monitor.beat, BEAT)
        if self._reading is not None:
            reloader = Reloader(self.app, self._reading, self.apply)
            self._add("configuration", Jobs(self.app.runtime).run, LOOK_EVERY, "configuration", reloader.tick)
        if (patience := notify.watchdog_seconds()) is not None:  # a job as all others: it says that jobs run
            self._add("watchdog", notify.tell, timedelta(seconds=patience / 3), notify.ALIVE)
        if self._machines is not None:
            self._add("clock", self._machines.clock.measure, CLOCK_EVERY)
            self._add("journals", self._machines.settle, JOURNALS_EVERY)
        self._add_work()

    def _add_work(self) -> None:
        """Let the crew do the jobs that work on the settings."""
        kept = Jobs(self.app.runtime)
        deliver: Deliver = post
        if self._machines is not None:
            deliver = self._machines.supervised
            self._machines.work_on(self.app.runtime, self._stop)
        found = jobs(self.app, self._stop, self._turn, self.monitor.counts, deliver)
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
            self._add_work()

    @contextmanager
    def at_work(self) -> Iterator[Callable[[], bool]]:
        """Let the jobs run while the block runs; give what waits for their end, and tells whether it came in time."""
        ended = [threading.Thread(target=self.scheduler.shutdown, name="ending", daemon=True)]
        self.scheduler.start()
        if self._machines is not None:
            ended.append(self._machines.begin())

        def wait() -> bool:
            ended[0].start()
            until = time.monotonic() + DRAIN.total_seconds()
            for thread in ended:
                thread.join(max(0.0, until - time.monotonic()))
            return not any(thread.is_alive() for thread in ended)

        yield wait

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
        if self._machines is not None:
            self._machines.stop.set()


def serve(
    app: App,
    asked_to_stop: Callable[[], object],
    reading: Rereading | None = None,
    machines: Machines | None = None,
) -> bool:
    """Run the jobs and, with a ``site.url``, the pages until ``asked_to_stop`` returns; tell whether all ended in time.

    When not, a fetch or a relay was too slow to wait for. Ending the process then loses nothing: every step is
    stored as a whole, and the next run goes on from there. With ``reading``, a changed configuration takes effect; with
    ``machines`` the work is shared with others. Raises AddressUnavailable when a port is taken.
    """
    raise_descriptor_limit()
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
    """Return the scheduler with the jobs of an app, not started; ``stop`` lets letters that are being sent finish."""
    service = Service(app, stop=stop)
    service.schedule()
    return service.scheduler


def jobs(
    app: App,
    stop: threading.Event,
    turn: threading.Lock,
    counts: LetterCounts | None = None,
    deliver: Deliver = post,
) -> Mapping[str, tuple[Callable[[], object], timedelta]]:
    """Return the work on the app's settings by name, and how often it is done; ``stop`` drains the letters under way.

    What is frozen is sent by ``deliver``.

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

    ticker = Ticker(app.runtime, gather, stop, partial(gather, urgent=True), deliver)
    found: dict[str, tuple[Callable[[], object], timedelta]] = {
        "fetch": (fetch, FETCH_EVERY),
        "close": (ticker.close, TICK_EVERY),
        "mails": (PersonalMailSender(app.runtime, stop).tick, TICK_EVERY),
        "prune": (partial(prune_daily, app.runtime, stop), PRUNE_EVERY),
        "alerts": (Alerter(app.runtime, webhook(app), counts).tick, ALERT_EVERY),
        **{f"edition {name}": (partial(ticker.work_on, name), TICK_EVERY) for name in app.settings.editions},
    }
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
