"""Five letters as full as real ones: a relapse after TMS, a third course, both with a plan, many
stops with much that is not known, and names and texts that try to break a page."""

from __future__ import annotations

from datetime import UTC, date, datetime
from functools import cache
from typing import Any

from decisions.documents.letter.blocks import Letter
from decisions.documents.letter.material import (
    Decided,
    Facts,
    FollowUp,
    Issue,
    LetterMaterial,
    Patient,
    Plan,
    Recipient,
    Reference,
    Request,
    Sender,
)
from decisions.documents.letter.sharing import Sharing
from decisions.documents.letter.treatment_history import (
    Allergy,
    DrugTrial,
    EarlierScore,
    History,
    Medicine,
    OtherTreatment,
    TmsCourse,
)
from decisions.documents.letter.withheld import decided_without
from decisions.rules.engine.answers_in_words import describe_answers
from decisions.rules.engine.decide import decide
from decisions.rules.loading import load_edition
from decisions.rules.questionnaire.answers import Answers
from evidence.loading import load_dossier
from tests.decisions.letters.letter_factories import EDITION, compose
from tests.decisions.letters.plan_parts import plan_of_days

TODAY = date(2026, 11, 28)
SIGNED = datetime(2026, 11, 28, 19, 31, tzinfo=UTC)
SENDER = Sender(
    name="Dr. Thea Sample",
    profession="licensed psychologist",
    license_number="00000 (demo)",
    phone="555-0100",
    clinic="Riverside Practice",
    clinic_address="1 Example Street, Springfield",
)
PRESCRIBER = Recipient(
    name="Dr. Priya Ketaprescriber",
    profession="psychiatrist",
    license_number="NPI 1000000001",
    organization="Lakeside Interventional Psychiatry",
    address="20 Lake Road, Suite 300, Springfield",
    phone="555-0140",
    secure_reply="priya.ketaprescriber@direct.lakeside.example",
)
COIL = Recipient(
    name="Dr. Tomas Coilmann",
    profession="psychiatrist",
    organization="Harbor TMS Center",
    address="7 Harbor Street, Springfield",
    phone="555-0150",
    secure_reply="portal.harbor.example",
)
CLEAR: dict[str, Any] = {
    "age_years": 42,
    "diagnosis": "mdd",
    "psychosis": "none",
    "mania_now": "no",
    "mixed_features": "no",
    "life_threatening": "no",
    "pregnancy": "no",
    "gad7": {"total": 9},
    "suicide_risk": "none",
    "speed_needed": "weeks",
    "antidepressant_trials": 3,
    "antidepressant_now": "taking",
    "comorbidities": [],
    "tms_courses": 1,
    "tms_now": "no",
    "tms_last_sessions": 36,
    "tms_last_device": "figure_8",
    "tms_best_response": "response",
    "tms_benefit_months": 8,
    "tms_tolerability": "well",
    "tms_seizure": "no",
    "head_metal": "none",
    "implanted_device": "none",
    "seizures": "none",
    "brain_condition": "no",
    "vascular_disease": "no",
    "body_worn": "none",
    "brain_pressure": "no",
    "withdrawal_now": "no",
    "threshold_factors": [],
    "ketamine_history": "never",
    "ketamine_allergy": "no",
    "ect_history": "never",
    "bp_systolic": 124,
    "bp_diastolic": 78,
    "heart": "none",
    "liver": "none",
    "bladder": "no",
    "eye_pressure": "no",
    "thyroid": "no",
    "breathing": "no",
    "substance_use": "none",
    "medicines": [],
    "preference": "none",
    "daily_visits": "yes",
    "accelerated_tms": "no",
    "tms_access": "yes",
    "ketamine_access": ["iv", "esketamine"],
    "escort": "yes",
    "dissociation_fear": "no",
    "integration_therapy": "yes",
}
FACTS = Facts(
    diagnosis_code="F33.2 (ICD-10-CM)",
    specifier="severe, with anxious distress",
    diagnosis_by="Dr. M. Intaker, psychiatrist, structured interview (MINI), August 2025",
    episode_start="August 2026",
    suicide_method="clinical interview and C-SSRS screen",
    safety_plan="yes",
    means_safety="yes",
    language="English, no interpreter",
    accessibility="none needed",
    emergency_contact="Rowan Testperson (spouse), 555-0112, may be told",
    patient_contact="555-0113, voicemail is private",
    medical="BMI 27. ECG 10 September 2026: sinus rhythm, QTc 418 ms. TSH and CBC normal, "
    "9 September 2026. PDMP checked by Dr. Intaker on 10 November 2026: no controlled substances.",
    ptsd="no",
    eating_disorder="no",
    goals="Wants to be able to parent and return to work before the new year. Worried about "
    "feeling out of control during a session.",
    told="That ketamine by infusion is off-label, that esketamine has a label and needs two hours "
    "of observation, that benefit may fade within weeks, and that another TMS course is an option.",
    sheet_given="Patient's sheet 1.0",
    sheet_given_on=date(2026, 11, 25),
    sex="female",
)


