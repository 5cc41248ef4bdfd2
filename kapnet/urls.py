"""Where each address leads."""

from __future__ import annotations

from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path
from django.views.generic import RedirectView

admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]
# One page changes passwords: it ends other sessions and writes the audit log.
admin.site.password_change = RedirectView.as_view(  # type: ignore[assignment, method-assign]
    pattern_name="account_change_password"
)
admin.site.site_header = "Accounts and clinics"
admin.site.site_title = "Accounts and clinics"

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("kapnet.core.accounts.urls")),
    path("", include("kapnet.core.directory.urls")),
    path("", include("decisions.smart.urls")),
    path("", include("kapnet.core.clients.urls")),
    path("", include("decisions.desk.urls")),
    path("", include("decisions.consents.urls")),
    path("", include("decisions.emergency.urls")),
    path("", include("decisions.reminders.urls")),
    path("", include("decisions.treatment_history.urls")),
    path("", include("decisions.letters.urls")),
    path("", include("decisions.care_team.urls")),
    path("", include("decisions.patient.urls")),
    path("", include("decisions.life.urls")),
    path("", include("decisions.exit.urls")),
    path("", include("decisions.follow_up.urls")),
    path("", include("decisions.form_links.urls")),
    path("", include("decisions.fhir.received.page_urls")),
    path("", include("decisions.fhir.received.urls")),
    path("", include("decisions.patient_forms.urls")),
    path("", include("decisions.phrases.urls")),
    path("", include("decisions.audit_log.urls")),
    path("", include("decisions.cds.urls")),
    path("", include("decisions.fhir.records.urls")),
    path("", include("decisions.plans.urls")),
    path("", include("decisions.decision_aid.urls")),
    path("", include("decisions.worklist.urls")),
    path("", include("evidence.curation.pages.urls")),
    path("", include("evidence.pages.urls")),
    path("", include("evidence.fhir.urls")),
    path("admin/", admin.site.urls),
]

handler400 = "kapnet.core.web.error_pages.bad_request"
handler403 = "kapnet.core.web.error_pages.permission_denied"
handler404 = "kapnet.core.web.error_pages.page_not_found"
handler500 = "kapnet.core.web.error_pages.server_error"
