"""Interleaved rounds: a bare page and a measured page in turn, by CPU time a request."""

import json
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from statistics import median
from typing import Any

from tests.bench.server import LOAD_CORE, Server, environment, run_on

WRK_DONE = re.compile(r"(\d+) requests in")
WRK_FAILED = re.compile(r"Non-2xx or 3xx responses: (\d+)")
BARE = "/bench/bare/"
EVERY = "every"  # in place of a team in the address of an edit


@dataclass(frozen=True, slots=True)
class Burst:
    """What one burst of requests came to."""

    done: int
    seconds: float
    cpu: float

    @property
    def cpu_ms(self) -> float:
        """Return the server's CPU time a request, in milliseconds."""
        return self.cpu * 1000 / self.done

    @property
    def rate(self) -> float:
        """Return requests a second."""
        return self.done / self.seconds

    def without(self, cpu_ms: float) -> "Burst":
        """Return the burst less some CPU time a request."""
        return Burst(self.done, self.seconds, self.cpu - cpu_ms * self.done / 1000)


@dataclass(frozen=True, slots=True)
class Ratio:
    """The medians over rounds of a page against the bare page of the same round."""

    of_bare: float
    cpu_ms: float
    bare_ms: float
    rate: float

    @classmethod
    def of(cls, pairs: list[tuple[Burst, Burst]]) -> "Ratio":
        """Return the medians of (bare, page) pairs."""
        return cls(
            median(bare.cpu_ms / page.cpu_ms for bare, page in pairs),
            median(page.cpu_ms for _, page in pairs),
            median(bare.cpu_ms for bare, _ in pairs),
            median(page.rate for _, page in pairs),
        )


def burst(server: Server, cookie: str, path: str, seconds: float, clients: int = 2) -> Burst:
    """Ask for one page again and again and read the server's CPU time before and after."""
    before = server.cpu_seconds()
    run = _by_wrk if shutil.which("wrk") else _by_python
    done, took = run(server, cookie, path, seconds, clients)
    return Burst(done, took, server.cpu_seconds() - before)


def against_bare(
    server: Server, cookie: str, path: str, *, rounds: int, seconds: float, edit: str = ""
) -> Ratio:
    """Measure a page in interleaved rounds with the bare page.

    Where the page comes after an ``edit`` in the same request, what the edit costs is measured
    as well, by the bare page after it, and taken off.
    """
    for each in (path, BARE, edit):
        if each:
            burst(server, cookie, each, min(seconds, 0.5))  # warms templates, connections, caches
    pairs = []
    for _ in range(rounds):
        bare = burst(server, cookie, BARE, seconds)
        written = burst(server, cookie, edit, seconds) if edit else bare
        page = burst(server, cookie, path, seconds)
        pairs.append((bare, page.without(written.cpu_ms - bare.cpu_ms)))
    return Ratio.of(pairs)


def python_load(plan: dict[str, Any], server: Server) -> dict[str, Any]:
    """Run a plan of ``tests.bench.load`` on the core of the load."""
    process = run_on(
        LOAD_CORE,
        [sys.executable, "-m", "tests.bench.load"],
        env=environment(server.data),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    out, _ = process.communicate(json.dumps(plan), timeout=plan["seconds"] + 90)
    return json.loads(out)  # type: ignore[no-any-return]


def _by_wrk(
    server: Server, cookie: str, path: str, seconds: float, clients: int
) -> tuple[int, float]:
    whole = max(1, round(seconds))
    command = ["wrk", "-t1", f"-c{clients}", f"-d{whole}s", "--timeout", "30s"]
    command += ["-H", f"Cookie: {cookie}", f"http://127.0.0.1:{server.port}{path}"]
    process = run_on(LOAD_CORE, command, stdout=subprocess.PIPE)
    out, _ = process.communicate(timeout=whole + 60)
    found = WRK_DONE.search(out)
    if not found or WRK_FAILED.search(out) or int(found[1]) == 0:
        raise SystemExit(f"bench: {path} did not answer as it should:\n{out}")
    return int(found[1]), whole


def _by_python(
    server: Server, cookie: str, path: str, seconds: float, clients: int
) -> tuple[int, float]:
    plan = {"port": server.port, "path": path, "headers": {"Cookie": cookie}}
    told = python_load(plan | {"seconds": seconds, "clients": clients}, server)
    if told["failures"] or not told["done"]:
        raise SystemExit(f"bench: {path} did not answer as it should: {told['failures'][:3]}")
    return told["done"], told["seconds"]