def _trial(
    drug: str, kind: str, dose: str, weeks: int | None, result: str, **more: Any
) -> DrugTrial:
    return DrugTrial(
        drug=drug,
        drug_class=kind,
        highest_dose=dose,
        weeks=weeks,
        result=result,
        **{"source": "record", **more},
    )


TRIALS = (
    _trial("sertraline", "ssri", "200 mg", 10, "none", adherence="taken", why_stopped="no relief"),
    _trial(
        *("venlafaxine XR", "snri", "225 mg", 9, "partial"),
        adherence="taken",
        why_stopped="kept on: partial relief",
        source="pharmacy",
    ),
    _trial(
        *("aripiprazole (added to venlafaxine)", "antipsychotic", "5 mg", 6, "none"),
        adherence="taken",
        why_stopped="akathisia",
        source="patient",
    ),
)


def _decided(answers: dict[str, Any], days: dict[str, date]) -> Decided:
    edition = load_edition(EDITION)
    read = Answers.read(edition.questionnaire, answers)
    return Decided(
        number=1,
        recorded_on=TODAY,
        outcome=decide(edition, read, load_dossier()),
        answers=answers,
        assessed_on={**dict.fromkeys(answers, TODAY), **days},
        in_words=describe_answers(edition, read),
    )


def _references() -> dict[str, Reference]:
    return {
        one.key: Reference(journal=one.journal or "", year=one.year, doi=one.doi or "")
        for one in load_dossier().sources
    }


def _material(answers: dict[str, Any], days: dict[str, date], **parts: Any) -> LetterMaterial:
    return LetterMaterial(
        decided=_decided({**CLEAR, **answers}, days),
        sender=SENDER,
        references=_references(),
        issue=Issue(
            number="L-2026-0001",
            written_on=TODAY,
            signed_at=SIGNED,
            moment="28 November 2026, 14:31 (UTC-5)",
            code="4F2A-91C0-7BE3",
            check_at="https://letters.example.org/verify/",
            sources_at="https://letters.example.org/sources/",
        ),
        **{"sharing": Sharing(basis="treatment", substance_source="self_report"), **parts},
    )


def _relapse() -> LetterMaterial:
    course = TmsCourse(
        started="Sep 2025",
        ended="Nov 2025",
        device="MagVenture, Cool-B65 figure-of-eight",
        target="left DLPFC (Beam F3)",
        protocol="10 Hz, 3000 pulses, 120% MT",
        sessions=36,
        scale="phq9",
        score_before=21,
        score_before_on="9/1/2025",
        score_after=4,
        score_after_on="11/14/2025",
        lost_on="June 2026",
        adverse_events="scalp discomfort in week 1",
        threshold="52% of output, no change",
        why_stopped="completed",
    )
    therapy = OtherTreatment(
        kind="psychotherapy",
        details="cognitive behavioral therapy, weekly",
        number=24,
        started="Sep 2025",
        result="partial",
        why_stopped="continues",
        source="record",
    )
    history = History(
        tms_courses=(course,),
        trials=TRIALS,
        others=(therapy,),
        medicines=(
            Medicine(
                name="venlafaxine XR", dose="225 mg", frequency="once daily", since="May 2026"
            ),
            Medicine(name="trazodone", dose="50 mg", frequency="at night as needed", since="2025"),
        ),
        allergies=(Allergy(substance="penicillin", reaction="rash, age 9"),),
        scores=(
            EarlierScore(scale="phq9", score=21, taken="9/1/2025", moment="baseline"),
            EarlierScore(scale="phq9", score=4, taken="11/14/2025", moment="best"),
        ),
    )
    return _material(
        {
            "speed_needed": "days",
            "tms_best_response": "remission",
            "tms_benefit_months": 7,
            "preference": "ketamine",
            "phq9": {"items": [3, 3, 3, 3, 2, 3, 2, 1, 1]},
            "suicide_risk": "passive",
            "gad7": {"total": 12},
            "medicines": ["other_sedative"],
            "bp_systolic": 128,
            "bp_diastolic": 82,
        },
        dict.fromkeys(("bp_systolic", "bp_diastolic"), date(2026, 11, 20)),
        recipient=PRESCRIBER.model_copy(update={"copies": "Dr. F. Familydoc (primary care)"}),
        patient=Patient(
            name="Marisol Testperson-One",
            born=date(1984, 3, 14),
            clinic_number="0001",
            reference="KAP-LTR-1",
        ),
        facts=FACTS,
        history=history,
        request=Request(
            kind="assess", option="ketamine", how_soon="days", reply_by=date(2026, 12, 4)
        ),
        plan=Plan(
            reasoning="She was in remission for seven months after TMS and may respond to TMS "
            "again, but she cannot wait four to six weeks: she is close to losing her job. "
            "Ketamine first, TMS kept in reserve.",
            questions="Would you see her within a week? Infusion or esketamine, given trazodone "
            "and venlafaxine? Who will do the medical clearance?",
            until_answer="I see her on 3 December; she calls on 1 December.",
        ),
        follow_up=FollowUp(
            closed_on=TODAY,
            assessment="Clinical interview and C-SSRS screen today: passive wish to be dead on two "
            "days last week; no plan, no intent, no behavior; no firearms at home.",
            agreed="Safety plan renewed with patient and spouse; call on 1 December; next visit "
            "3 December.",
        ),
    )


