"""A page for load balancers and watchdogs."""

from django.db import Error, connection
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe


@require_safe
@never_cache
def health(request: HttpRequest) -> JsonResponse:
    """Answer 200 where the store answers, else 503; says nothing about what is inside."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except Error:
        return JsonResponse({"status": "no store"}, status=503, headers={"Retry-After": "10"})
    return JsonResponse({"status": "ok"})
