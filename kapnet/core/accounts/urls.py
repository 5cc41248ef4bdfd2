"""Addresses of accounts and clinics. Of allauth only what is used: no one signs up here."""

from __future__ import annotations

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as recovery_codes
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as webauthn
from django.urls import path, re_path

from kapnet.core.accounts import clinic_settings_views, views
from kapnet.core.accounts.passkeys import RemovePasskey
from kapnet.core.accounts.policies import require

anyone, oneself = require("account.sign_in"), require("account.secure")

urlpatterns = [
    path("", views.home, name="home"),
    path("about/", views.about, name="about"),
    path("profile/", views.profile, name="profile"),
    path("profile/away/", clinic_settings_views.away, name="away"),
    path("clinic/", views.clinic, name="clinic"),
    path("clinic/settings/", clinic_settings_views.clinic_settings, name="clinic_settings"),
    path(
        "clinic/people/<uuid:user_id>/away/",
        clinic_settings_views.person_away,
        name="clinic_person_away",
    ),
    path("clinic/who-may-do-what/", views.who_may_do_what, name="who_may_do_what"),
    path("clinic/people/<uuid:user_id>/switch/", views.switch_person, name="clinic_switch_person"),
    path(
        "clinic/people/<uuid:user_id>/password-link/",
        views.new_password_link,
        name="clinic_password_link",
    ),
    path(
        "clinic/people/<uuid:user_id>/password-link/show/",
        views.show_password_link,
        name="clinic_show_password_link",
    ),
    path("clinic/people/<uuid:user_id>/role/", views.change_role, name="clinic_change_role"),
    path(
        "clinic/people/<uuid:user_id>/second-step/reset/",
        views.reset_second_factor,
        name="clinic_reset_second_step",
    ),
    path("notices/seen/", views.notices_seen, name="notices_seen"),
    path("accounts/session/", views.session, name="session"),
    path("accounts/kept/", views.kept_post, name="kept_post"),
    path("accounts/unsaved/", views.unsaved, name="unsaved"),
    path("accounts/login/", anyone(account.login), name="account_login"),
    path("accounts/logout/", anyone(account.logout), name="account_logout"),
    path("accounts/again/", oneself(account.reauthenticate), name="account_reauthenticate"),
    path("accounts/second-step/", oneself(mfa.index), name="mfa_index"),
    path("accounts/second-step/enter/", anyone(mfa.authenticate), name="mfa_authenticate"),
    path("accounts/second-step/again/", oneself(mfa.reauthenticate), name="mfa_reauthenticate"),
    path("accounts/second-step/app/", oneself(totp.activate_totp), name="mfa_activate_totp"),
    path(
        "accounts/second-step/app/remove/",
        oneself(totp.deactivate_totp),
        name="mfa_deactivate_totp",
    ),
    path(
        "accounts/second-step/codes/",
        oneself(recovery_codes.view_recovery_codes),
        name="mfa_view_recovery_codes",
    ),
    path(
        "accounts/second-step/codes/new/",
        oneself(recovery_codes.generate_recovery_codes),
        name="mfa_generate_recovery_codes",
    ),
    path("accounts/second-step/passkeys/", oneself(mfa.index), name="mfa_list_webauthn"),
    path(
        "accounts/second-step/passkeys/new/",
        oneself(webauthn.add_webauthn),
        name="mfa_add_webauthn",
    ),
    path(
        "accounts/second-step/passkeys/again/",
        oneself(webauthn.reauthenticate_webauthn),
        name="mfa_reauthenticate_webauthn",
    ),
    path(
        "accounts/second-step/passkeys/<int:pk>/remove/",
        oneself(RemovePasskey.as_view()),
        name="mfa_remove_webauthn",
    ),
    path("accounts/inactive/", anyone(account.account_inactive), name="account_inactive"),
    path("accounts/signup/", anyone(account.signup), name="account_signup"),
    path("accounts/password/", oneself(account.password_change), name="account_change_password"),
    path("accounts/password/set/", oneself(account.password_set), name="account_set_password"),
    path(
        "accounts/password/forgot/", anyone(account.password_reset), name="account_reset_password"
    ),
    path(
        "accounts/password/forgot/sent/",
        anyone(account.password_reset_done),
        name="account_reset_password_done",
    ),
    re_path(
        r"^accounts/password/link/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        anyone(account.password_reset_from_key),
        name="account_reset_password_from_key",
    ),
    path(
        "accounts/password/link/done/",
        anyone(account.password_reset_from_key_done),
        name="account_reset_password_from_key_done",
    ),
]
