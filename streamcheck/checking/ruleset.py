"""Rules compiled for one platform: patterns numbered and indexed, guards resolved, texts ready."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from streamcheck.checking.collection import without_collection
from streamcheck.checking.evidence import Register, read_evidence
from streamcheck.checking.finders import Finders
from streamcheck.checking.guards import (
    CompiledGuard,
    CompiledNear,
    Unlike,
    compile_guard,
    compile_near,
)
from streamcheck.checking.lemmas import LemmaStore, lemmas_of
from streamcheck.checking.lexicon import Lexicon
from streamcheck.checking.likeness import Likeness
from streamcheck.checking.loading import ListSource, Sources, choose_platform, read_shop, read_sources
from streamcheck.checking.matchers import Finder
from streamcheck.checking.patterns import Element, Entry, PatternError, Reader, Sequence_, atoms_of, named_lists
from streamcheck.checking.phrases import Phrases, PhraseSet, forget_variants, phrases_of
from streamcheck.checking.products import Catalogue, read_products
from streamcheck.checking.schema import Guard, Matcher, Near, Pack, Platform, Rule, Shop
from streamcheck.checking.yamlfile import Key, Problem, YamlFile, near_name, refuse
from streamcheck.errors import RulesError
from streamcheck.events import Severity
from streamcheck.i18n import text
from streamcheck.text.tokens import normal

_MOST_KEPT = 100_000
"""Patterns that are kept between loadings: those of five rule sets that have nothing in common."""
OWN_PLATFORM = "own-platform"
"""The list of the current platform's own names, made from the name lists and the profile."""


@dataclass(frozen=True)
class CompiledMatcher:
    """One matcher of a rule; how it finds lies in the rule set's phrase index or its finders."""

    rule: int
    kind: str
    near: tuple[CompiledNear, ...]
    guards: tuple[CompiledGuard, ...]


@dataclass(frozen=True)
class CompiledRule:
    """A rule as it applies on this platform."""

    spec: Rule
    pack: str
    severity: Severity
    source: str
    near: tuple[CompiledNear, ...]
    guards: tuple[CompiledGuard, ...]
    topic: str | None
    """Under which the evidence register may back the claim; None where no evidence excuses it."""

    @property
    def name(self) -> str:
        """`pack/rule-id`, as findings carry it."""
        return f"{self.pack}/{self.spec.id}"


@dataclass(frozen=True)
class RuleSet:
    """Everything that a checker needs; immutable."""

    platform: Platform
    rules: tuple[CompiledRule, ...]
    matchers: tuple[CompiledMatcher, ...]
    lexicon: Lexicon
    finders: tuple[tuple[Finder, tuple[int, ...]], ...]
    likeness: Mapping[str, Likeness]
    """Of the categories that some rule asks the classifier about."""
    phrases: PhraseSet
    phrase_matcher: tuple[int, ...]
    phrase_canonical: tuple[str, ...]
    vocabulary: Phrases | None
    shop: Shop
    sources: Sources
    register: Register | None
    today: date

    @property
    def names(self) -> Iterator[str]:
        """The one-word spellings of the name lists (shops, messengers, payment …)."""
        lists = (source for source in self.sources.lists.values() if source.names)
        return (normal(alias) for source in lists for _, alias in source.entries if alias.isalpha())


class _Kept:
    """What patterns and lists read as, kept for the next loading: the rule sets of several platforms, or of an author
    who changes a word, have nearly all in common.
    """

    def __init__(self) -> None:
        self.patterns: dict[tuple[str, str, bool, tuple[int, ...]], Sequence_] = {}
        """By text, language, exactness and the identities of the lists that it names."""
        self.choices: dict[tuple[int, frozenset[str]], Element] = {}
        """What naming a list means, by the list's identity and the grammemes asked."""
        self._lists: dict[tuple[Entry, ...], tuple[Entry, ...]] = {}

    def entries(self, found: Sequence[Entry]) -> tuple[Entry, ...]:
        """A list's entries, the same object for the same entries."""
        entries = tuple(found)
        return self._lists.setdefault(entries, entries)


