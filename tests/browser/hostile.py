"""Texts that attack where they are not taken for text, put wherever people type."""

from typing import Any
from uuid import uuid4

import pytest
from playwright.sync_api import Dialog, Page
from pytest_django.live_server_helper import LiveServer

from tests.browser.support import Log, Open, excess
from tests.cast import Cast
from tracker.actions import comments, initiatives
from tracker.domain.lifecycle import Status
from tracker.models import (
    Holiday,
    Initiative,
    Membership,
    Role,
    Team,
    User,
)

CORPUS = (
    "<script>window.pwned=1</script>",
    "</script><script>alert(1)</script>",
    "<img src=x onerror=window.pwned=1>",
    '"><svg onload=alert(1)>',
    "' onmouseover='window.pwned=1' autofocus onfocus='window.pwned=1",
    "<x-hostile hx-get=/ hx-trigger=load>x</x-hostile>",
    "[click](javascript:window.pwned=1)",
    "![x](data:text/html,<script>window.pwned=1</script>)",
    "javascript:window.pwned=1//",
    "`${window.pwned=1}` \"quoted\" 'too' \\",
    "{{7*7}} {% now 'Y' %} {{ request.user }}",
    "\u202eright to left",
    "zero\u200bwidth\u200djoiners\u2060here",
    "emoji 👩‍👩‍👧‍👦 🏳️‍🌈 e\u0301 Z̸̢̛a̷l̶g̵o̶",
    "W" * 200,
    "<b>hostile</b><br><sup>x</sup>",
    '<a href="javascript:window.pwned=1">x</a>',
    "%{y} %{customdata} %{x:.3f}<extra></extra>",
    '=HYPERLINK("javascript:alert(1)","x")',
    "<!-- not a comment",
    "&lt;b&gt;hostile&lt;/b&gt; &amp;amp; &#60;",
    "]]><style>*{display:none}</style>",
)


# What a page says, in the pieces in which it says it: text, what stands in fields, and nothing of
# the programs and data beside it.
SAID = """() => {
    const said = [...document.querySelectorAll("input, textarea")].map((field) => field.value);
    const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walk.nextNode()) {
        const { data, parentElement } = walk.currentNode;
        if (!parentElement.closest("script, style")) said.push(data);
    }
    return said.map((text) => text.replace(/\\s+/g, " ").trim());
}"""


# What the text would have made of the page, had it been taken for more than text.
MADE = """() => [
    ...document.querySelectorAll(`x-hostile, iframe, object, embed, base, body style, [onerror],
        [onload], [onclick], [onfocus], [onmouseover], [href^="javascript:" i],
        [href^="data:text" i], [src^="javascript:" i], [src^="data:text" i], img[src="x"],
        script:not([src]):not([type="application/json"])`),
    ...[...document.querySelectorAll("b, strong")].filter((one) => one.textContent === "hostile"),
].map((one) => one.outerHTML.slice(0, 200)).concat(window.pwned ? ["it ran"] : [])"""


def words(text: str, most: int = 200) -> str:
    """Return text as the store takes it and a page shows it."""
    return " ".join(text[:most].split())


class Watch:
    """A page on which a dialog is a fault, and what is wrong with what it shows."""

    def __init__(self, page: Page, base: str) -> None:
        self.page, self.base = page, base
        self.faults: list[Any] = []
        page.on("dialog", self._dialog)

    def _dialog(self, dialog: Dialog) -> None:
        self.faults.append(("a dialog", self.page.url, dialog.message))
        dialog.dismiss()

    def open(self, path: str, *texts: str) -> None:
        """Go somewhere and look for the texts there."""
        answer = self.page.goto(self.base + path)
        assert answer
        assert answer.status == 200, path
        self.look(*texts)

    def look(self, *texts: str) -> None:
        """Note what became more than text, which text is not whole, and what sticks out."""
        where = self.page.url.removeprefix(self.base)
        said = "\n".join(self.page.evaluate(SAID))
        self.faults += [(where, "missing", text) for text in texts if text not in said]
        self.faults += [(where, "made", made) for made in self.page.evaluate(MADE)]
        if more := excess(self.page, 375):
            self.faults.append((where, "sticks out", more))


def person_of(number: int, text: str, team: Team) -> User:
    name = words(text, 120)
    user = User.objects.create_user(f"hostile{number}@example.org", name=name)
    Membership.objects.create(user=user, team=team, role=Role.MEMBER)
    return user


@pytest.fixture
def hostile(cast: Cast, log: Log) -> list[Initiative]:
    """Put the corpus wherever people type, and return an initiative for each of its texts."""
    today = cast.org.today()
    made = []
    for number, text in enumerate(CORPUS):
        Team.objects.create(name=words(text, 80), slug=f"h{number}", key_prefix=f"H{number}Z")
        holiday = today.replace(month=1, day=number + 1)
        Holiday.objects.create(team=cast.platform, day=holiday, name=words(text, 120))
        owner = person_of(number, text, cast.platform)
        it = log(
            words(text),
            origin="opportunistic",
            reason=text,
            description=f"{text}\n\n> {text}",
            owner=owner,
            pd=3,
            status=Status.ACTIVE,
            today=today,
        )
        initiatives.relabel(by=owner, pk=it.pk, add=[text[:50]])
        comments.add(by=owner, initiative=it, body=text, creation_key=uuid4())
        changes = {"external_source": text[:40], "external_key": text[:120]}
        initiatives.edit(by=owner, pk=it.pk, version=2, changes=changes, reason=text)
        made.append(it)
    cast.platform.name, cast.platform.working_weekdays = "</title><script>alert(1)</script>", 127
    cast.platform.save()
    return made


@pytest.fixture
def watch(page: Page, site: LiveServer, open_as: Open, hostile: list[Initiative]) -> Watch:
    """Give a page of the superuser's, who sees everything."""
    open_as("superuser", "/accounts/logout/")
    return Watch(page, site.url)
