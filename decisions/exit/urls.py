"""Where everything of a clinic is taken along."""

from __future__ import annotations

from django.urls import path

from decisions.exit import views
from decisions.exit.bulk import views as bulk
from decisions.fhir.registry import Offered, addresses

app_name = "exit"
EXPORT = "http://hl7.org/fhir/uv/bulkdata/OperationDefinition/export"

urlpatterns = [
    path("clinic/exit/", views.exit_page, name="exit"),
    path("clinic/exit/ask/", views.ask, name="ask"),
    path("clinic/exit/<uuid:exit_id>/settle/", views.settle, name="settle"),
    path("clinic/exit/<uuid:exit_id>/begin/", views.begin_file, name="begin"),
    path("clinic/exit/<uuid:exit_id>/resume/", views.resume, name="resume"),
    path("clinic/exit/<uuid:exit_id>/stop/", views.stop_it, name="stop"),
    path("clinic/exit/<uuid:exit_id>/file/", views.file, name="file"),
]
urlpatterns += addresses(
    Offered("$export", "GET", bulk.export, operation="export", definition=EXPORT),
    Offered("$export/<str:job>", "GET", bulk.state),
    Offered("$export/<str:job>", "DELETE", bulk.remove),
    Offered("$export/<str:job>/<str:name>.ndjson", "GET", bulk.file),
)