def _repeat() -> LetterMaterial:
    def course(protocol: str, began: str, ended: str, sessions: int, **more: Any) -> TmsCourse:
        return TmsCourse(
            started=began,
            ended=ended,
            device="NeuroStar figure-of-eight",
            target="left DLPFC, 5.5 cm",
            protocol=protocol,
            sessions=sessions,
            scale="phq9",
            why_stopped="completed",
            **more,
        )

    first = course(
        *("10 Hz, 3000 pulses", "Jan 2023", "Mar 2023", 36),
        score_before=20,
        score_before_on="Jan 2023",
        score_after=8,
        score_after_on="Mar 2023",
        lost_on="Dec 2023",
        adverse_events="headache, first week",
        threshold="not recorded",
    )
    second = course(
        *("intermittent theta burst, 600 pulses", "Jan 2025", "Mar 2025", 30),
        score_before=19,
        score_before_on="1/6/2025",
        score_after=7,
        score_after_on="3/10/2025",
        lost_on="Jan 2026",
        adverse_events="none",
        threshold="1.1 to 1.05 SMT",
    )
    trials = (
        _trial("escitalopram", "ssri", "20 mg", 12, "none", adherence="taken"),
        _trial("duloxetine", "snri", "120 mg", 8, "none", adherence="taken"),
        _trial(
            *("bupropion XL", "other_antidepressant", "300 mg", 8, "partial"),
            adherence="partly",
            why_stopped="stopped before TMS",
            source="pharmacy",
        ),
        _trial(
            *("lithium (augmentation)", "mood_stabilizer", "900 mg", 6, "none"),
            adherence="taken",
            why_stopped="tremor",
        ),
    )
    therapy = OtherTreatment(
        kind="psychotherapy",
        details="behavioral activation",
        number=16,
        started="Mar 2026",
        result="partial",
        source="record",
    )
    changed = {
        "diagnosis_code": "F33.1 (ICD-10-CM)",
        "specifier": "moderate",
        "episode_start": "January 2026",
        "goals": "Wants TMS again: it worked twice and needs no driver. Does not want to feel "
        "detached.",
        "medical": "No seizure, no implants (asked item by item on 24 November 2026). Hearing "
        "normal.",
        "emergency_contact": "Kim Samplecase, 555-0122",
        "patient_contact": "555-0123",
        "sex": "male",
    }
    return _material(
        {
            "preference": "repeat_tms",
            "antidepressant_now": "none",
            "tms_courses": 2,
            "tms_last_response": "response",
            "tms_benefit_months": 9,
            "tms_last_sessions": 30,
            "antidepressant_trials": 4,
            "bp_systolic": 134,
            "bp_diastolic": 84,
            "dissociation_fear": "yes",
            "phq9": {"items": [2, 2, 3, 3, 2, 2, 2, 1, 0]},
        },
        {},
        recipient=COIL,
        patient=Patient(
            name="Devon Samplecase-Two",
            born=date(1971, 7, 2),
            clinic_number="0002",
            reference="KAP-LTR-2",
        ),
        facts=FACTS.model_copy(update=changed),
        history=History(
            tms_courses=(first, second),
            trials=trials,
            others=(therapy,),
            scores=(EarlierScore(scale="phq9", score=20, taken="Jan 2023", moment="baseline"),),
            none_of=("medicines", "allergies"),
        ),
        request=Request(
            kind="treat", option="repeat_tms", how_soon="weeks", reply_by=date(2026, 12, 11)
        ),
        plan=Plan(
            reasoning="Two courses halved the score, each held nine to ten months. Nothing in the "
            "safety screen has changed. The patient prefers TMS and would be troubled by "
            "dissociation.",
            questions="Can you start in December? Which protocol would you choose this time, and "
            "would you offer maintenance?",
        ),
        sharing=Sharing(basis="treatment", substance_source="own_assessment"),
    )


