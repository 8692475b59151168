"""The server under test: granian on loopback, on a core of its own, ended by its id."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from types import TracebackType
from typing import Self

ROOT = Path(__file__).resolve().parents[2]
TICKS = os.sysconf("SC_CLK_TCK")
CORES = sorted(os.sched_getaffinity(0))
SERVER_CORE, LOAD_CORE = CORES[0], CORES[-1]
START_SECONDS = 30


def environment(data: Path, cache: bool = True) -> dict[str, str]:
    """Return what both the server and the helpers run with: DEBUG off, one data folder."""
    kept = {key: value for key, value in os.environ.items() if key not in ("DEBUG", "DATABASE_URL")}
    return kept | {
        "DJANGO_SETTINGS_MODULE": "tests.bench.settings",
        "ROADMIX_DATA_DIR": str(data),
        "BENCH_CACHE": "on" if cache else "off",
        "LOG_LEVEL": "CRITICAL",
    }


def run_on(core: int, command: list[str], **options: object) -> subprocess.Popen[str]:
    """Start a process whose children stay on one core."""
    return subprocess.Popen(  # type: ignore[call-overload,no-any-return]
        ["taskset", "-c", str(core), *command], cwd=ROOT, text=True, **options
    )


class Server:
    """A running server; leaving the ``with`` block ends it and its workers."""

    def __init__(self, data: Path, *, cache: bool = True, workers: int = 1) -> None:
        self.data, self.cache, self.workers = data, cache, workers
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = int(probe.getsockname()[1])

    def __enter__(self) -> Self:
        command = [str(Path(sys.executable).with_name("granian")), "--interface", "wsgi", "--no-ws"]
        command += ["--host", "127.0.0.1", "--port", str(self.port), "--log-level", "error"]
        command += ["--workers", str(self.workers), "--blocking-threads", "1"]
        self.process = run_on(
            SERVER_CORE,
            [*command, "roadmap.wsgi:application"],
            env=environment(self.data, self.cache),
        )
        deadline = time.monotonic() + START_SECONDS
        while not self._answers():
            if time.monotonic() > deadline or self.process.poll() is not None:
                self._end()
                raise SystemExit("bench: the server did not start")
            time.sleep(0.1)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._end()

    def _answers(self) -> bool:
        with contextlib.suppress(OSError, HTTPException):
            connection = HTTPConnection("127.0.0.1", self.port, timeout=5)
            connection.request("GET", "/bench/plain/")
            return connection.getresponse().status == 200
        return False

    def _end(self) -> None:
        workers = self.pids()[1:]
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait(5)
        for pid in workers:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)

    def pids(self) -> list[int]:
        """Return the main process and its workers."""
        found, queue = [], [self.process.pid]
        while queue:
            pid = queue.pop()
            found.append(pid)
            with contextlib.suppress(OSError):
                for children in Path(f"/proc/{pid}/task").glob("*/children"):
                    queue += [int(child) for child in children.read_text().split()]
        return found

    def cpu_seconds(self) -> float:
        """Return the CPU time of the server so far, user and system."""
        ticks = 0
        for pid in self.pids():
            fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
            ticks += int(fields[11]) + int(fields[12])
        return ticks / TICKS

    def worker_megabytes(self) -> float:
        """Return the largest resident set of a worker."""
        sizes = []
        for pid in self.pids()[1:]:
            for line in Path(f"/proc/{pid}/status").read_text().splitlines():
                if line.startswith("VmRSS"):
                    sizes.append(int(line.split()[1]) / 1024)
        return max(sizes, default=0.0)
