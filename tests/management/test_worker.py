"""The background worker: it repeats what is to be repeated, and stops when told to."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest
from django.core.management import call_command
from django.utils import timezone
from django_tasks_db.models import DBTaskResult
from time_machine import TimeMachineFixture

from tests.cast import Cast
from tracker import tasks
from tracker.domain.lifecycle import Status
from tracker.models import Initiative, PeriodClose
from tracker.tasks import REPEATED, order_repeated

ROOT = Path(__file__).parents[2]


def waiting() -> list[str]:
    """Return the repeated tasks that wait, by name."""
    rows = DBTaskResult.objects.filter(status="READY").order_by("task_path")
    return [row.task_path.rpartition(".")[2] for row in rows]


ALL = sorted(job.name for job in REPEATED)


@pytest.mark.django_db(transaction=True)
class TestRepeated:
    """Tasks that order their own next run."""

    def test_each_is_ordered_once(self) -> None:
        """A second worker at the start orders nothing more."""
        order_repeated()
        order_repeated()
        assert waiting() == ALL

    def test_each_runs_and_orders_its_next_run(self) -> None:
        """What has run waits again, for later."""
        call_command("worker", batch=True, startup_delay=False)
        assert DBTaskResult.objects.filter(status="SUCCESSFUL").count() == len(ALL)
        assert waiting() == ALL
        assert not DBTaskResult.objects.filter(
            status="READY", run_after__lte=timezone.now()
        ).exists()

    def test_a_failure_does_not_end_the_repetition(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """The next run is ordered all the same."""

        def fail(*args: object, **options: object) -> None:
            raise RuntimeError("no disk")

        monkeypatch.setattr(tasks, "call_command", fail)
        call_command("worker", batch=True, startup_delay=False)
        assert "forget_finished" in waiting()

    def test_what_is_due_is_closed(
        self, cast: Cast, time_machine: TimeMachineFixture, log: Callable[..., Initiative]
    ) -> None:
        """Five working days after August its figures are there for good."""
        log(pd=5, status=Status.ACTIVE, today=date(2026, 7, 6))
        time_machine.move_to("2026-09-07T12:00:00Z")
        call_command("worker", batch=True, startup_delay=False)
        assert not PeriodClose.objects.filter(slug="2026-08").exists()
        time_machine.move_to("2026-09-08T12:00:00Z")
        call_command("worker", batch=True, startup_delay=False)
        assert PeriodClose.objects.get(slug="2026-08").closed_on == date(2026, 9, 8)


class TestProcess:
    """The command as an operator runs it."""

    @pytest.fixture
    def environment(self, tmp_path: Path) -> Iterator[dict[str, str]]:
        """Give a data folder with an empty database of its own."""
        own = {**os.environ, "ROADMIX_DATA_DIR": str(tmp_path), "LOG_LEVEL": "INFO"}
        for name in ("DATABASE_URL", "DJANGO_SETTINGS_MODULE"):
            own.pop(name, None)
        command = [sys.executable, "manage.py", "migrate", "--verbosity", "0"]
        subprocess.run(command, cwd=ROOT, env=own, check=True)
        yield own

    def test_it_stops_cleanly(self, environment: dict[str, str], tmp_path: Path) -> None:
        """SIGTERM ends it soon and without an error."""
        log = tmp_path / "worker.log"
        with log.open("w") as out:
            worker = subprocess.Popen(
                [sys.executable, "manage.py", "worker", "--no-startup-delay"],
                cwd=ROOT,
                env=environment,
                stderr=out,
            )
        try:
            deadline = time.monotonic() + 30
            while "Starting worker" not in log.read_text() and time.monotonic() < deadline:
                time.sleep(0.1)
            time.sleep(0.5)
            worker.send_signal(signal.SIGTERM)
            assert worker.wait(timeout=10) == 0
        finally:
            worker.kill()
        assert "Traceback" not in log.read_text()
