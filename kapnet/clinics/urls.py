"""Addresses of accounts and clinics. Of allauth only what is used: no one signs up here."""

from __future__ import annotations

from allauth.account import views as account
from django.urls import path, re_path

from kapnet.clinics import views
from kapnet.clinics.policies import require

anyone, oneself = require("account.sign_in"), require("account.secure")

urlpatterns = [
    path("", views.home, name="home"),
    path("about/", views.about, name="about"),
    path("profile/", views.profile, name="profile"),
    path("clinic/", views.clinic, name="clinic"),
    path("clinic/who-may-do-what/", views.who_may_do_what, name="who_may_do_what"),
    path("clinic/people/<uuid:user_id>/switch/", views.switch_person, name="clinic_switch_person"),
    path(
        "clinic/people/<uuid:user_id>/password-link/",
        views.new_password_link,
        name="clinic_password_link",
    ),
    path("accounts/session/", views.session, name="session"),
    path("accounts/kept/", views.kept_post, name="kept_post"),
    path("accounts/login/", anyone(account.login), name="account_login"),
    path("accounts/logout/", anyone(account.logout), name="account_logout"),
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
