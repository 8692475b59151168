"""Work in the background: what the worker runs, and how often.

A repeated task orders its own next run, so that a queue in the database is all it needs. Each may
run twice at a time on two workers without harm.
"""

import logging
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.core.management import call_command
from django.utils import timezone
from django_tasks import task
from django_tasks_db.models import DBTaskResult

from tracker.actions import periods
from tracker.models import Organisation

logger = logging.getLogger(__name__)

KEPT_DAYS = 14


def order_repeated() -> None:
    """Order each repeated task that is not waiting already; the worker calls it at its start."""
    for job in REPEATED:
        _order(job, timedelta())


def _order(job: Any, after: timedelta) -> None:
    waiting = DBTaskResult.objects.filter(task_path=job.module_path, status="READY")
    if not waiting.exists():
        job.using(run_after=timezone.now() + after).enqueue()


def _repeat(job: Any, work: Callable[[], Any], every: timedelta) -> None:
    """Do the work and order the next run, also after a failure, which the log tells."""
    try:
        work()
    except Exception:
        logger.exception("%s failed; it is tried again in %s", job.name, every)
    finally:
        _order(job, every)


@task()
def close_periods() -> None:
    """Close the periods of all teams that are due today."""
    _repeat(close_periods, _close_due, timedelta(minutes=10))


def _close_due() -> None:
    organisation = Organisation.current()
    if organisation is not None:
        for close in periods.close_due(organisation.today()):
            logger.info("Closed %s", close)


@task()
def forget_finished() -> None:
    """Delete the records of tasks that ended two weeks ago."""
    _repeat(
        forget_finished,
        lambda: call_command("prune_db_task_results", min_age_days=KEPT_DAYS, verbosity=0),
        timedelta(days=1),
    )


REPEATED = (close_periods, forget_finished)
