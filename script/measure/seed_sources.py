"""A release of many generated sources, in words of the dossier; prints its name."""

from __future__ import annotations

import sys
from random import Random

import django

django.setup()

from evidence.curation.release_actions import make_release  # noqa: E402
from evidence.domain.entries import EvidenceBase, Source  # noqa: E402
from evidence.loading import load_dossier  # noqa: E402

SEED = 20261123
WORDS_OF_A_TITLE, WORDS_OF_FINDINGS = 12, 60


def generated(count: int) -> EvidenceBase:
    """The dossier, filled up to this many sources."""
    dossier, chance = load_dossier(), Random(SEED)  # noqa: S311, not for secrets
    words = " ".join(one.findings or "" for one in dossier.sources).split()
    pattern = [one for one in dossier.sources if one.findings]
    more = [
        chance.choice(pattern).model_copy(
            update={
                "key": f"generated-{number}",
                "doi": f"10.9999/generated.{number}",
                "pmid": None,
                "title": " ".join(chance.sample(words, WORDS_OF_A_TITLE)),
                "findings": " ".join(chance.sample(words, WORDS_OF_FINDINGS)),
            }
        )
        for number in range(count - len(dossier.sources))
    ]
    sources: tuple[Source, ...] = (*dossier.sources, *more)
    return dossier.changed(sources=sources)


if __name__ == "__main__":
    release = make_release(evidence=generated(int(sys.argv[1])), notes="For a measurement.")
    sys.stdout.write(f"{release}\n")
