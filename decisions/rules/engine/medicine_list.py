"""Medicines to pick from, with the answers that their classes propose. Pure data of an edition."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from decisions.rules.logic.values import Frozen, Id, Text
from decisions.rules.questionnaire.questionnaire import Questionnaire


class ListSource(Frozen):
    """Where classes or pairs of names were read, and how far."""

    label: Text
    url: str
    read: Text


class MedicineClass(Frozen):
    """Some medicines of one class. proposes: question -> values; they are shown, never given."""

    name: Text
    use: Text
    source: Id
    proposes: Mapping[Id, tuple[Id, ...]]
    medicines: tuple[Text, ...]


class LookAlike(Frozen):
    """Names that were taken for each other."""

    names: tuple[Text, ...]
    source: Id


class MedicineList(Frozen):
    """The list of an edition; one without a file has an empty list and proposes nothing."""

    edition: str = ""
    sources: Mapping[Id, ListSource] = {}
    classes: Mapping[Id, MedicineClass] = {}
    look_alike: tuple[LookAlike, ...] = ()
    other_names: Mapping[Text, Text] = {}
    """Another name of an entry -> its name in a class."""

    def class_of(self, name: str) -> MedicineClass | None:
        """The class of a medicine by its whole generic name; None for what was written freely."""
        found = self.class_id_of(name)
        return self.classes[found] if found else None

    def class_id_of(self, name: str) -> str:
        """The same by its id; empty for what was written freely."""
        plain = name.strip().casefold()
        plain = self.other_names.get(plain, plain)
        return next((key for key, one in self.classes.items() if plain in one.medicines), "")

    def speaks_of(self, question_id: str) -> bool:
        """Whether any class proposes an answer to a question."""
        return any(question_id in one.proposes for one in self.classes.values())

    def names(self) -> Iterator[tuple[str, MedicineClass]]:
        """Every medicine with its class, by name."""
        found = {name: one for one in self.classes.values() for name in one.medicines}
        others = {name: found[of] for name, of in self.other_names.items()}
        yield from sorted((found | others).items())

    def mistaken_for(self, name: str) -> Iterator[tuple[str, MedicineClass]]:
        """The names that this one was taken for, each with its class."""
        plain = name.strip().casefold()
        for pair in self.look_alike:
            for other in pair.names:
                found = self.class_of(other)
                if plain in pair.names and other != plain and found is not None:
                    yield other, found

    def proposed(self, names: Iterable[str]) -> Mapping[str, Mapping[str, tuple[str, ...]]]:
        """Question -> value -> the medicines, as written, whose class proposes it."""
        found: dict[str, dict[str, tuple[str, ...]]] = {}
        for name in names:
            one = self.class_of(name)
            for question, values in (one.proposes if one else {}).items():
                for value in values:
                    by_value = found.setdefault(question, {})
                    by_value[value] = (*by_value.get(value, ()), name.strip())
        return found


def problems_of_list(listed: MedicineList, questionnaire: Questionnaire) -> Iterator[str]:
    """Names that are listed twice, sources that are not there, and answers that nobody can give."""
    every = [name for one in listed.classes.values() for name in one.medicines]
    for name, of in listed.other_names.items():
        if of not in every:
            yield f"{name} is another name of {of}, which has no class"
    every.extend(listed.other_names)
    if twice := sorted({name for name in every if every.count(name) > 1}):
        yield f"{', '.join(twice)} is listed twice"
    cited = {one.source for one in listed.classes.values()}
    for source in sorted((cited | {pair.source for pair in listed.look_alike}) - {*listed.sources}):
        yield f"there is no source {source}"
    for name in (name for pair in listed.look_alike for name in pair.names):
        if name not in every:
            yield f"{name} has no class"
    for one in listed.classes.values():
        for question, values in one.proposes.items():
            known = questionnaire.has_question(question)
            if not known or set(values) - questionnaire.question(question).values:
                yield f"{one.name} proposes what {question} does not offer"
