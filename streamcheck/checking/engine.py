"""Passages → candidates → findings: the order in which a rule is tried and what can take a match back.

Phrases are looked up in one index over all rules; the other matchers look for themselves. Each match then passes the
`near` of its matcher and rule, the shop's vocabulary and the guards; what is left is merged (`merging`).
"""

import hashlib
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from streamcheck.checking.collection import without_collection
from streamcheck.checking.evidence import Verdict
from streamcheck.checking.guards import CompiledGuard
from streamcheck.checking.harmless import harmless_words
from streamcheck.checking.hearing import Hearing
from streamcheck.checking.ignores import ignored_because, remarks_on_ignores
from streamcheck.checking.matchers import Match
from streamcheck.checking.merging import Candidate, Merging
from streamcheck.checking.passage import Passage, read_passage
from streamcheck.checking.ruleset import CompiledMatcher, CompiledRule, RuleSet
from streamcheck.events import SEVERITIES, Finding, FindingState, Severity, Utterance
from streamcheck.text.cardinals import is_number
from streamcheck.text.morphology import form

_CERTAINTY = {"high": 0.95, "medium": 0.8, "low": 0.6}
_DOUBT = 0.35
"""Mean word probability under which a violation is only a warning: it may have been misheard."""
_EXACT = frozenset(("number", "address", "product"))
_MISHEARD = 0.7
"""How sure a match on a word is that was guessed from how it sounds."""
_LONG = 5_000
"""Words of a transcript after which what was learned of its spellings is not looked through for garbage: they are some
million objects, and each look took as long as checking an hour."""


@dataclass(frozen=True, slots=True)
class Dropped:
    """A match that a guard took back, for the trace."""

    rule: str
    quote: str
    guard: str
    start: float | None
    line: int | None
    file: str | None


Trace = Callable[[Dropped], None]


