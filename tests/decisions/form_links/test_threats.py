"""The threats of docs/patient-forms.md, each tried. Their names are the rows of its table."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from django.conf import settings
from django.core import mail
from django.db import DatabaseError, IntegrityError, OperationalError, connection, transaction
from django.test import Client, override_settings
from django.urls import reverse
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from decisions.cases.models import Case, SafetyTask
from decisions.follow_up.assessments.models import Assessment
from decisions.follow_up.courses.actions import end_follow_up
from decisions.form_links.actions import NoLinkError, revoke_links_of, save_contact
from decisions.form_links.models import Contact, FormLink, Proposal
from decisions.life.actions import close_case, hand_over
from decisions.life.deleting import _rows_of
from decisions.patient_forms import views as patient_views
from kapnet.core.audit.models import Event
from kapnet.core.background.pruning import prune
from kapnet.core.people.models import Clinic, Role, User
from kapnet.core.web.secret_pages import new_secret
from tests.decisions.case_factories import clinic_of, make_case
from tests.decisions.form_links.form_link_factories import (
    PATIENT,
    RIGHT,
    WRONG,
    items,
    link_now,
    make,
    opened,
    patients_case,
    send_card,
    start,
)
from tests.factories import make_member
from tests.worker import worked

pytestmark = pytest.mark.django_db
stored = pytest.mark.django_db(transaction=True)
"""Mails leave once what they tell is stored."""
ClientFor = Callable[[User], Client]
FORM, SEND, HELP = (reverse(f"patient_forms:{one}") for one in ("form", "send", "help"))
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="\w+"')
MAILING = {"FORM_MAILS": True, "SITE_ADDRESS": "https://forms.example"}
UNSAID = ("ketamine", "tms", "depress", "phq", "gad", "patient", "kapnet", "demo clinic")


@pytest.fixture
def case(therapist: User) -> Case:
    return patients_case(therapist)


def seen(response: Any) -> tuple[int, str]:
    """What a browser is told, but for the token that each page has of its own."""
    return response.status_code, TOKEN.sub("", response.content.decode())


def address_of(secret: str) -> str:
    return reverse("patient_forms:start", args=[secret])


def make_ended(case: Case, therapist: User) -> dict[str, str]:
    """The secrets of links in every state."""
    secrets = {"waiting": make(case, therapist).secret}
    for because in ("revoked", "completed", "expired"):
        of = patients_case(therapist)
        made = make(of, therapist)
        secrets[because] = made.secret
        if because == "revoked":
            with clinic_of(therapist):
                revoke_links_of(of, actor=therapist, because="by_hand")
        elif because == "completed":
            opened(made.secret).post(SEND)
        else:
            with clinic_of(therapist):
                FormLink.objects.filter(pk=made.link.pk).update(expires_at=timezone.now())
    return secrets


def test_guessed_token(case: Case, therapist: User, django_assert_num_queries: Any) -> None:
    """Real or not, ended or not: the same words by GET, which reads nothing, and by POST."""
    secrets = make_ended(case, therapist)
    strange = ("x", "0", "%27--", "..", "a" * 4000, "é")
    guessed = [*secrets.values(), *(new_secret().text for _ in range(300)), *strange]
    client = Client()
    with django_assert_num_queries(0):
        pages = {seen(client.get(address_of(one))) for one in guessed}
    assert [status for status, _ in pages] == [200]
    tried = [one for name, one in secrets.items() if name != "waiting"]
    answers = {seen(start(client, one, RIGHT)) for one in (*tried, new_secret().text, *strange)}
    answers |= {seen(start(client, one, WRONG)) for one in (*secrets.values(), "x")}
    answers |= {seen(start(client, secrets["waiting"], {**RIGHT, "day": "x"}))}
    assert [status for status, _ in answers] == [422]
    with override_settings(SECRET_PAGE_SECONDS=0.2):
        for one in (secrets["waiting"], "x"):
            began = time.monotonic()
            start(client, one, WRONG)
            assert time.monotonic() - began >= 0.2
    with override_settings(LIMITS={**settings.LIMITS, "form.try": "2/m/ip"}):
        limited = [start(client, one, WRONG).status_code for one in ("a", "b", "c")]
    assert limited[-1] == 429


@stored
def test_stolen_or_forwarded_link(case: Case, therapist: User, client_for: ClientFor) -> None:
    """Five dates, then it is revoked and the therapist is told. The right one comes too late."""
    made = make(case, therapist)
    assert [start(Client(), made.secret, WRONG).status_code for _ in range(5)] == [422] * 5
    assert start(Client(), made.secret, RIGHT).status_code == 422
    link = link_now(made, therapist)
    assert (link.state, link.revoked_because, link.revoked_by) == ("revoked", "tries", None)
    worked()
    assert [one.to for one in mail.outbox] == [[therapist.email]]
    page = client_for(therapist).get(reverse("form_links:links", args=[case.pk]))
    assert "wrong date of birth was entered too often" in page.content.decode()


@stored
def test_wrong_mailbox(case: Case, therapist: User, client_for: ClientFor) -> None:
    """A mail only where the patient agreed; it names nothing, and no job holds the secret."""
    with override_settings(**MAILING):
        with pytest.raises(NoLinkError, match="did not agree"):
            make(case, therapist, how="mail")
        with clinic_of(therapist):
            save_contact(case=case, actor=therapist, email="p@mail.example", may_mail="yes")
        made = make(case, therapist, how="mail")
        worked()
        (sent,) = mail.outbox
        address = re.search(r"https://forms.example/f/(\S{43})", str(sent.body))
        assert address
        text = f"{sent.subject} {sent.body}".replace(address[1], "").lower()
        for word in (*UNSAID, PATIENT.lower(), therapist.name.lower(), "1984", "clinic of"):
            assert word not in text.replace("your clinic", "")
        assert sent.to == ["p@mail.example"]
        assert start(Client(), made.secret).status_code == 422
        assert start(Client(), address[1]).status_code == 303
        kept = str([(one.args_kwargs, one.return_value) for one in DBTaskResult.objects.all()])
        assert address[1] not in kept
        assert "p@mail.example" not in kept
        with clinic_of(therapist):
            assert link_now(made, therapist).mailed_at
    with override_settings(FORM_MAILS=False), pytest.raises(NoLinkError, match="sends no mail"):
        make(patients_case(therapist), therapist, how="mail")
    other = client_for(therapist).post(
        reverse("form_links:contact", args=[case.pk]), {"email": "", "may_mail": "yes"}
    )
    assert other.status_code == 422


def test_token_in_logs(case: Case, therapist: User, capfd: pytest.CaptureFixture[str]) -> None:
    made = make(case, therapist)
    opened(made.secret)
    log = capfd.readouterr()
    assert made.secret not in log.err + log.out
    with clinic_of(therapist):
        assert made.secret not in str(list(Event.objects.values()))
    sample = (settings.BASE_DIR / "docs" / "operate" / "nginx.conf").read_text()
    (logged,) = re.findall(r"^log_format kapnet '(.*)';$", sample, re.MULTILINE)
    assert set(logged.split()) <= {
        *("$time_iso8601", "$request_method", "$status", "$request_time", "$upstream_status"),
    }


def test_therapist_writes_in_the_patients_name(case: Case, therapist: User) -> None:
    """What says that it came by link has a link, and no person; what does not has none."""
    made = make(case, therapist)
    row: dict[str, Any] = {
        "clinic": case.clinic,
        "case": case,
        "instrument": "phq9",
        "edition": case.edition,
        "taken_on": date(2026, 1, 1),
        "authored_at": timezone.now(),
        "items": [0] * 9,
        "total": 0,
    }
    for wrong in (
        {"source": "patient_link"},
        {"source": "patient_link", "link": made.link, "entered_by": therapist},
        {"source": "clinician", "link": made.link, "entered_by": therapist},
    ):
        with clinic_of(therapist), pytest.raises(IntegrityError), transaction.atomic():
            Assessment.objects.create(**row, **wrong)


def test_forged_request_and_framing(case: Case, therapist: User) -> None:
    made = make(case, therapist)
    strict = Client(enforce_csrf_checks=True)
    for place in (address_of(made.secret), FORM, SEND):
        refused = strict.post(place, RIGHT)
        assert refused.status_code == 403
        assert "kapnet" not in refused.content.decode().lower().replace("kapnet.css", "")
    page = strict.get(address_of(made.secret))
    assert page["X-Frame-Options"] == "DENY"
    assert page["Referrer-Policy"] == "no-referrer"
    assert "no-store" in page["Cache-Control"]
    assert "noindex" in page["X-Robots-Tag"]
    for browser in (Client(), opened(made.secret)):
        for place in ("/cases/", reverse("form_links:links", args=[case.pk]), "/clinic/audit/"):
            assert browser.get(place)["Location"].startswith("/accounts/login/")


def test_minors_and_cases_without_a_date_of_birth(therapist: User, client_for: ClientFor) -> None:
    young = timezone.localdate() - timedelta(days=17 * 365)
    for born, why in ((None, "no date of birth"), (young, "younger than 18")):
        case = make_case(therapist, name="No link", born=born)
        with pytest.raises(NoLinkError, match=why):
            make(case, therapist)
        page = client_for(therapist).get(reverse("form_links:links", args=[case.pk]))
        assert why in page.content.decode()


@stored
def test_nobody_is_there_to_read(
    case: Case, clinic: Clinic, therapist: User, manager: User
) -> None:
    """Closed, handed over or ended: the link is gone. An answer to item 9 is heard all the same."""
    colleague = make_member(clinic=clinic, role=Role.THERAPIST, name="B. Kollege")
    ends: tuple[Callable[[Case], object], ...] = (
        lambda one: close_case(case=one, actor=therapist, reason="died"),
        lambda one: hand_over(case=one, actor=therapist, to=colleague),
        lambda one: end_follow_up(
            case=one,
            actor=therapist,
            values={"kind": "withdrew", "ended_on": timezone.localdate()},
        ),
    )
    for end, hears in zip(ends, (True, True, False), strict=True):
        one = patients_case(therapist)
        made = make(one, therapist)
        phone = opened(made.secret)
        send_card(phone, "phq9", **items(1))
        with clinic_of(therapist):
            end(one)
        mail.outbox.clear()
        link = link_now(made, therapist)
        assert (link.state, link.draft) == ("revoked", {})
        assert phone.get(FORM).status_code == 422
        assert phone.post(SEND).status_code == 422
        if not hears:
            with pytest.raises(NoLinkError, match="follow-up has ended"):
                make(one, therapist)
        answer = send_card(phone, "phq9", **items(*[None] * 8, 2))
        assert answer["Location"] == HELP
        with clinic_of(therapist):
            assert SafetyTask.objects.get(case=one).item9 == 2
            assert link_now(made, therapist).draft == {}
        worked()
        told = {one.to[0] for one in mail.outbox}
        assert (manager.email in told) is hears


def test_a_phone_is_left_lying(case: Case, therapist: User) -> None:
    """After half an hour nothing is shown, what is sent is kept, and the date is asked again."""
    made = make(case, therapist, cards=("phq9", "gad7"))
    with time_machine.travel(timezone.now() - timedelta(minutes=31)):
        phone = opened(made.secret)
        send_card(phone, "phq9", **items(3))
    assert phone.get(FORM, {"card": "phq9"}).status_code == 422
    assert send_card(phone, "gad7", **items(2)).status_code == 422
    assert send_card(phone, "phq9", **items(*[None] * 8, 1))["Location"] == HELP
    assert phone.get(FORM).status_code == 422
    start(phone, made.secret)
    assert "checked" not in phone.get(FORM, {"card": "gad7"}).content.decode()
    assert phone.post(SEND).status_code == 303
    with clinic_of(therapist):
        forms = {one.instrument: one.items for one in Assessment.objects.filter(case=case)}
    assert forms["phq9"] == [3, *[None] * 7, 1]
    assert forms["gad7"] == [2, *[None] * 6]


def test_a_form_is_of_the_day_on_which_it_was_answered(case: Case, therapist: User) -> None:
    """Begun, left lying and sent days later: two weeks that a PHQ-9 asks about end at its day."""
    made = make(case, therapist, cards=("phq9", "safety"))
    answered = timezone.now() - timedelta(days=3)
    with time_machine.travel(answered, tick=False):
        phone = opened(made.secret)
        send_card(phone, "phq9", **items(*[1] * 8, 0))
        send_card(phone, "safety", bladder=0)
    start(phone, made.secret)
    send_card(phone, "safety", breathing=0)
    assert phone.post(SEND).status_code == 303
    with clinic_of(therapist):
        form = Assessment.objects.get(case=case)
        said = {one.question: one.stated_at for one in Proposal.objects.filter(case=case)}
    assert (form.taken_on, form.authored_at) == (timezone.localdate(answered), answered)
    assert said["bladder"] == answered
    assert said["breathing"] > answered


def test_item_9_is_heard_of_a_page_that_was_left_open(case: Case, therapist: User) -> None:
    """On another device, after the link ran out, and after the form was sent: nothing is kept."""
    first, last = items(*[None] * 8, 1), items(*[None] * 8, 3)

    def goes_on_elsewhere(phone: Client, secret: str) -> None:
        opened(secret)

    def runs_out(phone: Client, secret: str) -> None:
        with time_machine.travel(timezone.now() + timedelta(days=8)):
            prune()

    def is_sent(phone: Client, secret: str) -> None:
        assert phone.post(SEND).status_code == 303

    for end in (goes_on_elsewhere, runs_out, is_sent):
        one = patients_case(therapist)
        made = make(one, therapist, cards=("phq9",))
        phone = opened(made.secret)
        send_card(phone, "phq9", **first)
        end(phone, made.secret)
        link = link_now(made, therapist)
        assert send_card(phone, "phq9", **last)["Location"] == HELP, end.__name__
        with clinic_of(therapist):
            assert SafetyTask.objects.get(case=one).item9 == 3
        after = link_now(made, therapist)
        assert (after.state, after.draft) == (link.state, link.draft)
        send_card(phone, "phq9", **items(1))
        assert link_now(made, therapist).draft == link.draft
    assert send_card(Client(), "phq9", **last).status_code == 422


def test_words_on_a_screen_that_somebody_sees(case: Case, therapist: User) -> None:
    """No page names disease, product, people or an earlier answer; one names the treatments."""
    made = make(case, therapist)
    phone = opened(made.secret)
    send_card(phone, "phq9", **items(*[2] * 9))
    pages = [address_of("x"), SEND, HELP, "/f/thanks/"]
    pages += [f"{FORM}?card={card}" for card in ("phq9", "gad7", "safety", "preference")]
    for place in pages:
        page = Client() if place == address_of("x") else phone
        text = page.get(place).content.decode().lower().replace("kapnet.css", "")
        text = re.sub(r"feeling down, depressed, or hopeless", "", text)
        text = re.sub(r'value="(phq9|gad7)"|card=(phq9|gad7)', "", text)
        text = re.sub(r'name="(csrfmiddlewaretoken|of)" value="[^"]*"', "", text)  # any letters
        found = [word for word in UNSAID if word in text]
        assert found == (["ketamine", "tms"] if "preference" in place else []), place
        for word in (PATIENT.lower(), therapist.name.lower(), "<script", '<a href="/"'):
            assert word not in text


def test_an_error_names_no_product_and_keeps_what_was_picked(
    case: Case, therapist: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = make(case, therapist)
    phone = opened(made.secret)

    def is_away(*given: Any, **named: Any) -> None:
        raise OperationalError("server closed the connection")

    monkeypatch.setattr(patient_views, "save_page", is_away)
    phone.raise_request_exception = False
    page = send_card(phone, "phq9", **items(2))
    text = page.content.decode()
    assert page.status_code == 503
    assert "kapnet" not in text.lower().replace("kapnet.css", "")
    assert '<a href="/"' not in text
    assert 'name="item1" value="2"' in text
    assert "get help now" in text


def test_clears_a_page(case: Case, therapist: User) -> None:
    made = make(case, therapist, cards=("gad7",))
    phone = opened(made.secret)
    send_card(phone, "gad7", **items(1, 2))
    assert send_card(phone, "gad7", clear="1", **items(1))["Location"] == f"{FORM}?card=gad7"
    assert "checked" not in phone.get(FORM, {"card": "gad7"}).content.decode()
    for strange in ("phq9", "", "x", "safety"):
        assert send_card(phone, strange, **items(1)).status_code == 422
    phone.post(SEND)
    with clinic_of(therapist):
        assert not Assessment.objects.filter(case=case).exists()


def test_tablet_that_is_handed_over(case: Case, therapist: User, client_for: ClientFor) -> None:
    tablet = client_for(therapist)
    press = {"cards": ["phq9"], "read_within_days": "1", "is_read": "on", "sent_as": "device"}
    given = tablet.post(reverse("form_links:links", args=[case.pk]), press)
    assert given["Location"].startswith("/f/")
    assert tablet.get("/cases/").status_code == 302
    assert tablet.get(given["Location"]).status_code == 200
    assert Event.objects.filter(action="account.sign_out", actor=therapist).exists()


def test_a_page_of_the_patient_before_writes_nothing_to_the_next(therapist: User) -> None:
    """A tablet with two pages open. Item 9 is heard of whose page it is."""
    before, after = patients_case(therapist), patients_case(therapist)
    tablet = opened(make(before, therapist).secret)
    pages = [tablet.get(place).content.decode() for place in (FORM, SEND)]
    of = [re.findall(r'name="of" value="([^"]+)"', page)[0] for page in pages]
    next_one = make(after, therapist)
    start(tablet, next_one.secret)

    assert send_card(tablet, "phq9", of=of[0], **items(1)).status_code == 422
    assert send_card(tablet, "phq9", of=of[0], **items(*[None] * 8, 2))["Location"] == HELP
    assert tablet.post(SEND, {"of": of[1]}).status_code == 422

    link = link_now(next_one, therapist)
    assert (link.state, link.draft) == ("opened", {})
    with clinic_of(therapist):
        assert [one.case_id for one in SafetyTask.objects.all()] == [before.pk]
    assert send_card(tablet, "phq9", **items(1)).status_code == 303


def test_what_ended_stays_and_goes_with_its_case(case: Case, therapist: User) -> None:
    made = make(case, therapist)
    phone = opened(made.secret)
    send_card(phone, "phq9", **items(1))
    send_card(phone, "safety", bladder=0)
    phone.post(SEND)
    with clinic_of(therapist):
        save_contact(case=case, actor=therapist, email="p@mail.example", may_mail="no")
        for rows, change in (
            (FormLink.objects.filter(pk=made.link.pk), {"state": "waiting"}),
            (Proposal.objects.filter(case=case), {"said": "Yes"}),
        ):
            with pytest.raises(DatabaseError, match="rows stay"), transaction.atomic():
                rows.update(**change)
            with pytest.raises(DatabaseError, match="rows stay"), transaction.atomic():
                rows._raw_delete(connection.alias)
        assert {FormLink, Proposal, Contact, Assessment} <= set(_rows_of(case.pk))


@pytest.mark.skipif(connection.vendor != "postgresql", reason="row security is PostgreSQL's")
def test_another_clinic_sees_nothing(case: Case, therapist: User, other_therapist: User) -> None:
    make(case, therapist)
    with clinic_of(other_therapist), connection.cursor() as cursor:
        for table in ("form_links_formlink", "form_links_proposal", "form_links_contact"):
            cursor.execute(f"SELECT count(*) FROM {table}")  # noqa: S608, names of tables
            assert cursor.fetchone() == (0,)


def test_what_was_begun_goes_when_the_link_runs_out(case: Case, therapist: User) -> None:
    made = make(case, therapist)
    phone = opened(made.secret)
    send_card(phone, "phq9", **items(1))
    with time_machine.travel(timezone.now() + timedelta(days=8)):
        assert start(Client(), made.secret).status_code == 422
        prune()
        link = link_now(made, therapist)
        assert (link.state, link.draft, link.held_sha256) == ("expired", {}, "")
        assert make(case, therapist).secret


def test_a_patients_page_asks_the_database_once(
    case: Case, therapist: User, django_assert_max_num_queries: Any
) -> None:
    phone = opened(make(case, therapist).secret)
    for card in ("phq9", "safety"):
        with django_assert_max_num_queries(1):
            assert phone.get(FORM, {"card": card}).status_code == 200
