"""Rules tested by what they carry: every case, both ways, the rewordings, hostile text, false alarms on clean talk.

A case is a sentence: with [brackets] around what must be found, or without for one that must stay silent; or a `Case`
with more to say. A stable rule without a firing and a silent case fails.
"""

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import regex

from streamcheck.checking.collection import without_collection
from streamcheck.checking.engine import Checker, Dropped
from streamcheck.checking.evidence import EvidenceFile, register_of
from streamcheck.checking.products import ProductSpec, catalogue_of
from streamcheck.checking.ruleset import CompiledRule, Compiler, RuleSet
from streamcheck.checking.schema import Case
from streamcheck.events import Finding, Utterance, Word
from streamcheck.i18n import text

HOSTILE = ("а " * 20_000, "самый " * 20_000, "8 " * 20_000, ". " * 20_000, "пишите в " * 10_000, "а" * 100_000)
HOSTILE_SECONDS = 5.0
"""What one hostile string may cost all rules together."""
_BRACKETS = regex.compile(r"\[([^\[\]]+)\]")


@dataclass(frozen=True, slots=True)
class Failure:
    """A test that did not hold."""

    rule: str
    message: str


@dataclass(slots=True)
class Outcome:
    """What a run of the rule tests showed."""

    cases: int = 0
    failures: list[Failure] | None = None
    todo: int = 0

    def __post_init__(self) -> None:
        self.failures = self.failures or []


def utterances_of(said: Sequence[str], times: Sequence[Sequence[float]] | None = None) -> list[Utterance]:
    """Sentences as utterances; with `times`, words are spread evenly over each span."""
    found = []
    for number, sentence in enumerate(said):
        parts = sentence.split()
        if times is None:
            found.append(Utterance(tuple(Word(part) for part in parts), line=number + 1))
            continue
        start, end = times[number]
        step = (end - start) / max(1, len(parts))
        words = [Word(part, start + k * step, start + (k + 1) * step) for k, part in enumerate(parts)]
        found.append(Utterance(tuple(words), start, end))
    return found


def read_case(case: str | Case) -> tuple[Case, tuple[str, ...]]:
    """A case in full, and the bracketed words that a finding must take in."""
    if isinstance(case, Case):
        return case, () if case.want == "nothing" else (case.want,)
    wanted = tuple(_BRACKETS.findall(case))
    said = case.replace("[", "").replace("]", "")
    return Case(say=[said], want=" … ".join(wanted) if wanted else "nothing"), wanted


def run_cases(rules: RuleSet, only: str | None = None) -> Outcome:
    """Run the cases of all stable and draft rules, or of one rule or pack."""
    checker = Checker(rules)
    equipped = _Equipped(rules)
    outcome = Outcome()
    assert outcome.failures is not None
    for rule in rules.rules:
        if only is not None and only not in (rule.spec.id, rule.pack, rule.name):
            continue
        fires = silent = 0
        for item in rule.spec.tests:
            case, wanted = read_case(item)
            if case.platform not in (None, rules.platform.platform):
                fires, silent = fires + bool(wanted), silent + (not wanted)
                continue
            outcome.cases += 1
            fires, silent = fires + bool(wanted), silent + (not wanted)
            problem = _judge(equipped.checker(case) or checker, rule, case, wanted)
            if case.todo:
                outcome.todo += 1
                problem = None if problem else text("checking.todo-passes", say=" / ".join(case.say))
            if problem:
                outcome.failures.append(Failure(rule.name, problem))
        if rule.spec.status == "stable" and not (fires and silent):
            outcome.failures.append(Failure(rule.name, text("checking.no-cases", fires=fires, silent=silent)))
        outcome.failures.extend(_rewordings(checker, rule))
    return outcome


