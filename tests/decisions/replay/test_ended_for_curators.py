"""Lists of rules that curators see say beside each rule that something it rests on has ended."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from decisions.replay.impact import changed_rules
from decisions.rules.engine.rule_sources import sources_of_rule
from decisions.rules.loading import load_edition
from evidence.curation.release_actions import load_evidence
from evidence.domain.entries import EvidenceBase
from evidence.domain.impact import CaseGroup, Impact
from evidence.domain.terms import Verified
from evidence.ended_rules import said_impact, said_rules
from evidence.ending import Endings
from evidence.loading import load_dossier
from kapnet.core.people.models import User
from tests.evidence.evidence_factories import approve, change_source, curators, prepare, with_source

KEY = "sustain3-reinduction-2023"
"""The only support of the rule below."""
RULE = "ketamine-favour-worked-before"
SENTENCE = load_edition().rule(RULE).because
SAYS = "This rule has ended; check. It was valid until"


def ended_yesterday() -> EvidenceBase:
    yesterday = timezone.localdate() - timedelta(days=1)
    return with_source(load_dossier(), KEY, valid_until=yesterday)


def said_beside(page: str) -> tuple[int, int]:
    """How often the rule stands there, and how often the words follow it."""
    pieces = page.split(SENTENCE)[1:]
    return len(pieces), sum(piece.strip("” .").startswith(SAYS) for piece in pieces)


@pytest.mark.django_db
@pytest.mark.parametrize("is_past", [True, False])
def test_every_list_of_rules_says_it(
    client_for: Callable[[User], Client], *, is_past: bool
) -> None:
    load_evidence(evidence=ended_yesterday() if is_past else load_dossier())
    author, other = curators()
    client = client_for(author)
    pages = {
        "source": client.get(reverse("evidence:source", args=[KEY])),
        "search": client.get(reverse("evidence:list"), {"words": SENTENCE[:90]}),
        "withdraw": client.get(reverse("curation:withdraw", args=["source", KEY])),
    }
    approve(change_source(KEY, verified=Verified.UNVERIFIED))
    pages["to do"] = client.get(reverse("evidence:to_do"))
    draft = prepare(by=author, notes="One source was not read after all.")
    address = reverse("curation:draft", args=[draft.pk])
    pages["release"] = client_for(other).get(address)

    found = {name: said_beside(page.content.decode()) for name, page in pages.items()}

    assert all(times for times, _ in found.values()), found
    assert found == {name: (times, times * is_past) for name, (times, _) in found.items()}


def test_groups_of_cases_say_it_too_and_what_is_stored_does_not() -> None:
    before = ended_yesterday()
    after = with_source(before, KEY, verified=Verified.UNVERIFIED)
    rules = changed_rules(load_edition(), before, after)
    group = CaseGroup(rules=(SENTENCE,), what=(), result=True, count=1, vignettes=(), cases=())
    impact = Impact(before_sha256="", after_sha256="", rules=rules, groups=(group,))

    said = said_impact(impact, Endings(after, timezone.localdate()))

    assert [one.because for one in rules] == [SENTENCE]
    assert said.rules[0].because.startswith(f"{SENTENCE} {SAYS}")
    assert said.groups[0].rules == (said.rules[0].because,)


def test_rule_that_an_earlier_draft_holds_is_shown_as_it_was_stored() -> None:
    (rule,) = changed_rules(
        load_edition(),
        load_dossier(),
        with_source(load_dossier(), KEY, verified=Verified.UNVERIFIED),
    )
    stored = rule.model_copy(update={"rests_on": ()})

    assert said_rules([stored], Endings(ended_yesterday(), date.max)) == (stored,)


def test_rule_rests_on_the_guidelines_of_its_positions() -> None:
    rule, dossier = load_edition().rule("tms-favour-resistance"), load_dossier()

    guidelines = {dossier.position(one).guideline for one in rule.positions}
    assert guidelines
    assert {"papakostas-2024", *guidelines} <= {*sources_of_rule(rule, dossier)}
