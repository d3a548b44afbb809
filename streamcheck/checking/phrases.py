"""Many patterns searched at once: each is looked for only where its rarest word stands."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from streamcheck.checking.lexicon import Atom, Lexicon
from streamcheck.checking.matching import NO_MATCH, Step, anchor, compile_pattern, needed
from streamcheck.checking.passage import Passage
from streamcheck.checking.patterns import Sequence_, first_atoms
from streamcheck.text.numerals import numeral
from streamcheck.text.tokens import normal

_COMMON = frozenset(
    normal(
        "и в не на я что с а то как у это по но мы вы за все она он так вот к из же от бы для о есть был быть до "
        "ещё уже нам вам вас нас меня мне ты тебя наш ваш весь этот тот такой который один два раз год самый только "
        "очень ну да нет если или когда где кто там тут здесь можно надо сейчас потом ли ни мой свой твой сам дать "
        "взять сделать мочь хотеть стать"
    ).split()
)
_FREQUENT = frozenset(
    normal(
        "карточка цена телефон площадка лучше спрашивать вопрос сто пять два три отзыв писать написать пишите номер "
        "через после чат чате приложение минус отвечать ответить десять магазин процент рука рубль скидка коробка дом "
        "показывать показать их его её им всем всё при фото сказать говорить склад больше меньше чем знать смотреть "
        "посмотреть видеть брать купить заказать товар размер день время человек экран эфир сегодня завтра новый "
        "хороший другой каждый самый идти прийти пойти стоить штука вещь девочка ребята доставка заказ сейчас прямо "
        "просто ещё под над без со минута секунда час год ребёнок мама деньги тысяча тенге понять думать подумать "
        "найти ставить поставить кто какой"
    ).split()
)
_WEIGHT = {"number": 20_000.0, "tags": 80_000.0, "glob": 10.0, "kazakh": 2.0, "exact": 3.0, "lemma": 6.0}
_COMMON_WEIGHT, _FREQUENT_WEIGHT, _NUMERAL_WEIGHT = 12_000.0, 1_500.0, 1_000.0
"""How often a test is passed, in a million tokens of talk; by order of magnitude, to find a pattern's rarest word. The
lists of words were counted in clean selling talk; a list of hundreds of rare words is rarer than one «не»."""


class Hit(NamedTuple):
    """A pattern found: its number in the set and its tokens [start, end)."""

    pattern: int
    start: int
    end: int


class _Place(NamedTuple):
    pattern: int
    nearest: int
    furthest: int


class PhraseSet:
    """Patterns with an index from the atoms of their rarest word."""

    def __init__(self, patterns: Sequence[Sequence_], lexicon: Lexicon) -> None:
        self._patterns = tuple(patterns)
        self._steps: dict[int, _Prepared] = {}
        self._lexicon = lexicon
        self._places: dict[int, list[_Place]] = defaultdict(list)
        for number, elements in enumerate(self._patterns):
            where = anchor(elements, self._weight)
            for atom in where.atoms:
                self._places[atom].append(_Place(number, where.nearest, where.furthest))
        self._atoms = frozenset(self._places)
        self._by_text: dict[str, tuple[_Place, ...]] = {}

    def _weight(self, number: int) -> float:
        atom: Atom = self._lexicon.atom(number)
        if atom.kind in ("lemma", "exact") and atom.value in _COMMON:
            return _COMMON_WEIGHT
        if atom.kind in ("lemma", "exact") and atom.value in _FREQUENT:
            return _FREQUENT_WEIGHT
        if numeral(atom.value) is not None:
            return _NUMERAL_WEIGHT
        return _WEIGHT[atom.kind]

    def _here(self, passage: Passage, i: int) -> tuple[_Place, ...]:
        text = passage.tokens[i].text
        known = self._by_text.get(text)
        if known is None:
            if len(self._by_text) > 200_000:
                self._by_text.clear()
            atoms = self._atoms & passage.passed[i]
            known = self._by_text[text] = tuple({place for atom in atoms for place in self._places[atom]})
        return known

    def _prepare(self, pattern: int) -> "_Prepared":
        """How to match a pattern; made when its rarest word is first met."""
        elements = self._patterns[pattern]
        made = self._steps[pattern] = _Prepared(
            compile_pattern(elements), first_atoms(elements), needed(elements, self._weight)[1:]
        )
        return made

    def find(self, passage: Passage, low: int = 0, high: int | None = None) -> Iterator[Hit]:
        """Hits whose rarest word lies in tokens [low, high): the tightest matches of each pattern, in no set order."""
        hits: dict[int, list[Hit]] = defaultdict(list)
        passed = passage.passed
        for i in range(low, len(passage.tokens) if high is None else high):
            for pattern, nearest, furthest in self._here(passage, i):
                step, first, others = self._steps.get(pattern) or self._prepare(pattern)
                if others and any(map(passage.sentence_passes(i).isdisjoint, others)):
                    continue
                for start in range(i - nearest, max(0, i - furthest) - 1, -1):
                    if first is not None and first.isdisjoint(passed[start]):
                        continue
                    end = step(passed, passage.breaks, start, True, i)
                    if end != NO_MATCH:
                        hits[pattern].append(Hit(pattern, start, end))
                        break
        for found in hits.values():
            yield from _innermost(found)


class _Prepared(NamedTuple):
    """A pattern ready to match: its function, what its first token passes, what else its sentence must hold."""

    step: Step
    first: frozenset[int] | None
    others: tuple[frozenset[int], ...]


def _innermost(hits: list[Hit]) -> list[Hit]:
    """Without hits that hold another of the same pattern within them («пишет пишите в вотсап»)."""
    if len(hits) == 1:
        return hits
    kept: list[Hit] = []
    for hit in sorted(set(hits), key=lambda one: (one.end, -one.start)):
        if not kept or kept[-1].start < hit.start:
            kept.append(hit)
    return kept
