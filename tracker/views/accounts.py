"""What this installation asks of allauth's account pages beyond what they do."""

from typing import Any

from allauth.account.models import EmailAddress
from allauth.account.views import EmailView
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from tracker.models import User


class EmailAddresses(EmailView):  # type: ignore[misc]
    """The page of one's addresses, on which only a confirmed one can become the primary.

    allauth lets a person without any confirmed address take an unconfirmed one, which may be
    somebody else's; that would be theirs to sign in with and to be invited by.
    """

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Add, confirm, remove, or make primary."""
        email = request.POST.get("email", "")
        if "action_primary" in request.POST and not self._may_be_primary(request, email):
            messages.error(request, "Confirm the address first: the letter has a link for it.")
            return redirect("account_email")
        answer: HttpResponse = super().post(request, *args, **kwargs)
        return answer

    @staticmethod
    def _may_be_primary(request: HttpRequest, email: str) -> bool:
        own = EmailAddress.objects.filter(user=request.user, email__iexact=email, verified=True)
        others = User.objects.filter(email__iexact=email).exclude(pk=request.user.pk or 0)
        return bool(own.exists()) and not others.exists()
