"""What is measured, in order; each part fills ``values`` by the names of the targets."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.bench.child import CSRF
from tests.bench.pages import Browser, admin_rows, form_fields, list_rows
from tests.bench.rounds import BARE, EVERY, Ratio, against_bare, burst, python_load
from tests.bench.seed import ask_child, data_folder
from tests.bench.server import Server

SMALL, MIDDLE, LARGE = 1_000, 10_000, 1_000_000
PLAIN, EDIT, EDITED = "/bench/plain/", "/bench/edit/", "/bench/edited/"


class Bench:
    """One run over the sets."""

    def __init__(self, *, rounds: int, seconds: float, full: bool) -> None:
        self.rounds, self.seconds, self.full = rounds, seconds, full
        self.values: dict[str, float] = {}
        self.details: list[str] = []
        self.left_out: list[str] = []

    def run(self, only: str = "") -> None:
        """Measure everything, or one part."""
        parts: dict[str, Callable[[], None]] = {
            "pages": self.pages,
            "edits": self.edits,
            "queries": self.queries,
            "transfer": self.transfer,
            "growth": self.growth,
        }
        for name, part in parts.items():
            if only in ("", name):
                part()

    def pages(self) -> None:
        """The ratios of pages at 10k, with and without what the cache keeps."""
        folder = data_folder(MIDDLE)
        told = ask_child(folder, "prepare")
        self.details.append(f"{told['initiatives']:,} initiatives in {told['teams']} teams")
        with Server(folder) as server:
            for name in ("overview", "portfolio"):
                self._page(server, told, name, "viewer", f"{name}_cached")
            self._after_edits(server, told)
            own = self._page(server, told, "list", "lead", "list")
            self._against_admin(server, told, own)
            self.values["memory"] = server.worker_megabytes()
        with Server(folder, cache=False) as server:
            for name in ("overview", "portfolio"):
                self._page(server, told, name, "viewer", f"{name}_cold")

    def _after_edits(self, server: Server, told: dict[str, Any]) -> None:
        """What people meet after an edit: of the team, of all teams, or of the largest team."""
        edited = {
            "overview_uncached": ("overview", told["team"]),
            "portfolio_uncached": ("portfolio", EVERY),
            "portfolio_edited": ("portfolio", told["largest"]),
        }
        for value, (name, slug) in edited.items():
            if told["paths"][name]:
                path = {"path": f"{EDITED}{slug}/{name}/", "edit": f"{EDIT}{slug}/"}
                self._page(server, told, name, "viewer", value, **path)

    def _page(
        self,
        server: Server,
        told: dict[str, Any],
        name: str,
        who: str,
        value: str,
        *,
        path: str = "",
        edit: str = "",
    ) -> Ratio | None:
        path, cookie = path or told["paths"][name], told["cookies"][who]
        if not self._exists(server, cookie, path, name):
            return None
        ratio = against_bare(
            server, cookie, path, rounds=self.rounds, seconds=self.seconds, edit=edit
        )
        self.values[value] = ratio.of_bare
        self.details.append(
            f"{value}: {ratio.cpu_ms:.2f} ms CPU a request, bare {ratio.bare_ms:.2f}, "
            f"{ratio.rate:.0f} a second"
        )
        return ratio

    def _exists(self, server: Server, cookie: str, path: str | None, name: str) -> bool:
        status = Browser(server.port, cookie).get(path)[0] if path else 0
        if status != 200:
            self.left_out.append(f"{name} ({path or 'no such address'}: {status or 'missing'})")
        return status == 200

    def _against_admin(self, server: Server, told: dict[str, Any], own: Ratio | None) -> None:
        path, cookie = told["paths"]["admin"], told["cookies"]["lead"]
        if own is None or not self._exists(server, cookie, path, "admin"):
            return
        browser = Browser(server.port, cookie)
        rows = list_rows(browser.get(told["paths"]["list"])[1])
        theirs = admin_rows(browser.get(path)[1])
        if not rows or not theirs:
            self.left_out.append(f"CPU a row: {rows} rows of ours, {theirs} of the admin's")
            return
        admin = against_bare(server, cookie, path, rounds=self.rounds, seconds=self.seconds)
        a_row = (own.cpu_ms / rows, admin.cpu_ms / theirs)
        self.values["row_of_admin"] = a_row[0] / a_row[1]
        self.details.append(
            f"CPU a row: list {a_row[0]:.3f} ms ({rows} rows), admin {a_row[1]:.3f} ({theirs})"
        )

    def edits(self) -> None:
        """Edits a second with two workers and 8 clients, and failures at 32."""
        folder = data_folder(MIDDLE)
        told = ask_child(folder, "prepare")
        cookie = told["cookies"]["lead"]
        with Server(folder, workers=2) as server:
            if not self._exists(server, cookie, told["cells"][0], "inline edit"):
                return
            rates, of_plain, of_bare = [], [], []
            for _ in range(self.rounds):
                plain = burst(server, "", PLAIN, self.seconds, 8).rate
                bare = burst(server, cookie, BARE, self.seconds, 8).rate
                done = self._edit(server, folder, 8)
                rate = done["done"] / done["seconds"]
                rates.append(rate)
                of_plain.append(rate / plain)
                of_bare.append(rate / bare)
            many = self._edit(server, folder, 32)
        middle = self.rounds // 2
        self.values["edits"] = sorted(of_plain)[middle]
        self.values["edits_of_bare_page"] = sorted(of_bare)[middle]
        self.values["edit_errors_32"] = len(many["failures"])
        self.details.append(
            f"edits: {sorted(rates)[middle]:.0f} a second of 8 clients; of 32 clients "
            f"{many['done'] / many['seconds']:.0f}, p99 {many['p99'] or 0:.2f} s, the slowest "
            f"client got {many['fewest']}, failures {sorted(set(many['failures'])) or 'none'}"
        )

    def _edit(self, server: Server, folder: Path, clients: int) -> dict[str, Any]:
        told = ask_child(folder, "prepare")
        cookie = told["cookies"]["lead"]
        form = form_fields(Browser(server.port, cookie).get(told["cells"][0])[1])
        fields = {k: v for k, v in form.items() if k not in ("csrfmiddlewaretoken", "q")}
        edits = [
            {"path": path, "version": version, "field": "title", "text": "Edited", "fields": fields}
            for path, version in zip(told["cells"], told["versions"], strict=True)
        ]
        headers = {"Cookie": cookie, "X-CSRFToken": CSRF, "HX-Request": "true"}
        plan = {"port": server.port, "headers": headers, "edits": edits, "clients": clients}
        return python_load(plan | {"seconds": self.seconds * 2}, server)

    def queries(self) -> None:
        """Query counts, by a test client."""
        counts = ask_child(data_folder(MIDDLE), "queries")
        for name, count in counts.items():
            self.values[f"queries_{name}"] = count

    def transfer(self) -> None:
        """What a first and a repeat visit fetch, with brotli."""
        folder = data_folder(SMALL)
        told = ask_child(folder, "prepare")
        cookie = told["cookies"]["lead"]
        with Server(folder) as server:
            for name, page in (("chart", "overview"), ("list", "list")):
                path = told["paths"][page]
                if self._exists(server, cookie, path, f"transfer of {page}"):
                    first, again = Browser(server.port, cookie).transfer(path)
                    self.values[f"first_{name}"], self.values[f"repeat_{name}"] = first, again

    def growth(self) -> None:
        """A million initiatives against a thousand, by CPU a request (``--full`` only)."""
        if not self.full:
            return
        costs = {size: self._costs(size) for size in (SMALL, LARGE)}
        for name in costs[LARGE]:
            self.values[f"grow_{name}"] = costs[LARGE][name] / costs[SMALL][name]

    def _costs(self, size: int) -> dict[str, float]:
        folder = data_folder(size)
        told = ask_child(folder, "prepare")
        cookie, costs = told["cookies"]["viewer"], {}
        asked = {
            "portfolio_cached": (told["paths"]["portfolio"], ""),
            "portfolio_uncached": (f"{EDITED}{told['largest']}/portfolio/", told["largest"]),
            "overview_uncached": (f"{EDITED}{told['team']}/overview/", told["team"]),
        }
        with Server(folder) as server:
            for name, (path, slug) in asked.items():
                if self._exists(server, cookie, path, f"{name} at {size:,}"):
                    costs[name] = against_bare(
                        server,
                        cookie,
                        path,
                        rounds=self.rounds,
                        seconds=self.seconds,
                        edit=f"{EDIT}{slug}/" if slug else "",
                    ).cpu_ms
        return costs
