"""Proving an edition: every claim, by every method, on one sheet."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from importlib import import_module
from importlib.util import find_spec
from time import perf_counter

from decisions.rules.engine.edition import Edition
from decisions.rules.proof.claims import CLAIMS, Checked, ClaimId, Method, claims_about
from decisions.rules.proof.expectations import Expectations
from decisions.rules.proof.report import ProofReport, Proved
from evidence.domain.entries import EvidenceBase

Check = Callable[[Edition, EvidenceBase, Expectations, Iterable[ClaimId]], Iterator[Checked]]


class SolverMissing(RuntimeError):
    """z3 is not installed: it belongs to the tools for development."""


def prove(
    edition: Edition,
    evidence: EvidenceBase,
    expected: Expectations,
    *,
    methods: tuple[Method, ...] = (Method.SOLVER,),
) -> ProofReport:
    """The proof report of an edition under some evidence. Raises SolverMissing."""
    started = perf_counter()
    claims = claims_about(edition)
    checked = [
        one for each in methods for one in check_by(each)(edition, evidence, expected, claims)
    ]
    return ProofReport(
        edition=edition.id,
        edition_sha256=edition.sha256,
        evidence_release=evidence.release,
        evidence_sha256=evidence.sha256,
        expectations_sha256=expected.sha256,
        seconds=perf_counter() - started,
        proved=tuple(
            Proved(claim=CLAIMS[claim], results=tuple(one for one in checked if one.claim is claim))
            for claim in claims
        ),
    )


def installed_methods() -> tuple[Method, ...]:
    """Every method that this installation can prove by: the solver is a tool for development."""
    has_solver = find_spec("z3") is not None
    return (Method.SOLVER, Method.EXHAUSTION) if has_solver else (Method.EXHAUSTION,)


_MODULES = {Method.SOLVER: "by_solver", Method.EXHAUSTION: "by_exhaustion"}


def check_by(method: Method) -> Check:
    """How a method checks. Raises SolverMissing."""
    if method is Method.SOLVER and find_spec("z3") is None:
        raise SolverMissing("z3 is not installed: it belongs to the tools for development")
    check: Check = import_module(f"decisions.rules.proof.{_MODULES[method]}").check
    return check
