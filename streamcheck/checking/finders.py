"""Which finder a matcher of a rule file asks for; rules that ask for the same thing share one, which looks at a passage
once for all of them.
"""

from collections.abc import Callable, Sequence

import regex

from streamcheck.checking.classifier import Classifier, load_classifier
from streamcheck.checking.lexicon import Lexicon
from streamcheck.checking.likeness import Likeness
from streamcheck.checking.loading import Sources
from streamcheck.checking.matchers import Finder
from streamcheck.checking.matchers.address import NetAddress
from streamcheck.checking.matchers.degree import Comparative, Superlative
from streamcheck.checking.matchers.density import Density
from streamcheck.checking.matchers.like import Like
from streamcheck.checking.matchers.number import Number
from streamcheck.checking.matchers.product import CardContradiction
from streamcheck.checking.matchers.profane import Profane
from streamcheck.checking.matchers.regexes import Regex
from streamcheck.checking.matchers.silence import Silence
from streamcheck.checking.patterns import Entry
from streamcheck.checking.phrases import Phrases, phrases_of
from streamcheck.checking.products import Catalogue
from streamcheck.checking.schema import Density as DensityOf
from streamcheck.checking.schema import Like as LikeWhat
from streamcheck.checking.schema import Matcher, Platform
from streamcheck.checking.schema import Profane as ProfaneLists
from streamcheck.checking.yamlfile import Key, Problem, YamlFile, near_name
from streamcheck.i18n import text

Lookup = Callable[[str], Sequence[Entry]]


class Finders:
    """The finders of a rule set, with the numbers of the matchers each serves, and its likeness by category;
    what is wrong goes to `problems`.
    """

    def __init__(
        self,
        sources: Sources,
        platform: Platform,
        lexicon: Lexicon,
        catalogue: Catalogue | None,
        problems: list[Problem],
    ) -> None:
        self.shared: dict[tuple[str, str], tuple[Finder, list[int]]] = {}
        self._sources, self._platform, self._lexicon, self._catalogue = sources, platform, lexicon, catalogue
        self._problems = problems
        self.likeness: dict[str, Likeness] = {}
        self._classifier: Classifier | None = None

    def serve(self, number: int, matcher: Matcher, rule: str, file: YamlFile, at: Key, lookup: Lookup) -> None:
        """Find what this matcher asks for, if it is not one that the phrase index serves; `lookup` gives lists."""
        asked = (matcher.kind, repr(getattr(matcher, matcher.kind)))
        if asked in self.shared:
            self.shared[asked][1].append(number)
        elif (finder := self._finder(matcher, rule, file, at, lookup)) is not None:
            self.shared[asked] = (finder, [number])

    def _finder(self, matcher: Matcher, rule: str, file: YamlFile, at: Key, lookup: Lookup) -> Finder | None:
        if matcher.degree is not None:
            return Superlative(self._lexicon) if matcher.degree == "superlative" else Comparative(self._lexicon)
        if matcher.regex is not None:
            try:
                return Regex(matcher.regex, rule)
            except regex.error as error:
                self._problems.append(file.problem((*at, "regex"), text("checking.bad-regex", why=str(error))))
        if matcher.profane is not None:
            return self._profane(matcher.profane, file, (*at, "profane"))
        if matcher.number is not None:
            return Number(matcher.number)
        if matcher.address is not None:
            return NetAddress(matcher.address, self._platform.allowed_domains)
        if matcher.silence is not None:
            return Silence(matcher.silence.longer)
        if matcher.product is not None:
            return CardContradiction(matcher.product, self._catalogue)
        if matcher.density is not None:
            return self._density(matcher.density, file, (*at, "density", "words"), lookup)
        if matcher.like is not None:
            return self._like(matcher.like, file, (*at, "like"), lookup)
        return None

    def _like(self, asked: LikeWhat, file: YamlFile, at: Key, lookup: Lookup) -> Finder | None:
        classifier = self.classifier_for(asked.label, file, (*at, "label"))
        if classifier and (asked.lasts or asked.label not in self.likeness):
            self.likeness[asked.label] = Likeness(
                classifier, asked.label, asked.lasts, self._until(asked, file, at, lookup)
            )
        return Like(classifier, asked.label, asked.least) if classifier else None

    def _until(self, asked: LikeWhat, file: YamlFile, at: Key, lookup: Lookup) -> Phrases | None:
        if asked.until is None:
            return None
        try:
            return phrases_of(tuple(entry.elements for entry in lookup(asked.until)))
        except KeyError as error:
            self._problems.append(file.problem((*at, "until"), str(error.args[0])))
            return None

    def classifier_for(self, label: str, file: YamlFile, at: Key) -> Classifier | None:
        """The classifier beside the rules, if it knows the label; a problem where there is none that does."""
        if self._classifier is None:
            if self._sources.classifier is None:
                self._problems.append(file.problem(at, text("checking.no-classifier")))
                return None
            self._classifier = load_classifier(self._sources.classifier)
        if label not in self._classifier.labels:
            message = text("checking.unknown-label", name=label, known=", ".join(self._classifier.labels))
            self._problems.append(file.problem(at, message))
            return None
        return self._classifier

    def _density(self, asked: DensityOf, file: YamlFile, at: Key, lookup: Lookup) -> Finder | None:
        try:
            entries = lookup(asked.words)
        except KeyError as error:
            self._problems.append(file.problem(at, str(error.args[0])))
            return None
        phrases = phrases_of(tuple(entry.elements for entry in entries))
        return Density(phrases, asked.window, asked.max)

    def _profane(self, asked: ProfaneLists, file: YamlFile, at: Key) -> Finder | None:
        words, roots = self._sources.words, self._sources.roots
        for kind, name, known in (("words", asked.words, words), ("roots", asked.roots, roots)):
            if name not in known:
                message = text("checking.unknown-list", name=name) + near_name(name, known)
                self._problems.append(file.problem((*at, kind), message))
                return None
        try:
            return Profane(words[asked.words], roots[asked.roots])
        except regex.error as error:
            self._problems.append(file.problem((*at, "roots"), text("checking.bad-regex", why=str(error))))
        return None
