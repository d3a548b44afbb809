"""How common the words are that patterns ask for, so that a pattern is looked for where its rarest word stands."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from streamcheck.text.numerals import numeral
from streamcheck.text.tokens import normal

if TYPE_CHECKING:
    from streamcheck.checking.lexicon import Atom

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


class Weights(dict[int, float]):
    """The weight of each atom by its number, found when first asked for; `atoms` may still grow."""

    def __init__(self, atoms: "Sequence[Atom]") -> None:
        super().__init__()
        self._atoms = atoms

    def __missing__(self, number: int) -> float:
        weight = self[number] = _weight_of(self._atoms[number])
        return weight


def _weight_of(atom: "Atom") -> float:
    if atom.kind in ("lemma", "exact") and atom.value in _COMMON:
        return _COMMON_WEIGHT
    if atom.kind in ("lemma", "exact") and atom.value in _FREQUENT:
        return _FREQUENT_WEIGHT
    if numeral(atom.value) is not None:
        return _NUMERAL_WEIGHT
    return _WEIGHT[atom.kind]