class Checker:
    """Checks utterances against a rule set. Keeps nothing between calls; safe to share between files."""

    def __init__(self, rules: RuleSet) -> None:
        self.rules = rules
        self._hearing = Hearing(rules.lexicon, rules.names)
        self._merging = Merging(rules)
        self._harmless = harmless_words(rules, self._hearing)

    def is_harmless(self, spellings: Sequence[str]) -> bool:
        """Whether there is nothing to find in these words, as they are spelt, one after the other: far cheaper than to
        check them. Only rules that go by words can tell (see `harmless`); else, and where it is not known, no.
        """
        return self._harmless is not None and self._harmless.make_up(spellings)

    def read(self, utterances: Sequence[Utterance]) -> Passage:
        """The passage that these utterances make, with what was misheard read as the rules know it."""
        return read_passage(utterances, self.rules.lexicon, self._hearing)

    def check(
        self, utterances: Sequence[Utterance], *, file: str | None = None, trace: Trace | None = None
    ) -> list[Finding]:
        """The findings of a whole transcript, in the order of speech, with ids unique within it."""
        if self._harmless and self._harmless.make_up([word.text for one in utterances for word in one.words]):
            return []
        seen: dict[str, int] = defaultdict(int)
        found = []
        long = sum(len(one.words) for one in utterances) > _LONG
        with without_collection(keep=long):
            passage = self.read(utterances)
            for candidate in self.candidates(passage, trace=trace, file=file):
                finding = self.finding(passage, candidate, file=file)
                seen[finding.fingerprint] += 1
                count = seen[finding.fingerprint]
                ident = finding.fingerprint if count == 1 else f"{finding.fingerprint}-{count}"
                found.append(replace(finding, id=ident))
        return found

    def remarks(self, findings: Iterable[Finding]) -> list[str]:
        """What to tell after a run: ignore entries that are out of date or that none of the findings needed."""
        return remarks_on_ignores(self.rules.shop.ignore, findings, self.rules.today)

    def candidates(
        self,
        passage: Passage,
        low: int = 0,
        *,
        whole: bool = True,
        trace: Trace | None = None,
        file: str | None = None,
    ) -> list[Candidate]:
        """What stands after all guards and merging, for matches that end after token `low`, in order.

        Matches of a category that are near in a sentence are one; nearer, where it is not `whole` yet.
        """

        def drop(rule: int, span: tuple[int, int], guard: str) -> None:
            if trace is not None:
                trace(self._dropped(passage, rule, span, guard, file))

        kept: list[Candidate] = []
        for matcher, match in self._matches(passage):
            if match.end <= low:
                continue
            candidate, guard = self._judge(passage, matcher, match)
            if candidate is not None:
                kept.append(candidate)
            elif guard:
                drop(matcher.rule, (match.start, match.end), guard)
        return self._merging.merge(passage, kept, whole, drop)

    def _matches(self, passage: Passage) -> Iterator[tuple[CompiledMatcher, Match]]:
        rules = self.rules
        for hit in rules.phrases.find(passage):
            matcher = rules.matchers[rules.phrase_matcher[hit.pattern]]
            yield matcher, Match(hit.start, hit.end, canonical=rules.phrase_canonical[hit.pattern], note=matcher.kind)
        for finder, users in rules.finders:
            for match in finder.find(passage, 0, len(passage.tokens)):
                for number in users:
                    yield rules.matchers[number], match

    def _judge(self, passage: Passage, matcher: CompiledMatcher, match: Match) -> tuple[Candidate | None, str]:
        """The candidate, or the name of what took it back ("" where a `near` was not there)."""
        rule = self.rules.rules[matcher.rule]
        near = ""
        for one in (*matcher.near, *rule.near):
            span = one.find(passage, match.start, match.end)
            if span is None:
                return None, ""
            near = passage.quote(*span)
        vocabulary = self.rules.vocabulary
        if vocabulary is not None and _covered(vocabulary.spans(passage, match.start - 8, match.end + 8), match):
            return None, "vocabulary"
        sure = all(token.sure for token in passage.tokens[match.start : match.end])
        severity, because = rule.severity, [f"{matcher.kind}: {match.note}" if match.note else matcher.kind]
        if near:
            because.append(f"near: {near}")
        for guard in (*matcher.guards, *rule.guards):
            if guard.rule is None and guard.holds(passage, match.start, match.end):
                if not guard.lowers:
                    return None, guard.name
                severity = lower(severity)
                because.append(f"lowered: {guard.name}")
        because.append(
            "guards passed: " + ", ".join(_names(matcher.guards, rule.guards)) if rule.guards else "no guards"
        )
        return (
            Candidate(
                rule=matcher.rule,
                start=match.start,
                end=match.end,
                severity=severity,
                certainty=_CERTAINTY[rule.spec.confidence] * match.certainty * (1.0 if sure else _MISHEARD),
                canonical=match.canonical,
                near=near,
                values=tuple(match.values.items()),
                because=tuple(because),
                guessed=matcher.kind == "like",
                figure=matcher.kind == "product" and _has_number(passage, match),
                exact=matcher.kind in _EXACT,
                heart=(match.start, match.end),
            ),
            "",
        )

    def finding(
        self, passage: Passage, one: Candidate, *, file: str | None = None, state: FindingState = "confirmed"
    ) -> Finding:
        """A candidate as a person sees it. The id is left empty: the caller knows what is unique."""
        rule = self.rules.rules[one.rule]
        words = passage.words[passage.tokens[one.start].word : passage.tokens[one.end - 1].last_word + 1]
        heard = sum(word.probability for word in words) / len(words)
        doubtful = heard < _DOUBT and one.severity == "violation"
        quote = passage.quote(one.start, one.end)
        values = {"match": quote, "canonical": one.canonical or quote, "near": one.near, **dict(one.values)}
        utterance = passage.utterances[passage.tokens[one.start].utterance]
        fingerprint = self._fingerprint(passage, one, rule)
        message, because = rule.spec.message.format_map(_Known(values)), one.because
        proof = self._proof(passage, one, rule)
        if proof is not None:
            state = "supported" if proof.standing == "backed" else state
            message = message if proof.standing == "backed" else f"{message} {proof.reason}"
            because = (*because, f"evidence: {proof.reason}")
        return Finding(
            id="",
            state=state,
            category=rule.spec.category,
            rule=rule.name,
            severity=lower(one.severity) if doubtful else one.severity,
            start=passage.start(one.start),
            end=passage.end(one.end - 1),
            quote=quote,
            context=passage.context(one.start, one.end),
            message=message,
            suggestion=suggestion(rule),
            source=rule.source,
            confidence=round(one.certainty * heard, 3),
            because=(*because, "heard with doubt") if doubtful else because,
            file=file,
            line=utterance.line,
            fingerprint=fingerprint,
            ignored=ignored_because(self.rules.shop.ignore, rule.name, fingerprint, self.rules.today),
        )

    def _proof(self, passage: Passage, one: Candidate, rule: CompiledRule) -> Verdict | None:
        """What the evidence register says of a claim; None where it says nothing."""
        register = self.rules.register
        if register is None or rule.topic is None:
            return None
        verdict = register.lookup(passage, one.start, one.end, self.rules.today, rule.topic)
        return None if verdict.standing == "none" else verdict

    @staticmethod
    def _fingerprint(passage: Passage, one: Candidate, rule: CompiledRule) -> str:
        """Of the rule and the name or lemmas matched: it outlives a second transcription (after Semgrep's match id).

        No times, and no words around: with three to each side, half of the findings that two transcriptions of one
        recording share had two fingerprints. Repeats are told apart by time, or by the number behind the id.
        """
        lemmas = (min(form(token.text).lemmas) for token in passage.tokens[slice(*one.heart)])
        text = f"{rule.spec.id}\n{one.canonical or ' '.join(lemmas)}"
        return hashlib.blake2b(text.encode(), digest_size=6).hexdigest()

    def _dropped(self, passage: Passage, rule: int, span: tuple[int, int], guard: str, file: str | None) -> Dropped:
        start, end = span
        utterance = passage.utterances[passage.tokens[start].utterance]
        return Dropped(
            rule=self.rules.rules[rule].name,
            quote=passage.quote(start, end),
            guard=guard,
            start=passage.start(start),
            line=utterance.line,
            file=file,
        )


class _Known(dict[str, str]):
    """Placeholders that a message names; an unknown one stays as written (a lint finds it)."""

    def __missing__(self, key: str) -> str:
        return "{" + key + "}"


def lower(severity: Severity) -> Severity:
    """One step lighter: violation → warning → advice."""
    return SEVERITIES[min(SEVERITIES.index(severity) + 1, len(SEVERITIES) - 1)]


def suggestion(rule: CompiledRule) -> str:
    """What to do now, and up to two ways to say it instead."""
    advice = rule.spec.advice
    if not advice.instead:
        return advice.say
    return f"{advice.say} " + " / ".join(f"«{one}»" for one in advice.instead[:2])


def _names(*groups: Sequence[CompiledGuard]) -> list[str]:
    return list(dict.fromkeys(guard.name for group in groups for guard in group))


def _has_number(passage: Passage, match: Match) -> bool:
    return any(is_number(passage.tokens, i) for i in range(match.start, match.end))


def _covered(spans: Sequence[tuple[int, int]], match: Match) -> bool:
    return any(low < match.end and high > match.start for low, high in spans)
