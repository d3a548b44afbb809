"""What was said about a product against its card: a figure, a price, a count that the card gives otherwise.

A false alarm is worse than a miss, so that a figure counts only where the sentence names the attribute, or the product
right beside the figure, or says that the card is wrong («на деле там все сорок ватт»). Comparisons, other versions,
questions, negations, bounds and discounts are left alone, and so is any figure that the card holds elsewhere.
"""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from streamcheck.checking.attributes import is_named, naming_words, things
from streamcheck.checking.passage import Passage
from streamcheck.checking.products import Attribute, Catalogue, Product, named_products
from streamcheck.i18n import text
from streamcheck.text.morphology import form
from streamcheck.text.quantities import Quantity
from streamcheck.text.units import CURRENCIES

_REACH = 60
"""Tokens for which a product that was named stays the one that is spoken of."""
_SENTENCE = 25
_NEAR = 8
_TOLERANCE = Decimal("0.05")
"""Of what is weighed or measured; money, months and percents are exact."""
_EXACT = CURRENCIES | {"calendar", "percent"}
_BY_UNIT_ALONE = frozenset(("power", "volume", "charge", "voltage", "memory", "pixels", "sound", "mass", "length"))


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


_OF_OTHERS = _set("""
    конкурент сосед соседний другой иной прошлый прошлогодний предыдущий старый раньше прежний обычный аналог вместо
    против версия вариант бывать тоже поменьше побольше отдельный отдельно если бы хотеть заказать доставка доставить
    курьер скидка дешевле дорогой дороже дешевый кэшбэк промокод рассрочка кредит бонус остаться остаток эфир зритель
    подписчик налить наливать залить заливать вскипятить порция рецепт добавить добавлять насыпать разница экономия
    минимум максимум вдвоем каждый нужно лучше взять брать поддержка склад пиковый максимальный номинальный рекорд
""")
"""Lemmas in whose company a figure may be about something else."""
_OF_OTHER_PRICES = _OF_OTHERS | _set("""
    быть месяц штука пара комплект набор завтра потом вырасти подняться стать розница магазин рынок подарок платить
    доплатить сдача экономить сэкономить перевод перевести сверху сертификат
""")
_OF_PACKAGES = _OF_OTHERS | _set("брутто упаковка коробка посылка набор комплект")
_DENIALS = _set("не ни нет без")
_MARKERS = _set("""
    реально реальный фактически фактический скромничать поскромничать занизить занижать приуменьшить опечатка деле
    настоящему факту честно
""")
"""Words with which somebody corrects the card: «на деле», «по-настоящему», «по факту»."""
_STRESS = _set("все весь целый аж полный целых полных полные честных")
_SWITCHES = _set("теперь следующий переходить перейти далее")
_HARMLESS_NOUNS = _set("""
    дело факт карточка описание друг девочка ребята правда раз эфир секунда внимание итог кстати магазин производитель
    заявка паспорт этикетка
""")
_CONTAINERS = _set("набор комплект всего целый аж внутри коробка содержать состоять насчитывать входить")
_PRICE_NOUNS = _set("цена стоимость ценник цен")


@dataclass(frozen=True, slots=True)
class Contradiction:
    """Tokens [start, end) against the card of `product`: what was said, what the card has."""

    start: int
    end: int
    kind: Literal["figure", "price", "text"]
    product: str
    attribute: str
    said: str
    card: str


