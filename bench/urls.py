from django.http import HttpRequest, HttpResponse
from django.template import Context, Engine
from django.urls import include, path

from municipalities.models import County

BARE = Engine().from_string(
    "<!DOCTYPE html><html lang='de'><title>{{ title }}</title><p>{{ county }}</p></html>"
)


def bare(request: HttpRequest) -> HttpResponse:
    """What Django itself costs: the portal's middleware, a signed-in person, one query, one line of HTML."""
    return HttpResponse(BARE.render(Context({"title": "Bare", "county": County.objects.first()})))


urlpatterns = [path("bench/bare/", bare), path("", include("kiv_portal.urls"))]
