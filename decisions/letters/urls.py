"""Where the pages of letters are. They come before those of cases, whose last word is free."""

from __future__ import annotations

from django.urls import path

from decisions.letters import case_views, recipient_views, signed_views
from decisions.letters.copies import views as copy_views
from decisions.letters.facts import source_views
from decisions.letters.facts import views as facts_views
from decisions.letters.new_answers import views as new_answers_views
from decisions.letters.signer_tasks import views as task_views
from decisions.letters.verification import views as verify_views

app_name = "letters"
OF_CASE = "cases/<uuid:case_id>/letters/"
ONE_OF_CASE = f"{OF_CASE}<uuid:letter_id>/"

urlpatterns = [
    path(OF_CASE, case_views.compose_list, name="compose_list"),
    path(f"{OF_CASE}facts/", facts_views.facts, name="facts"),
    path(ONE_OF_CASE, case_views.letter, name="letter"),
    path(f"{ONE_OF_CASE}recipient/", recipient_views.recipient, name="recipient"),
    path(f"{ONE_OF_CASE}source/", source_views.source, name="source"),
    path(f"{ONE_OF_CASE}draft.pdf", case_views.draft_pdf, name="draft_pdf"),
    path(f"{ONE_OF_CASE}sign/", case_views.sign, name="sign"),
    path(f"{ONE_OF_CASE}correct/", case_views.correct, name="correct"),
    path(f"{ONE_OF_CASE}decision/", new_answers_views.newest_decision, name="newest_decision"),
    path(f"{ONE_OF_CASE}answers/", new_answers_views.new_answers, name="new_answers"),
    path(f"{ONE_OF_CASE}tasks/", task_views.tasks, name="tasks"),
    path("verify/", verify_views.verify, name="verify"),
    path("letters/withdrawn/", signed_views.on_withdrawn, name="on_withdrawn"),
    path("letters/<uuid:letter_id>/", signed_views.detail, name="detail"),
    path("letters/<uuid:letter_id>/pdf/", signed_views.pdf, name="pdf"),
    path("letters/<uuid:letter_id>/text/", copy_views.letter_text, name="letter_text"),
    path(
        "cases/<uuid:case_id>/decisions/<int:number>/text/",
        copy_views.decision_text,
        name="decision_text",
    ),
    path("letters/<uuid:letter_id>/archive/", signed_views.archive, name="archive"),
]
