"""Addresses of accounts and clinics. Of allauth only what is used: no one signs up here."""

from __future__ import annotations

from allauth.account import views as account
from django.urls import path, re_path

from kapnet.clinics import views

urlpatterns = [
    path("", views.home, name="home"),
    path("about/", views.about, name="about"),
    path("profile/", views.profile, name="profile"),
    path("clinic/", views.clinic, name="clinic"),
    path("clinic/people/<uuid:user_id>/switch/", views.switch_person, name="clinic_switch_person"),
    path(
        "clinic/people/<uuid:user_id>/password-link/",
        views.new_password_link,
        name="clinic_password_link",
    ),
    path("accounts/kept/", views.kept_post, name="kept_post"),
    path("accounts/login/", account.login, name="account_login"),
    path("accounts/logout/", account.logout, name="account_logout"),
    path("accounts/inactive/", account.account_inactive, name="account_inactive"),
    path("accounts/signup/", account.signup, name="account_signup"),
    path("accounts/password/", account.password_change, name="account_change_password"),
    path("accounts/password/set/", account.password_set, name="account_set_password"),
    path("accounts/password/forgot/", account.password_reset, name="account_reset_password"),
    path(
        "accounts/password/forgot/sent/",
        account.password_reset_done,
        name="account_reset_password_done",
    ),
    re_path(
        r"^accounts/password/link/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        account.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path(
        "accounts/password/link/done/",
        account.password_reset_from_key_done,
        name="account_reset_password_from_key_done",
    ),
]
