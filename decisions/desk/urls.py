"""Where the pages of the desk are."""

from __future__ import annotations

from django.urls import path

from decisions.desk import export_views, views
from decisions.desk.replies import views as reply_views

app_name = "desk"

urlpatterns = [
    path("letters/", views.queue, name="queue"),
    path("letters/exports/", export_views.exports, name="exports"),
    path("letters/exports/<uuid:export_id>/", export_views.export, name="export"),
    path("letters/exports/<uuid:export_id>/file/", export_views.file, name="file"),
    path("letters/exports/<uuid:export_id>/go-on/", export_views.resume, name="resume"),
    path("r/", reply_views.reply, name="reply"),
    path("r/sent/", reply_views.sent, name="reply_sent"),
    path("r/<str:code>/", reply_views.reply, name="reply_with"),
    path("letters/<uuid:letter_id>/desk/", views.letter, name="letter"),
    path("letters/<uuid:letter_id>/export/", views.export_one, name="export_one"),
]
