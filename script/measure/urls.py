"""Every address of the app, and the bare view that is the unit of the web measurements."""

from django.http import HttpRequest, HttpResponse
from django.urls import path

from kapnet.urls import urlpatterns as app_urlpatterns


def bare(request: HttpRequest) -> HttpResponse:
    """An empty page for a signed-in person: nothing but middleware."""
    return HttpResponse()


urlpatterns = [path("bare/", bare), *app_urlpatterns]
handler400 = "kapnet.errors.bad_request"
handler403 = "kapnet.errors.permission_denied"
handler404 = "kapnet.errors.page_not_found"
handler500 = "kapnet.errors.server_error"
