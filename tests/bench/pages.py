"""Pages as a browser fetches them: their size over the wire, their forms, their rows."""

import gzip
import re
from collections.abc import Iterable
from html import unescape
from html.parser import HTMLParser
from http.client import HTTPConnection
from posixpath import dirname, join, normpath

import brotli  # type: ignore[import-untyped]

LINKED = re.compile(r'(?:src|href)="(/static/[^"#?]+)')
IN_CSS = re.compile(r"""url\(\s*["']?((?!data:)[^"'#)][^"')]*)""")
FONT_FACE = re.compile(r"@font-face\s*\{([^}]*)\}")
RANGES = re.compile(r"U\+([0-9A-F]+)(?:-([0-9A-F]+))?", re.IGNORECASE)
IN_MODULE = re.compile(r"""(?:from|import)\s*["'](\.{1,2}/[^"']+)["']""")


class _Fields(HTMLParser):
    """Collects what the first form that posts would send."""

    def __init__(self) -> None:
        super().__init__()
        self.found: dict[str, str] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Remember named inputs."""
        given = dict(attrs)
        if tag == "input" and given.get("name"):
            self.found.setdefault(str(given["name"]), given.get("value") or "")


def form_fields(html: str) -> dict[str, str]:
    """Return the names and values of the inputs of a page or fragment."""
    parser = _Fields()
    parser.feed(html)
    return parser.found


class Browser:
    """Fetches with brotli and counts the bytes of bodies and headers."""

    def __init__(self, port: int, cookie: str) -> None:
        self.port, self.cookie = port, cookie

    def get(self, path: str, encoding: str = "br, gzip") -> tuple[int, str, int, str]:
        """Return status, text, bytes over the wire and the Cache-Control header.

        The cookies of the answer go with the next request, as in any browser.
        """
        connection = HTTPConnection("127.0.0.1", self.port, timeout=120)
        headers = {"Cookie": self.cookie, "Accept-Encoding": encoding, "Accept": "text/html,*/*"}
        connection.request("GET", path, headers=headers)
        response = connection.getresponse()
        body = response.read()
        size = len(body) + sum(len(name) + len(value) + 4 for name, value in response.getheaders())
        for cookie in response.msg.get_all("Set-Cookie") or ():
            self.cookie = _with(self.cookie, cookie.partition(";")[0])
        unpack = {"br": brotli.decompress, "gzip": gzip.decompress}
        kind = response.getheader("Content-Encoding", "")
        text = unpack.get(kind, bytes)(body).decode("utf-8", "replace")
        connection.close()
        return response.status, text, size, response.getheader("Cache-Control", "")

    def transfer(self, path: str) -> tuple[float, float]:
        """Return KB of a first visit and of a repeat visit (what may not be kept for ever)."""
        status, html, first, _ = self.get(path)
        if status != 200:
            raise SystemExit(f"bench: {path} answered {status}")
        again = self.get(path)[2]
        seen: set[str] = set()
        queue = list(LINKED.findall(html))
        while queue:
            asset = queue.pop()
            if asset in seen:
                continue
            seen.add(asset)
            status, text, size, kept = self.get(asset)
            first += size
            again += 0 if "immutable" in kept else size
            queue += _mentioned(asset, text, html)
        return first / 1024, again / 1024


def _with(cookies: str, cookie: str) -> str:
    name = cookie.partition("=")[0]
    others = [each for each in cookies.split("; ") if each and each.partition("=")[0] != name]
    return "; ".join([*others, cookie])


def _mentioned(asset: str, text: str, page: str) -> Iterable[str]:
    """Return what a file has a browser fetch: of a font's files those the page has signs of."""
    if asset.endswith(".css"):
        text = FONT_FACE.sub(lambda face: face[1] if _is_needed(face[1], page) else "", text)
    pattern = {"css": IN_CSS, "js": IN_MODULE}.get(asset.rpartition(".")[2])
    if pattern is None or "/vendor/plotly" in asset:
        return []
    return [normpath(join(dirname(asset), name)) for name in pattern.findall(text)]


def _is_needed(face: str, page: str) -> bool:
    _, _, told = face.partition("unicode-range:")
    ranges = [(int(low, 16), int(high or low, 16)) for low, high in RANGES.findall(told)]
    shown = set(map(ord, unescape(page)))
    return not ranges or any(low <= sign <= high for low, high in ranges for sign in shown)


def admin_rows(html: str) -> int:
    """Return how many rows an admin changelist shows."""
    return html.count('name="_selected_action"')


def list_rows(html: str) -> int:
    """Return how many initiatives the list shows: rows with a check box of their own."""
    return html.count("row-check")