@dataclass(frozen=True)
class Scene:
    """A passage with the catalogue and where its products are named."""

    passage: Passage
    catalogue: Catalogue
    mentions: Sequence[tuple[int, int]]

    def lemmas(self, i: int) -> frozenset[str]:
        """The lemmas of token i."""
        return form(self.passage.tokens[i].text).lemmas

    def lemmas_in(self, low: int, high: int) -> frozenset[str]:
        """The lemmas of tokens [low, high)."""
        return frozenset().union(*(self.lemmas(i) for i in range(low, high)))

    def is_noun(self, i: int) -> bool:
        """Whether token i is first of all a noun."""
        parses = form(self.passage.tokens[i].text).parses
        return bool(parses) and "NOUN" in parses[0].tags

    def mentioned(self, low: int, high: int) -> Sequence[tuple[int, int]]:
        """Where products are named in tokens [low, high)."""
        return self.mentions[bisect_left(self.mentions, (low, -1)) : bisect_left(self.mentions, (high, -1))]

    def amounts(self, low: int, high: int) -> Sequence[Quantity]:
        """The amounts that begin in tokens [low, high)."""
        found = self.passage.quantities
        start = bisect_left(found, low, key=lambda one: one.start)
        return found[start : bisect_left(found, high, key=lambda one: one.start)]

    def product_at(self, i: int, low: int, high: int) -> Product | None:
        """The product that token i of the sentence [low, high) speaks of: named before it, else after it, else last."""
        before = [number for _, number in self.mentioned(low, i + 1)]
        after = {number for _, number in self.mentioned(i + 1, high)}
        if before:
            return self.catalogue.products[before[-1]]
        if len(after) == 1:
            return self.catalogue.products[after.pop()]
        earlier = self.mentioned(i - _REACH, low)
        if after or not earlier or self._switched(earlier[-1][0], low):
            return None
        return self.catalogue.products[earlier[-1][1]]

    def _switched(self, since: int, until: int) -> bool:
        """Whether the talk went on to something that no card describes."""
        return any(self.lemmas(k) & _SWITCHES for k in range(since + 1, until))


def scene_of(passage: Passage, catalogue: Catalogue) -> Scene:
    """A passage as the contradictions look at it."""
    return Scene(passage, catalogue, named_products(catalogue, passage.tokens))


def figures(scene: Scene) -> Iterator[Contradiction]:
    """Figures, counts and prices that contradict a card, in the order of speech."""
    for one in scene.passage.quantities:
        low, high = scene.passage.sentence(one.start, _SENTENCE)
        if "?" in scene.passage.tokens[high - 1].after or _is_denied(scene, one, low):
            continue
        dimension = one.unit.dimension if one.unit else None
        if dimension in CURRENCIES or (dimension is None and _price_lead(scene, one, low) is not None):
            found = _price(scene, one, low, high)
        elif dimension is None:
            found = _count(scene, one, low, high)
        else:
            found = _figure(scene, one, low, high)
        if found is not None:
            yield found


def _is_denied(scene: Scene, one: Quantity, low: int) -> bool:
    before = {token.text for token in scene.passage.tokens[max(low, one.start - 2) : one.start]}
    return bool(before & _DENIALS)


def _figure(scene: Scene, one: Quantity, low: int, high: int) -> Contradiction | None:
    if scene.lemmas_in(low, high) & _OF_PACKAGES:
        return None
    if one.bound == "from" and one.unit is not None and one.unit.name == "год":
        return _age(scene, one, low, high)
    if one.bound != "exact" or one.unit is None:
        return None
    product = scene.product_at(one.start, low, high)
    candidates = [product] if product is not None else list(scene.catalogue.products)
    hits = [
        (distance, owner, attribute)
        for owner in candidates
        for attribute, _ in owner.figures_of(one.unit.dimension)
        if attribute is not None and (distance := _evidence(scene, attribute, one, low, high)) is not None
    ]
    if hits and product is not None:
        return _compare(scene, one, product, min(hits, key=lambda hit: hit[0])[2], low, high)
    lines = [(owner, at) for owner in candidates for at, _ in owner.figures_of(one.unit.dimension) if at is not None]
    if len(lines) != 1:
        return None
    owner, attribute = lines[0]
    known = product is not None and one.unit.dimension in _BY_UNIT_ALONE
    if known and (_stands_beside(scene, one, owner) or _corrects(scene, one, owner, attribute, low, high)):
        return _compare(scene, one, owner, attribute, low, high)
    return _compare(scene, one, owner, attribute, low, high) if _goes_on(scene, one, attribute, low) else None


