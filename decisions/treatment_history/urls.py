"""Where treatment history is. It comes before the pages of cases, whose last word is free."""

from __future__ import annotations

from django.urls import path

from decisions.treatment_history import views

app_name = "history"
OF_CASE = "cases/<uuid:case_id>/history/"

urlpatterns = [
    path(OF_CASE, views.history, name="history"),
    path(f"{OF_CASE}now/", views.medicines_now, name="medicines_now"),
    path(f"{OF_CASE}rows/<uuid:row_id>/", views.row, name="row"),
    path(f"{OF_CASE}rows/<uuid:row_id>/remove/", views.remove, name="remove"),
    path(f"{OF_CASE}<slug:kind>/add/", views.add, name="add"),
    path(f"{OF_CASE}<slug:kind>/none/", views.none, name="none"),
]
