"""Every address of the app, and a bare view: nothing but the middleware."""

from django.http import HttpRequest, HttpResponse
from django.urls import path

from kapnet.urls import urlpatterns as app_urlpatterns


def bare(request: HttpRequest) -> HttpResponse:
    """An empty page for a signed-in person: nothing but middleware."""
    return HttpResponse()


urlpatterns = [path("bare/", bare), *app_urlpatterns]
handler400 = "kapnet.core.web.error_pages.bad_request"
handler403 = "kapnet.core.web.error_pages.permission_denied"
handler404 = "kapnet.core.web.error_pages.page_not_found"
handler500 = "kapnet.core.web.error_pages.server_error"