def _both() -> LetterMaterial:
    course = TmsCourse(
        started="Feb 2026",
        ended="Apr 2026",
        device="BrainsWay H1 (deep)",
        protocol="18 Hz",
        sessions=24,
        scale="hamd17",
        score_before=24,
        score_before_on="2/2/2026",
        score_after=16,
        score_after_on="4/3/2026",
        lost_on="July 2026",
        adverse_events="jaw twitching",
        why_stopped="insurance ended",
    )
    nasal = OtherTreatment(
        kind="esketamine",
        details="nasal, 84 mg",
        number=9,
        started="2024",
        ended="2024",
        result="response",
        why_stopped="moved away",
        source="patient",
    )
    trials = (
        *TRIALS,
        _trial(
            *("nortriptyline", "tricyclic", "100 mg", 8, "none"),
            adherence="taken",
            why_stopped="dry mouth",
        ),
        DrugTrial(drug="mirtazapine"),
    )
    changed = {
        "goals": "Wants both at once, knowing it is unproven; hopes to hold the gain this time.",
        "told": "That no randomized trial has tested both together, that the spacing is an "
        "arrangement, and that clonazepam may blunt both.",
        "sex": "",
    }
    return _material(
        {
            "preference": "both",
            "tms_best_response": "partial",
            "tms_benefit_months": 3,
            "tms_last_sessions": 24,
            "antidepressant_trials": 5,
            "speed_needed": "days",
            "ketamine_history": "responded",
            "medicines": ["benzodiazepine", "lamotrigine"],
            "ketamine_access": ["esketamine"],
            "tms_last_device": "deep",
            "phq9": {"items": [3, 3, 3, 3, 3, 2, 3, 2, 0]},
        },
        {},
        recipient=PRESCRIBER.model_copy(
            update={
                "copies": "Dr. Tomas Coilmann, Harbor TMS Center (TMS provider): please plan the "
                "TMS sessions with Dr. Ketaprescriber and tell us the first day"
            }
        ),
        patient=Patient(
            name="Jordan Examplestone-Three",
            born=date(1990, 11, 30),
            clinic_number="0003",
            reference="KAP-LTR-3",
        ),
        facts=FACTS.model_copy(update=changed),
        history=History(
            tms_courses=(course,),
            trials=trials,
            others=(nasal,),
            medicines=(
                Medicine(name="clonazepam", dose="0.5 mg", frequency="twice daily", since="2024"),
                Medicine(name="lamotrigine", dose="200 mg", frequency="once daily", since="2023"),
            ),
            none_of=("allergies",),
        ),
        request=Request(kind="treat", option="both", how_soon="days", reply_by=date(2026, 12, 4)),
        plan=Plan(
            reasoning="Partial response to deep TMS, a clear response to esketamine before it "
            "ended for reasons of moving. The patient asks for both and knows it is unproven. I "
            "would accept esketamine first if you prefer.",
            questions="Would you taper clonazepam first? Can both sites share a dose calendar?",
            coordinator_name="Dr. Priya Ketaprescriber",
            coordinator_phone="555-0140",
            coordinator_what="Lakeside: blood pressure and mental state on dose days. Harbor TMS: "
            "seizure risk and motor threshold. I: PHQ-9 weekly and therapy.",
        ),
        plan_of_days=plan_of_days(),
    )