_KEPT = _Kept()


def _forget_much() -> None:
    """Begin anew where an author has changed so much that most of what is kept serves nobody."""
    global _KEPT
    if len(_KEPT.patterns) > _MOST_KEPT:
        _KEPT = _Kept()
        forget_variants()
        phrases_of.cache_clear()


class Compiler:
    """Compiles the sources for one platform, collecting problems with their places."""

    def __init__(
        self,
        sources: Sources,
        platform: Platform,
        shop: Shop,
        today: date,
        catalogue: Catalogue | None = None,
        register: Register | None = None,
        lemmas: Callable[[str], Sequence[str]] = lemmas_of,
    ) -> None:
        self.sources, self.platform, self.shop, self.today = sources, platform, shop, today
        self._register, self._lemmas = register, lemmas
        self.lexicon = Lexicon()
        self.problems: list[Problem] = []
        self._own = frozenset(platform.own_names)
        self._entries: dict[str, tuple[Entry, ...]] = {}
        self._items: dict[tuple[str, bool, str], Sequence_] = {}
        self._read_here: list[Sequence_] = []
        self._open_lists: list[str] = []
        self._guards: dict[str, CompiledGuard] = {}
        self.rules: list[CompiledRule] = []
        self.matchers: list[CompiledMatcher] = []
        self.finders = Finders(sources, platform, self.lexicon, catalogue, self.problems)
        self.patterns: list[Sequence_] = []
        self.pattern_matcher: list[int] = []
        self.pattern_canonical: list[str] = []

    def compile(self) -> RuleSet:
        """The rule set. Raises RulesError with every problem."""
        _forget_much()
        for name in self.sources.lists:
            self._read_list(name)
        for name, (guard, file, language) in self.sources.guards.items():
            self._guards[name] = self._guard(name, guard, file, ("guards", name), language)
        seen: dict[str, str] = {}
        for pack, file in self.sources.packs.values():
            for number, rule in enumerate(pack.rules):
                if rule.id in seen:
                    message = text("checking.twice", name=rule.id, file=seen[rule.id])
                    self.problems.append(file.problem(("rules", number, "id"), message))
                seen[rule.id] = pack.pack
                if rule.status != "retired" and (rule.platforms is None or self.platform.platform in rule.platforms):
                    self._rule(rule, pack, {**self.platform.sources, **pack.sources}, file, ("rules", number))
        self._check_platforms(seen)
        vocabulary = self._vocabulary()
        if self.problems:
            raise refuse(self.problems)
        self.lexicon.ask(atoms_of(self._read_here))
        return RuleSet(
            platform=self.platform,
            rules=tuple(self.rules),
            matchers=tuple(self.matchers),
            lexicon=self.lexicon,
            finders=tuple((finder, tuple(users)) for finder, users in self.finders.shared.values()),
            likeness=self.finders.likeness,
            phrases=PhraseSet(self.patterns),
            phrase_matcher=tuple(self.pattern_matcher),
            phrase_canonical=tuple(self.pattern_canonical),
            vocabulary=vocabulary,
            shop=self.shop,
            sources=self.sources,
            register=self._register,
            today=self.today,
        )

    # lists

    def _lookup(self, name: str) -> tuple[Entry, ...]:
        if name == OWN_PLATFORM:
            return self._own_names()
        if name in self._open_lists:
            raise KeyError(text("checking.list-in-itself", name=name))
        if name not in self.sources.lists:
            known = {*self.sources.lists, OWN_PLATFORM}
            raise KeyError(text("checking.unknown-list", name=name) + near_name(name, known))
        return self._read_list(name)

    def _read_list(self, name: str) -> tuple[Entry, ...]:
        if name not in self._entries:
            source = self.sources.lists[name]
            self._open_lists.append(name)
            kept = [entry for entry in source.entries if entry[0] not in self._own]
            self._entries[name] = _KEPT.entries(self._entries_of(source, kept))
            self._open_lists.pop()
        return self._entries[name]

    def _own_names(self) -> tuple[Entry, ...]:
        if OWN_PLATFORM not in self._entries:
            found = [
                entry
                for source in self.sources.lists.values()
                if source.names
                for entry in self._entries_of(source, [one for one in source.entries if one[0] in self._own])
            ]
            self._entries[OWN_PLATFORM] = _KEPT.entries(found)
        return self._entries[OWN_PLATFORM]

    def _entries_of(self, source: ListSource, kept: Sequence[tuple[str, str]]) -> list[Entry]:
        found = []
        for number, (canonical, pattern) in enumerate(kept):
            at: Key = (*source.at, *((canonical,) if canonical else ()), number)
            for elements in self._read([pattern], source.file, at, source.language, exact=False):
                found.append(Entry(canonical, elements))
        return found

    def _read(self, patterns: Sequence[str], file: YamlFile, at: Key, language: str, exact: bool) -> list[Sequence_]:
        found = []
        for number, pattern in enumerate(patterns):
            try:
                found.append(self._elements_of(pattern, language, exact))
            except PatternError as error:
                where = (*at, number) if (*at, number) in file.places else at
                problem = file.problem(where, text("checking.bad-pattern", pattern=pattern, why=str(error)))
                self.problems.append(problem)
        self._read_here += found
        return found

    def _elements_of(self, pattern: str, language: str, exact: bool) -> Sequence_:
        """What a pattern reads as. Raises PatternError."""
        try:
            lists = tuple(id(self._lookup(name)) for name in named_lists(pattern))
        except KeyError as error:
            raise PatternError(str(error.args[0])) from None
        key = (pattern, language, exact, lists)
        known = _KEPT.patterns.get(key)
        if known is None:
            reader = Reader(self._lookup, exact, language, _KEPT.choices, self._items, self._lemmas)
            known = _KEPT.patterns[key] = reader.read(pattern)
        return known

    # rules

    def _rule(self, rule: Rule, pack: Pack, sources: dict[str, object], file: YamlFile, at: Key) -> None:
        override = self.platform.override.get(rule.id)
        if override is not None and override.off:
            return
        for key in rule.source:
            if key not in sources:
                message = text("checking.unknown-source", name=key) + near_name(key, sources)
                self.problems.append(file.problem((*at, "source"), message))
        keys = [key for key in (*(override.source if override else ()), *rule.source) if key in sources]
        number = len(self.rules)
        self.rules.append(
            CompiledRule(
                spec=rule,
                pack=pack.pack,
                severity=(override.severity if override else None) or rule.severity,
                source="; ".join(dict.fromkeys(getattr(sources[key], "title", key) for key in keys)),
                near=self._nears(rule.near, file, (*at, "near"), rule.language),
                guards=(
                    *self._guards_of(rule.unless, rule, file, (*at, "unless"), rule.language),
                    *self._guards_of(pack.unless, rule, file, ("unless",), rule.language),
                ),
                topic=rule.evidence if override is None or override.evidence else None,
            )
        )
        for k, matcher in enumerate(rule.any):
            self._matcher(matcher, number, rule, file, (*at, "any", k))

    def _matcher(self, matcher: Matcher, rule: int, spec: Rule, file: YamlFile, at: Key) -> None:
        language = matcher.language or spec.language
        number = len(self.matchers)
        self.matchers.append(
            CompiledMatcher(
                rule=rule,
                kind=matcher.kind,
                near=self._nears(matcher.near, file, (*at, "near"), language),
                guards=self._guards_of(matcher.unless, spec, file, (*at, "unless"), language),
            )
        )
        self.finders.serve(number, matcher, spec.id, file, at, self._lookup)
        found = [Entry("", p) for p in self._read(matcher.words or (), file, (*at, "words"), language, exact=True)]
        found += [Entry("", p) for p in self._read(matcher.lemmas or (), file, (*at, "lemmas"), language, exact=False)]
        if matcher.name is not None:
            try:
                found += self._lookup(matcher.name)
            except KeyError as error:
                self.problems.append(file.problem((*at, "name"), str(error.args[0])))
        for entry in found:
            self.patterns.append(entry.elements)
            self.pattern_matcher.append(number)
            self.pattern_canonical.append(entry.canonical)

    def _nears(self, nears: Sequence[Near], file: YamlFile, at: Key, language: str) -> tuple[CompiledNear, ...]:
        def read(near: Near, where: Key) -> CompiledNear:
            kind = "lemmas" if near.lemmas else "words"
            return compile_near(near, lambda p: self._read(p, file, (*where, kind), language, kind == "words"))

        return tuple(read(near, (*at, k)) for k, near in enumerate(nears))

    def _guards_of(
        self, guards: Sequence[str | Guard], rule: Rule, file: YamlFile, at: Key, language: str
    ) -> tuple[CompiledGuard, ...]:
        found = []
        for k, guard in enumerate(guards):
            if isinstance(guard, Guard):
                name = "unlike" if guard.unlike else f"{rule.id}.unless[{k}]"
                found.append(self._guard(name, guard, file, (*at, k), language, rule.category))
            elif guard in self._guards:
                found.append(self._guards[guard])
            else:
                message = text("checking.unknown-guard", name=guard) + near_name(guard, self._guards)
                self.problems.append(file.problem((*at, k), message))
        return tuple(found)

    def _guard(
        self, name: str, guard: Guard, file: YamlFile, at: Key, language: str, category: str = ""
    ) -> CompiledGuard:
        unlike = None
        if guard.unlike and not category:
            self.problems.append(file.problem((*at, "unlike"), text("checking.unlike-of-nothing")))
        elif guard.unlike and (classifier := self.finders.classifier_for(category, file, (*at, "unlike"))):
            unlike = Unlike(Likeness(classifier, category), guard.unlike)
        return compile_guard(name, guard, lambda p: self._read(p, file, at, language, exact=False), unlike)

    # the rest

    def _check_platforms(self, rules: dict[str, str]) -> None:
        for platform, file in self.sources.platforms.values():
            for rule in platform.override:
                if rule not in rules:
                    message = text("checking.unknown-rule", name=rule) + near_name(rule, rules)
                    self.problems.append(file.problem(("override", rule), message))

    def _vocabulary(self) -> Phrases | None:
        patterns = []
        for entry in self.shop.vocabulary:
            words = " ".join(part for part in entry.split() if part.strip("«»\"'"))
            try:
                patterns.append(self._elements_of(words, "ru", exact=False))
            except PatternError as error:
                raise RulesError(text("checking.bad-pattern", pattern=entry, why=str(error))) from error
        self._read_here += patterns
        return phrases_of(tuple(patterns)) if patterns else None


def load_rules(
    folders: Sequence[Path] = (),
    *,
    platform: str = "generic",
    shop: Path | None = None,
    products: Path | None = None,
    evidence: Path | None = None,
    today: date | None = None,
    cache: Path | None = None,
) -> RuleSet:
    """The shipped rules and those of `folders`, compiled for a platform, with what the shop says of itself.

    `shop` holds own names and ignored findings, `products` the product cards, `evidence` the register of proofs;
    `today` decides what is in date. `cache` is a folder for what makes the next loading faster. What is made of a
    pattern is shared by the rule sets of a process: load and check in one thread at a time.

    Raises RulesError with all problems of all files, ConfigError where the platform is unknown.
    """
    with without_collection(keep=True):
        sources = read_sources(folders)
        store = LemmaStore(cache / "lemmas.json") if cache else None
        rules = Compiler(
            sources,
            choose_platform(sources, platform),
            read_shop(shop),
            today or date.today(),
            read_products(products) if products else None,
            read_evidence(evidence) if evidence else None,
            store.of if store else lemmas_of,
        ).compile()
        if store:
            store.save()
        return rules
