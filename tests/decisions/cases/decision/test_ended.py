"""Every sentence that rests on something that has ended says so, wherever pages show it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from decisions.cases.decision.ended import say_rule, with_ended_said
from decisions.cases.section.why_asked import why_asked
from decisions.rules.engine.edition import Edition
from decisions.rules.engine.outcomes import Finding, Outcome, Pending
from decisions.rules.loading import edition_ids, load_edition
from evidence.curation.release_actions import load_evidence
from evidence.domain.entries import EvidenceBase
from evidence.ending import Endings
from evidence.loading import load_dossier
from kapnet.core.people.models import User
from tests.collecting import for_each
from tests.decisions.letters.stored_letters import make_decision, make_draft
from tests.decisions.plans.plan_factories import store as store_plan
from tests.decisions.rules.cases import base_with, decide_raw
from tests.evidence.evidence_factories import with_source

TODAY = date(2026, 11, 23)
SAYS = "This rule has ended; check. It was valid until 22 November 2026."


def ended(*keys: str) -> Endings:
    evidence = load_dossier()
    for key in keys:
        evidence = with_source(evidence, key, valid_until=TODAY - timedelta(days=1))
    return Endings(evidence, TODAY)


def everything_said(outcome: Outcome) -> Iterator[Finding | Pending]:
    """All that carries a sentence, whatever the field is called."""
    for holder in (outcome, *outcome.options.values()):
        for name in type(holder).model_fields:
            for one in getattr(holder, name) if isinstance(getattr(holder, name), tuple) else ():
                if isinstance(one, Finding | Pending):
                    yield one


def test_each_sentence_of_an_outcome_says_it_and_no_other() -> None:
    edition = load_edition()
    answers = base_with(suicide_risk="plan_or_intent", bp_systolic=190, head_metal="unknown")
    outcome = decide_raw(answers)
    keys = {one.key for found in outcome.urgent for one in found.evidence} | {"philip-2016"}
    endings = ended(*keys, "spravato-label")

    said = list(everything_said(with_ended_said(outcome, edition, endings)))

    resting = {one.rule for one in said if set(rests_on(edition, one, endings.evidence)) & keys}
    cited = {one.rule for one in outcome.urgent if one.evidence}
    assert cited
    assert cited <= resting
    for one in said:
        is_ended = bool(endings.beside(rests_on(edition, one, endings.evidence)))
        assert one.because.endswith(SAYS) == is_ended, one.rule
        assert SAYS not in one.because.removesuffix(SAYS)


def rests_on(edition: Edition, one: Finding | Pending, evidence: EvidenceBase) -> tuple[str, ...]:
    rule = edition.rule(one.rule)
    guidelines = (evidence.position(name).guideline for name in rule.positions)
    return (*rule.evidence, *rule.counter, *guidelines)


def test_outcome_stays_itself_while_everything_holds() -> None:
    outcome = decide_raw(base_with())

    assert with_ended_said(outcome, load_edition(), Endings(load_dossier(), TODAY)) is outcome


@for_each("edition_id", edition_ids())
def test_every_rule_with_a_source_can_say_it(edition_id: str) -> None:
    for rule in load_edition(edition_id).rules:
        for key in (*rule.evidence, *rule.counter):
            assert say_rule(rule, ended(key)) == f"{rule.because} {SAYS}", rule.id


def test_why_a_question_is_asked_says_it() -> None:
    edition = load_edition()

    said = why_asked(edition, ended("dea-2025-telemedicine"), "ketamine_access")

    assert said.count(SAYS) == 1
    assert SAYS not in why_asked(edition, Endings(load_dossier(), TODAY), "ketamine_access")


@pytest.mark.django_db
def test_every_page_of_a_case_says_it_beside_what_comes_first(
    therapist: User, client_for: Callable[[User], Client]
) -> None:
    ended_evidence = ended("rogers-2023-catatonia").evidence
    load_evidence(evidence=ended_evidence)
    decision = make_decision(therapist, life_threatening="yes")
    draft = make_draft(therapist, decision)
    store_plan(draft.case, therapist)
    client, case = client_for(therapist), draft.case_id

    sentence = "For catatonia lorazepam, ECT or both come first"
    for address in (
        reverse("cases:list"),
        reverse("cases:case", args=[case]),
        reverse("cases:section", args=[case, "tms_history"]),
        reverse("cases:decision", args=[case]),
        reverse("cases:decision_record", args=[case, decision.number]),
        reverse("cases:changes", args=[case]),
        reverse("letters:letter", args=[case, draft.pk]),
        reverse("plan:plan", args=[case]),
    ):
        page = client.get(address).content.decode()
        assert page.count(sentence) == said_after(page, sentence), address
        assert sentence in page or "changes" in address, address


def said_after(page: str, sentence: str) -> int:
    """How often it is followed by the words, in the form of pages or of letters."""
    pieces = page.split(sentence)[1:]
    return sum("has ended; check" in piece[:500] for piece in pieces)
