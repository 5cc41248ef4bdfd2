"""All resources of a release, made once, and what names their state."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from evidence.fhir.parts import OURS, Part, Resource, id_of
from evidence.fhir.published import Published
from evidence.fhir.registry import served
from kapnet.core.web.fhir_answers import json_bytes

LETTERS_OF_STATE = 12


@dataclass(frozen=True)
class Whole:
    """The resources of a release as they are published now."""

    published: Published

    @cached_property
    def resources(self) -> Mapping[str, Mapping[str, Resource]]:
        """By kind and id, in the order of the evidence."""
        return {
            kind: {one["id"]: one for one in each.make(self.published)}
            for kind, each in served().items()
        }

    @cached_property
    def bundle(self) -> Resource:
        """The release as one collection."""
        release = self.published.evidence.release
        system = f"{OURS}/NamingSystem/evidence-release"
        return {
            "resourceType": "Bundle",
            "id": id_of(release),
            "type": "collection",
            "identifier": {"system": system, "value": release},
            "entry": [
                self.entry(one)
                for kind, each in served().items()
                if each.of_release
                for one in self.resources[kind].values()
            ],
        }

    def entry(self, resource: Resource) -> Part:
        """A resource in a Bundle."""
        url = f"{self.published.base}/{resource['resourceType']}/{resource['id']}"
        return {"fullUrl": url, "resource": resource}

    @cached_property
    def state(self) -> str:
        """The hash of the release, and one of all that is served.

        The second changes where the same release is shown otherwise: when a check finds a notice,
        or this program says something in another way.
        """
        everything = [one for kind in self.resources.values() for one in kind.values()]
        digest = hashlib.sha256(json_bytes({"all": everything})).hexdigest()
        return f"{self.published.evidence.sha256}.{digest[:LETTERS_OF_STATE]}"

    @property
    def etag(self) -> str:
        """As a header."""
        return f'W/"{self.state}"'