class _Equipped:
    """Checkers for cases that bring product cards or evidence of their own; like cases share one."""

    def __init__(self, rules: RuleSet) -> None:
        self._rules = rules
        self._known: dict[str, Checker] = {}

    def checker(self, case: Case) -> Checker | None:
        """A checker with the case's cards and evidence; None where it has none."""
        if not (case.products or case.evidence):
            return None
        key = f"{case.products!r} {case.evidence!r}"
        if key not in self._known:
            rules = self._rules
            catalogue = catalogue_of(ProductSpec.model_validate(one) for one in case.products)
            claims = {"claims": case.evidence}
            register = register_of(EvidenceFile.model_validate(claims)) if case.evidence else None
            compiler = Compiler(rules.sources, rules.platform, rules.shop, rules.today, catalogue, register)
            with without_collection(keep=True):
                self._known[key] = Checker(compiler.compile())
        return self._known[key]


def _judge(checker: Checker, rule: CompiledRule, case: Case, wanted: Sequence[str]) -> str | None:
    dropped: list[Dropped] = []
    findings = checker.check(utterances_of(case.say, case.times), trace=dropped.append)
    own = [one for one in findings if _same_breach(one, rule)]
    said = " / ".join(case.say)
    if not wanted:
        if not own:
            return None
        return text("checking.case-fired", say=said, quote=own[0].quote, because="; ".join(own[0].because))
    for part in wanted:
        hit = next((one for one in own if _takes_in(one, part)), None)
        if hit is None:
            reason = ", ".join(f"«{one.quote}» ({one.guard})" for one in dropped if one.rule == rule.name)
            got = ", ".join(f"«{one.quote}» [{one.rule}]" for one in findings) or text("checking.nothing")
            return text("checking.case-silent", say=said, want=part, got=got, dropped=reason or "-")
        if case.severity and hit.severity != case.severity:
            return text("checking.case-severity", say=said, want=case.severity, got=hit.severity)
        if case.state and hit.state != case.state:
            return text("checking.case-severity", say=said, want=case.state, got=hit.state)
    return None


def _same_breach(finding: Finding, rule: CompiledRule) -> bool:
    """Of this rule, or of its category: where two rules of a category overlap, only one is told.

    One that asks the classifier gives way to all others, so that what they find is no proof of it.
    """
    guesses = any(matcher.like for matcher in rule.spec.any)
    return finding.rule == rule.name or (not guesses and finding.category == rule.spec.category)


def _takes_in(finding: Finding, part: str) -> bool:
    words = regex.findall(r"[\p{L}\p{N}*]+", part.casefold())
    quote = regex.findall(r"[\p{L}\p{N}*]+", finding.quote.casefold())
    return any(word in quote for word in words)


def _rewordings(checker: Checker, rule: CompiledRule) -> Iterator[Failure]:
    """What a rule tells to say instead must not itself be a breach."""
    for sentence in rule.spec.advice.instead:
        for one in checker.check(utterances_of([sentence])):
            if one.severity != "advice":
                yield Failure(rule.name, text("checking.bad-rewording", say=sentence, rule=one.rule, quote=one.quote))


def run_hostile(rules: RuleSet) -> list[Failure]:
    """Every hostile string within its time, measured in processor seconds."""
    checker = Checker(rules)
    failures = []
    for sample in HOSTILE:
        began = time.process_time()
        checker.check(utterances_of([sample]))
        spent = time.process_time() - began
        if spent > HOSTILE_SECONDS:
            failures.append(Failure("*", text("checking.slow", sample=sample[:12], seconds=round(spent, 1))))
    return failures


def false_alarms(rules: RuleSet, folder: Path) -> tuple[list[tuple[str, Finding]], float]:
    """Findings (advice left out) on clean talk, and its length in hours at 130 words a minute."""
    checker = Checker(rules)
    found: list[tuple[str, Finding]] = []
    words = 0
    for path in sorted(folder.glob("*.txt")):
        lines = path.read_text(encoding="utf-8").splitlines()
        words += sum(len(line.split()) for line in lines)
        for one in checker.check(utterances_of(lines)):
            if one.severity != "advice":
                found.append((path.name, one))
    return found, words / 130 / 60
