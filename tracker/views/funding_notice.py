"""What says in passing that an opportunity is unfunded, where asking would stop the flow."""

from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse
from django.utils.html import format_html

from tracker.access import HttpRequest, today
from tracker.domain.mix import Origin
from tracker.figures.funding import pd
from tracker.htmx import tell
from tracker.models import Initiative
from tracker.queries.funding_entries import lack_of

ASKS = "Say what gives way"
MOVES = {"origin", "status", "estimate"}  # the fields whose change may leave it unfunded


def tell_lack(request: HttpRequest, it: Initiative, answer: HttpResponse | None = None) -> None:
    """Tell by how much an initiative is unfunded and link to its panel; nothing where it is not.

    As a toast of the htmx ``answer`` or, without one, as a message of the next page. One query.
    """
    if it.origin == Origin.UNCLASSIFIED or it.estimate_mpd is None:
        return
    lack = lack_of(it.pk, today())
    if lack is None:
        return
    text = f"{it.key} is unfunded by {pd(lack)} pd"
    url = f"{reverse('initiative_funding', args=[it.key])}#funding"
    if answer is None:
        messages.warning(request, format_html('{}. <a href="{}">{}</a>', text, url, ASKS))
    else:
        tell(answer, "toast", {"target": "body", "text": text, "url": url, "label": ASKS})
