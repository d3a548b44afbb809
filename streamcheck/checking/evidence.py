"""The evidence register: which claims a third party's study backs, for what, and until when.

    seller: Тёплый дом
    claims:
      - id: nielsen-2025-socks
        about: носки Тепло
        claims: [номер один, самые продаваемые]
        criterion: объём продаж в штуках, Казахстан, 2025
        by: NielsenIQ
        document: docs/nielsen-2025.pdf
        from: 2026-01-15
        until: 2026-12-31
        say: по данным Нильсен за 2025 год

A claim is backed when its words stand in what was said, its product was spoken of, somebody other than the seller
measured it, and the day lies within the dates. What is out of date or self-made is told apart from what has no proof.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal

import regex
from pydantic import BeforeValidator, Field, field_validator, model_validator

from streamcheck.checking.passage import Passage
from streamcheck.checking.schema import Strict
from streamcheck.checking.yamlfile import Problem, YamlFile, load_yaml, refuse, validate
from streamcheck.events import Word
from streamcheck.i18n import text
from streamcheck.text.morphology import form
from streamcheck.text.numerals import numeral
from streamcheck.text.tokens import tokenise

Standing = Literal["backed", "expired", "early", "self-made", "none"]

_SENTENCE = 30
_BLOCK = 60
"""Tokens before a claim in which its product must have been spoken of."""
_SAID_WITHIN = 40
_GAP = 2
_OWN = regex.compile(
    r"\b(?:мы|наш\w*|сами|собственн\w+|внутренн\w+|продав(?:ец|ца)|свой|своя|свои|our|own|internal)\b", regex.I
)


def _as_list(value: Any) -> Any:
    return [value] if isinstance(value, str) else value


Names = Annotated[list[str], BeforeValidator(_as_list)]


class ClaimSpec(Strict):
    """One entry of the register. `method` says how the seller's own study was made, else that is no proof."""

    id: str = Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=80)
    about: str = ""
    topic: str | None = None
    claims: Annotated[list[str], BeforeValidator(_as_list), Field(min_length=1)]
    criterion: str = Field(min_length=3)
    by: str = Field(min_length=2)
    method: str | None = Field(None, min_length=3)
    document: str = Field(min_length=1)
    since: date = Field(alias="from")
    until: date
    say: str | None = None

    @field_validator("claims", mode="after")
    @classmethod
    def _words(cls, claims: list[str]) -> list[str]:
        for claim in claims:
            if not _phrase(claim):
                raise ValueError(text("evidence.no-words", claim=claim))
        return claims

    @model_validator(mode="after")
    def _dates(self) -> "ClaimSpec":
        if self.since > self.until:
            raise ValueError(text("evidence.dates", since=self.since, until=self.until))
        return self


