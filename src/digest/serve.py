"""One process that runs the paper: the app, and the jobs that look at the clock for it.

The scheduler only ticks. What is due is read from the calendar and from the rows of the database, so a tick that
comes late, twice, or from another process as well does no harm.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, timedelta
from functools import partial

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler

from digest import notify
from digest.app import App
from digest.edition.calendar import time_to_fetch
from digest.errors import DigestError
from digest.logs import get_logger
from digest.pipeline.gathering.gather import GatherReport
from digest.pipeline.keeping.prune import prune_daily
from digest.pipeline.outage import Outage, is_outage
from digest.pipeline.progress import unseen
from digest.pipeline.quarantine import Jobs
from digest.pipeline.readers.bounce_mailbox import collect
from digest.pipeline.readers.personal_mails import PersonalMailSender
from digest.pipeline.sending.send import gather_if_stale
from digest.pipeline.sending.tick import Ticker
from digest.web.listen import raise_descriptor_limit
from digest.web.site import site_listener

FETCH_EVERY = timedelta(minutes=1)
"""How often it is asked whether a fetch is due; ``fetch.fresh_minutes`` and each source's own pauses decide."""
TICK_EVERY = timedelta(seconds=2)
PRUNE_EVERY = timedelta(minutes=30)
"""How often it is asked whether what is old was taken out today."""
MARGIN = timedelta(minutes=1)
"""A fetch ends so long before the time of the next edition, whatever slow hosts still owe."""
DRAIN = timedelta(seconds=8)
"""How long running work may take to end after a stop; supervisors commonly kill after ten seconds."""
NOTHING_NEW = GatherReport(sources=(), articles=0, pages=())
"""What a fetch brings that was not needed."""

log = get_logger()


def serve(app: App, asked_to_stop: Callable[[], object]) -> bool:
    """Run the jobs and, with a ``site.url``, the pages until ``asked_to_stop`` returns; tell whether all ended in time.

    When not, a fetch or a relay was too slow to wait for. Ending the process then loses nothing: every step is
    stored as a whole, and the next run goes on from there. Raises AddressUnavailable when the pages' port is taken.
    """
    stop = threading.Event()
    raise_descriptor_limit()
    scheduler = schedule(app, stop)
    with _pages(app) as stop_pages:
        scheduler.start()
        notify.tell(notify.READY)
        log.info("serving", editions=sorted(app.settings.editions))
        asked_to_stop()
        notify.tell(notify.STOPPING)
        stop.set()
        stop_pages()
        log.info("stopping", patience_seconds=DRAIN.seconds)
        ending = threading.Thread(target=scheduler.shutdown, name="ending", daemon=True)
        ending.start()
        ending.join(DRAIN.total_seconds())
        return not ending.is_alive()


@contextmanager
def _pages(app: App) -> Iterator[Callable[[], None]]:
    """Serve the public pages while the block runs, when there is an address for them; give what asks them to end."""
    if app.settings.site.url is None:
        yield lambda: None
        return
    with site_listener(app.runtime).in_background() as listener:
        log.info("pages served", at=listener.url, root=app.settings.site.url)
        yield listener.stop


def schedule(app: App, stop: threading.Event) -> BackgroundScheduler:
    """Return the scheduler with its jobs, not started; ``stop`` lets letters that are being sent finish.

    Each edition has a job and a thread of its own, so that none waits for the letters of another. A job that was held
    up runs once when it can, however late, and never beside itself.
    """
    turn = threading.Lock()

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

    kept = Jobs(app.runtime)
    ticker = Ticker(app.runtime, gather, stop, partial(gather, urgent=True))
    mails = PersonalMailSender(app.runtime, stop)
    jobs: dict[str, tuple[Callable[[], object], timedelta]] = {
        "fetch": (partial(kept.run, "fetch", fetch), FETCH_EVERY),
        "close": (partial(kept.run, "close", ticker.close), TICK_EVERY),
        "mails": (partial(kept.run, "mails", mails.tick), TICK_EVERY),
        **{
            f"edition {name}": (partial(kept.run, f"edition {name}", partial(ticker.work_on, name)), TICK_EVERY)
            for name in app.settings.editions
        },
    }
    jobs["prune"] = (partial(kept.run, "prune", partial(prune_daily, app.runtime, stop)), PRUNE_EVERY)
    if (patience := notify.watchdog_seconds()) is not None:  # a job as all others: it says that jobs run
        jobs["watchdog"] = (partial(notify.tell, notify.ALIVE), timedelta(seconds=patience / 3))
    if app.settings.bounces.url is not None:
        jobs["bounces"] = (
            partial(kept.run, "bounces", partial(_collect, app)),
            timedelta(minutes=app.settings.bounces.every_minutes),
        )
    defaults = {"max_instances": 1, "coalesce": True, "misfire_grace_time": None}
    threads = ThreadPoolExecutor(len(jobs))
    scheduler = BackgroundScheduler(timezone=UTC, job_defaults=defaults, executors={"default": threads})
    logging.getLogger("apscheduler").setLevel(logging.ERROR)  # a job that outlasts its rhythm is no news
    outage = Outage()
    for name, (work, every) in jobs.items():
        job = partial(outage.run, name, work)
        scheduler.add_job(job, "interval", id=name, seconds=every.total_seconds(), next_run_time=app.clock())
    return scheduler


def _collect(app: App) -> None:
    """Read the mailbox of bounces; one that cannot be read now is read the next time."""
    try:
        collect(app.runtime, unseen)
    except DigestError as error:
        if is_outage(error):
            raise
        log.error("bounces not read", why=str(error))  # noqa: TRY400 - the error's words say what to do, no traceback