def _evidence(scene: Scene, attribute: Attribute, one: Quantity, low: int, high: int) -> int | None:
    """How near the sentence names the attribute to the figure; None where it does not, or names something between."""
    if not is_named(attribute, scene.lemmas_in(low, high)):
        return None
    words = naming_words(attribute)
    for i in range(one.start - 1, max(low, one.start - _NEAR) - 1, -1):
        if scene.lemmas(i) & words:
            return one.start - i
        if scene.is_noun(i) and not scene.lemmas(i) & (_HARMLESS_NOUNS | scene.catalogue.by_word.keys()):
            return None
    for i in range(one.end, min(high, one.end + 3)):
        if scene.passage.tokens[i - 1].after:
            return None
        if scene.lemmas(i) & words:
            return i - one.end + 1
        if scene.is_noun(i):
            return None
    return None


def _corrects(scene: Scene, one: Quantity, product: Product, attribute: Attribute, low: int, high: int) -> bool:
    """«На деле там все сорок ватт»: the card is said to be wrong, and the unit is of one line only."""
    said = {token.text for token in scene.passage.tokens[low:high]} | scene.lemmas_in(low, high)
    known = _HARMLESS_NOUNS | product.words | naming_words(attribute) | _MARKERS
    nouns = (i for i in range(low, one.start) if scene.is_noun(i))
    return bool(said & _MARKERS) and all(scene.lemmas(i) & known for i in nouns)


def _goes_on(scene: Scene, one: Quantity, attribute: Attribute, low: int) -> bool:
    """«— А сколько там кислоты? — Все пять процентов»: stressed, after the attribute was named here or just before."""
    stressed = one.start > low and scene.passage.tokens[one.start - 1].text in _STRESS
    return stressed and is_named(attribute, scene.lemmas_in(max(0, low - _SENTENCE), one.start))


def _stands_beside(scene: Scene, one: Quantity, product: Product) -> bool:
    """«Чайник на два литра», «двухлитровый чайник»."""
    tokens = scene.passage.tokens
    i = one.start - 1
    while i >= 0 and not tokens[i].after and (tokens[i].text in ("на", "в", "это") or _is_adjective(scene, i)):
        i -= 1
    if i >= 0 and not tokens[i].after and scene.lemmas(i) & product.words:
        return True
    described = one.end - one.start == 1 and _is_adjective(scene, one.start)
    return described and one.end < len(tokens) and bool(scene.lemmas(one.end) & product.words)


def _is_adjective(scene: Scene, i: int) -> bool:
    return any(parse.tags & {"ADJF", "PRTF"} for parse in form(scene.passage.tokens[i].text).parses)


def _same(left: Decimal, right: Decimal, dimension: str | None) -> bool:
    tolerance = Decimal(0) if dimension in _EXACT else _TOLERANCE
    return abs(left - right) <= tolerance * max(abs(left), abs(right))


def _agrees(said: Quantity, figure: Quantity) -> bool:
    """Whether the card allows what was said: its figure, or anything within its bounds."""
    dimension = said.unit.dimension if said.unit else None
    top = figure.base if figure.upper is None else figure.upper * (figure.unit.factor if figure.unit else 1)
    enough = figure.bound == "to" or said.base >= figure.base or _same(said.base, figure.base, dimension)
    not_more = figure.bound == "from" or said.base <= top or _same(said.base, top, dimension)
    return figure.bound == "about" or (enough and not_more)


def _compare(
    scene: Scene, one: Quantity, product: Product, attribute: Attribute, low: int, high: int
) -> Contradiction | None:
    """The contradiction, unless the card, or another product that may be meant, has the figure somewhere."""
    dimension = one.unit.dimension if one.unit else None
    own = [figure for at, figure in product.figures_of(dimension) if at is attribute]
    others = [figure for at, figure in product.figures_of(dimension) if at is not attribute]
    if len(own) > 1 or _agrees(one, own[0]) or any(_same(one.base, figure.base, dimension) for figure in others):
        return None
    named_here = any(scene.catalogue.products[number] is product for _, number in scene.mentioned(low, high))
    for other in scene.catalogue.products if not named_here else ():
        if any(_agrees(one, f) for at, f in other.figures_of(dimension) if at and things(at) & things(attribute)):
            return None
    said = scene.passage.quote(one.start, one.end)
    return Contradiction(one.start, one.end, "figure", product.name, attribute.name, said, attribute.value)