class EvidenceFile(Strict):
    """The whole register, and the seller's own names."""

    seller: Names = Field(default_factory=list)
    claims: list[ClaimSpec] = Field(min_length=1)


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry ready to be looked up: the lemma sets of its claims' words, of its product, of what to say aloud."""

    spec: ClaimSpec
    claims: tuple[tuple[frozenset[str], ...], ...]
    about: tuple[frozenset[str], ...]
    say: tuple[frozenset[str], ...]
    self_made: bool

    def standing(self, today: date) -> Standing:
        """What the entry is worth on a day."""
        if self.self_made:
            return "self-made"
        if today > self.spec.until:
            return "expired"
        return "early" if today < self.spec.since else "backed"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the register says of a claim; `spoken`: the source was named aloud near it."""

    standing: Standing
    entry: Entry | None = None
    spoken: bool = False

    @property
    def reason(self) -> str:
        """Why the entry does not back the claim, or what backs it; empty where there is no entry."""
        if self.entry is None:
            return ""
        spec = self.entry.spec
        return text(
            f"evidence.{self.standing}", by=spec.by, since=spec.since, until=spec.until, say=spec.say or spec.by
        )


_WORTH: Mapping[Standing, int] = {"backed": 0, "expired": 1, "early": 2, "self-made": 3, "none": 4}


@dataclass(frozen=True, slots=True)
class Register:
    """All entries of a seller."""

    entries: tuple[Entry, ...]

    def lookup(self, passage: Passage, start: int, end: int, today: date, topic: str | None = None) -> Verdict:
        """What backs the claim in tokens [start, end): the best entry for its words and product; none without one."""
        low, high = passage.sentence(start, _SENTENCE)
        high = max(high, min(end, len(passage.tokens)))
        said = [_readings(token.text) for token in passage.tokens[low:high]]
        block = [_readings(token.text) for token in passage.tokens[max(0, low - _BLOCK) : low]] + said
        fitting = [
            entry
            for entry in self.entries
            if (topic is None or entry.spec.topic in (None, topic))
            and all(any(word & heard for heard in block) for word in entry.about)
            and any(_stands(claim, said, start - low, end - low) for claim in entry.claims)
        ]
        if not fitting:
            return Verdict("none")
        best = min(fitting, key=lambda entry: _WORTH[entry.standing(today)])
        around = passage.tokens[max(0, start - _SAID_WITHIN) : end + _SAID_WITHIN]
        heard = [_readings(token.text) for token in around]
        spoken = bool(best.say) and all(any(word & one for one in heard) for word in best.say)
        return Verdict(best.standing(today), best, spoken)


def read_evidence(path: Path) -> Register:
    """The register of a file. Raises RulesError with every problem and its place."""
    file, problems = load_yaml(path)
    if file is None:
        raise refuse(problems)
    content, problems = validate(file, EvidenceFile)
    if content is None:
        raise refuse(problems)
    if problems := [*_missing_documents(file, content), *_doubles(file, content)]:
        raise refuse(problems)
    return register_of(content)


def register_of(content: EvidenceFile) -> Register:
    """The register of what a file, or the test of a rule, says."""
    return Register(tuple(_entry(spec, content.seller) for spec in content.claims))


def remarks(register: Register, today: date) -> Iterator[str]:
    """What is worth knowing of a register that loads: entries that back nothing today, or are not said aloud."""
    for entry in register.entries:
        standing = entry.standing(today)
        if standing != "backed":
            yield f"{entry.spec.id}: {Verdict(standing, entry).reason}"
        elif entry.spec.say is None:
            yield f"{entry.spec.id}: {text('evidence.nothing-to-say')}"


def _missing_documents(file: YamlFile, content: EvidenceFile) -> list[Problem]:
    return [
        file.problem(("claims", number, "document"), text("evidence.no-document", document=spec.document))
        for number, spec in enumerate(content.claims)
        if not spec.document.startswith(("https://", "http://")) and not (file.path.parent / spec.document).is_file()
    ]


def _doubles(file: YamlFile, content: EvidenceFile) -> list[Problem]:
    seen: set[str] = set()
    problems = []
    for number, spec in enumerate(content.claims):
        if spec.id in seen:
            problems.append(file.problem(("claims", number, "id"), text("evidence.twice", id=spec.id)))
        seen.add(spec.id)
    return problems


def _entry(spec: ClaimSpec, seller: Sequence[str]) -> Entry:
    names = [name.casefold() for name in seller if name.strip()]
    own = any(name in spec.by.casefold() for name in names) or _OWN.search(spec.by) is not None
    return Entry(
        spec=spec,
        claims=tuple(_phrase(claim) for claim in spec.claims),
        about=_content(spec.about),
        say=_content(spec.say or ""),
        self_made=own and spec.method is None,
    )


def _readings(word: str) -> frozenset[str]:
    """The lemmas of a token, numbers as figures, № as its word: «№ 1» and «номер один» are the same."""
    if word == "№":
        return frozenset(("номер",))
    number = numeral(word)
    if number is not None and not number.ordinal:
        return frozenset((str(number.value),))
    return form(word).lemmas


def _phrase(said: str) -> tuple[frozenset[str], ...]:
    tokens = tokenise([Word(word) for word in said.split()])
    return tuple(_readings(token.text) for token in tokens)


def _content(said: str) -> tuple[frozenset[str], ...]:
    """The words of a phrase that carry meaning: no prepositions, conjunctions, particles."""
    tokens = tokenise([Word(word) for word in said.split()])
    kept = []
    for token in tokens:
        parses = form(token.text).parses
        if not (parses and parses[0].tags & {"PREP", "CONJ", "PRCL"}):
            kept.append(_readings(token.text))
    return tuple(kept)


def _stands(claim: Sequence[frozenset[str]], said: Sequence[frozenset[str]], start: int, end: int) -> bool:
    """Whether the claim's words stand in order, with small gaps, in a sentence and touch [start, end)."""
    for first in range(max(0, start - len(claim) * (_GAP + 1)), min(len(said), end)):
        at = first
        places: list[int] = []
        for word in claim:
            at = next((k for k in range(at, min(len(said), at + 1 + _GAP * bool(places))) if word & said[k]), -1)
            if at < 0:
                break
            places.append(at)
            at += 1
        if len(places) == len(claim) and any(start <= place < end for place in places):
            return True
    return False