HARD_TRIALS = (
    ("fluoxetine", "ssri", "60 mg", 12, "none"),
    ("paroxetine", "ssri", "40 mg", 8, "worse"),
    ("sertraline", "ssri", "150 mg", None, ""),
    ("venlafaxine XR", "snri", "300 mg", 10, "partial"),
    ("desvenlafaxine", "snri", "100 mg", 6, "none"),
    ("duloxetine", "snri", "60 mg", None, ""),
    ("bupropion XL", "other_antidepressant", "450 mg", 8, "none"),
    ("mirtazapine", "other_antidepressant", "45 mg", 8, "partial"),
    ("vortioxetine", "other_antidepressant", "20 mg", 9, "none"),
    ("nortriptyline", "tricyclic", "", None, ""),
    ("phenelzine", "maoi", "60 mg", 5, "none"),
    ("quetiapine XR", "antipsychotic", "300 mg", 6, "none"),
    ("aripiprazole", "antipsychotic", "10 mg", 4, "worse"),
    ("olanzapine with fluoxetine", "antipsychotic", "6/25 mg", 3, ""),
    ("lithium", "mood_stabilizer", "1200 mg", 20, "partial"),
    ("lamotrigine", "mood_stabilizer", "200 mg", 16, "none"),
    ("liothyronine", "other", "25 mcg", 8, "none"),
    ("pramipexole", "other", "1.5 mg", 6, "none"),
)
HARD_MEDICINES = (
    ("lithium", "900 mg", "at night", "2024"),
    ("clonazepam", "1 mg", "three times daily", "2019"),
    ("oxycodone", "10 mg", "four times daily", "2023"),
    ("lisdexamfetamine", "50 mg", "each morning", "2025"),
    ("trazodone", "150 mg", "at night", ""),
    ("lisinopril", "40 mg", "daily", "2018"),
    ("amlodipine", "10 mg", "daily", "2020"),
    ("metformin", "1000 mg", "twice daily", "2017"),
    ("atorvastatin", "40 mg", "daily", "2016"),
    ("levothyroxine", "88 mcg", "daily", "2012"),
    ("gabapentin", "600 mg", "three times daily", ""),
)
HARD_UNKNOWN = (
    *("psychosis", "comorbidities", "tms_last_sessions", "tms_last_device", "tms_last_response"),
    *("tms_benefit_months", "tms_tolerability", "tms_seizure", "head_metal", "seizures"),
    *("brain_condition", "vascular_disease", "ketamine_history", "ketamine_allergy"),
    *("ect_history", "liver", "bladder", "eye_pressure", "thyroid", "breathing", "preference"),
    *("daily_visits", "accelerated_tms", "tms_access", "home_support", "dissociation_fear"),
)


def _hard() -> LetterMaterial:
    answers = {
        **dict.fromkeys(HARD_UNKNOWN, "unknown"),
        "age_years": 60,
        "phq9": {"items": [3] * 9},
        "suicide_risk": "plan_or_intent",
        "speed_needed": "days",
        "antidepressant_trials": 9,
        "tms_courses": 2,
        "implanted_device": "chest",
        "withdrawal_now": "yes",
        "heart": "stable",
        "threshold_factors": ["severe_sleep_loss"],
        "bp_systolic": 198,
        "bp_diastolic": 118,
        "substance_use": "active",
        "ketamine_access": ["oral_home"],
        "medicines": ["benzodiazepine", "opioid", "other_sedative", "stimulant", "lithium"],
    }
    whole = _material(
        answers,
        {},
        recipient=PRESCRIBER,
        patient=Patient(
            name="Avery Hardcase-Four",
            born=date(1966, 1, 9),
            clinic_number="0004",
            reference="KAP-LTR-4",
        ),
        facts=Facts(
            safety_plan="yes",
            means_safety="yes",
            suicide_method="C-SSRS with interview",
            emergency_contact="Daughter, 555-0132",
            language="English",
        ),
        history=History(
            tms_courses=(TmsCourse(started="2021", sessions=30), TmsCourse(started="2024")),
            trials=tuple(_trial(*one) for one in HARD_TRIALS),
            others=(
                OtherTreatment(
                    kind="ect",
                    details="right unilateral",
                    number=12,
                    started="2022",
                    ended="2022",
                    result="response",
                    source="patient",
                ),
            ),
            medicines=tuple(
                Medicine(name=name, dose=dose, frequency=often, since=since)
                for name, dose, often, since in HARD_MEDICINES
            ),
            allergies=(Allergy(substance="lidocaine"),),
        ),
        request=Request(
            kind="assess", option="ketamine", how_soon="days", reply_by=date(2026, 12, 1)
        ),
        plan=Plan(
            reasoning="Nothing can start while blood pressure is uncontrolled and the risk of "
            "suicide is acute. I ask for your assessment once both are in hand, as nothing else "
            "has held.",
            questions="Would you treat once blood pressure is below 140/90? Is hospital care "
            "needed first?",
            act_first_done="Emergency department today, discharged with daughter; urgent "
            "psychiatric review tomorrow; family doctor called about blood pressure 198/118, "
            "medicines to be changed today.",
        ),
        follow_up=FollowUp(
            closed_on=TODAY,
            assessment="Interview with patient and daughter: active thoughts with a plan, intent "
            "denied today after talking; previous attempt 2009. Assessed with C-SSRS, high risk.",
            agreed="Daughter stays with the patient; medicines locked away by her; seen today by "
            "the emergency department of Springfield General, discharged with a safety plan; "
            "psychiatric urgent care tomorrow 9:00.",
        ),
        sharing=Sharing(basis="treatment", substance_source="part2_program"),
    )
    kept_back = ("substance_use", "withdrawal_now")
    without = decided_without(
        whole.decided, kept_back, edition=load_edition(EDITION), evidence=load_dossier()
    )
    return whole.model_copy(update={"decided": without, "left_out": kept_back})