def _age(scene: Scene, one: Quantity, low: int, high: int) -> Contradiction | None:
    """«С трёх лет» of what the card gives from six on."""
    product = scene.product_at(one.start, low, high)
    for attribute in product.attributes if product is not None else ():
        limits = [figure for figure in attribute.figures if figure.bound == "from"]
        if "возраст" in attribute.lemmas and product is not None and limits and one.value < limits[0].value:
            said = scene.passage.quote(one.start - 1, one.end)
            return Contradiction(one.start - 1, one.end, "figure", product.name, attribute.name, said, attribute.value)
    return None


def _count(scene: Scene, one: Quantity, low: int, high: int) -> Contradiction | None:
    """«Пятьсот деталей в наборе»: a count of what the card counts."""
    said = scene.lemmas_in(low, high)
    if one.bound != "exact" or one.end >= high or not said & _CONTAINERS or said & _OF_OTHERS:
        return None
    noun = one.end + 1 if _is_adjective(scene, one.end) and one.end + 1 < high else one.end
    product = scene.product_at(one.start, low, high)
    for owner in [product] if product is not None else scene.catalogue.products:
        for attribute, figure in owner.figures_of(None):
            counted = attribute is not None and scene.lemmas(noun) & things(attribute) - {"размер"}
            if attribute is None or not counted or len(attribute.figures) != 1:
                continue
            if not _agrees(one, figure) and not any(_agrees(one, f) for _, f in owner.figures_of(None)):
                quote = scene.passage.quote(one.start, noun + 1)
                return Contradiction(one.start, noun + 1, "figure", owner.name, attribute.name, quote, attribute.value)
    return None


def _price_lead(scene: Scene, one: Quantity, low: int) -> int | None:
    """The token that makes a number a price: «цена», «стоит», with little between."""
    for i in range(one.start - 1, max(low, one.start - 5) - 1, -1):
        if scene.lemmas(i) & _PRICE_NOUNS or ("стоить" in scene.lemmas(i) and one.start - i <= 3):
            return i
        if scene.is_noun(i) and not scene.lemmas(i) & (_HARMLESS_NOUNS | scene.catalogue.by_word.keys()):
            return None
    return None


def _price(scene: Scene, one: Quantity, low: int, high: int) -> Contradiction | None:
    """«Цена две пятьсот» of what costs 2990, where nothing hints at a discount, a set or another thing."""
    if one.bound != "exact" or one.value <= 0 or (one.unit is None and one.value < 100):
        return None
    if scene.lemmas_in(low, high) & (_OF_OTHER_PRICES | _DENIALS) or _is_per_piece(scene, one):
        return None
    lead = _price_lead(scene, one, low)
    product = scene.product_at(one.start, low, high)
    beside = one.unit is not None and product is not None and _sold_for(scene, one, product, low)
    if product is None or product.price is None or (lead is None and not beside):
        return None
    if one.unit is not None and product.currency is not None and one.unit.dimension != product.currency:
        return None
    known = _HARMLESS_NOUNS | product.mentions | _PRICE_NOUNS
    if any(scene.is_noun(i) and not scene.lemmas(i) & known for i in range(low, one.start)):
        return None
    prices = [other.price for other in scene.catalogue.products if other.price is not None]
    if any(figure.value in prices for figure in scene.amounts(low, high)):
        return None
    card = f"{product.price.normalize():f} {product.currency or ''}".strip()
    said = scene.passage.quote(one.start, one.end)
    return Contradiction(one.start, one.end, "price", product.name, text("products.price"), said, card)


def _is_per_piece(scene: Scene, one: Quantity) -> bool:
    """«Двести рублей за метр», «рублей в месяц»: the price of something else than the product."""
    return one.end < len(scene.passage.tokens) and scene.passage.tokens[one.end].text in ("за", "в", "на", "каждый")


def _sold_for(scene: Scene, one: Quantity, product: Product, low: int) -> bool:
    """«Чайник за две тысячи»."""
    i = one.start - 1
    return i > low and scene.passage.tokens[i].text == "за" and bool(scene.lemmas(i - 1) & product.words)