LONG_WORD = "A" * 180
HOSTILE = (
    "<script>alert(1)</script><img src=x onerror=alert(2)> {{7*7}} {% debug %} ${7*7} "
    "<a href='http://127.0.0.1:9/'>x</a> </p></body> "
)


def _hostile() -> LetterMaterial:
    name = "Владимир-محمد 山田太郎 Đặng Thị Ngọc-Ánh Ångström-Łukasiewicz von und zu Wolfe"
    return _material(
        {"antidepressant_trials": 2, "phq9": {"items": [3, 2, 2, 2, 2, 2, 2, 1, 0]}},
        {},
        recipient=Recipient(
            name="Dr. Wolfeschlegelsteinhausenbergerdorff",
            organization="Praxis für Magnetstimulation",
            secure_reply="long.address.for.replies.that.does.not.end@direct.example.example",
            copies="Д-р Иванов; 李医生; Dr. " + "X" * 200,
        ),
        patient=Patient(
            name=name,
            born=date(1992, 2, 29),
            clinic_number="0005",
            reference="<b>ref</b>\"'&;--{{7*7}}",
        ),
        facts=FACTS.model_copy(
            update={
                "goals": "Хочет снова работать. 早く良くなりたい。 " + HOSTILE,
                "told": f"{LONG_WORD} {HOSTILE}",
                "emergency_contact": "Ελένη Παπαδοπούλου (μητέρα), 555-0199",
                "specifier": "स्थिति हिन्दी ไทย",
            }
        ),
        history=History(
            tms_courses=(
                TmsCourse(
                    started="2025",
                    ended="2025",
                    device="שדה מגנטי coil",
                    target="左背外側前頭前野",
                    protocol="10 Hz ½ ≤ 120 % µ",
                    sessions=36,
                    scale="phq9",
                    score_before=20,
                    score_after=9,
                ),
            ),
            trials=(
                _trial(
                    *("Сертралин <i>x</i>", "ssri", "200 mg; DROP TABLE", 8, "none"),
                    why_stopped=HOSTILE,
                ),
            ),
            medicines=(Medicine(name="=cmd|' /C calc'!A0", dose=LONG_WORD[:80], since="2025"),),
            allergies=(Allergy(substance="花粉症", reaction="أعراض خفيفة"),),
        ),
        request=Request(
            kind="treat", option="repeat_tms", how_soon="can_wait", reply_by=date(2026, 12, 31)
        ),
        plan=Plan(
            reasoning=HOSTILE + "\n" + "Long reasoning. " * 60, questions=HOSTILE + LONG_WORD
        ),
    )


MADE = {1: _relapse, 2: _repeat, 3: _both, 4: _hard, 5: _hostile}


@cache
def letter_of(case: int) -> Letter:
    """The letter of this case."""
    return compose(MADE[case]())


@cache
def with_reply_code(case: int) -> Letter:
    """The same letter, which says how to answer it online."""
    made = MADE[case]()
    reply = {"reply_at": "https://letters.example.org/r/", "reply_code": "7Q2M-4F2A-91C0-7BE3"}
    return compose(made.model_copy(update={"issue": made.issue.model_copy(update=reply)}))
