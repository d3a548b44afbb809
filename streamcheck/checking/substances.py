"""What a product is said to be made of, where it is said to come from and to hold, against its card.

«Корпус из чистого титана» where the card has stainless steel; «стопроцентный хлопок» where it has eighty percent;
«батарейки в комплекте» where it says no; «сделано в Германии» where it names another country. Imitations («под
дерево»), additions, comparisons, questions and denials are left alone.
"""

from collections.abc import Iterator, Sequence

from streamcheck.checking.attributes import things
from streamcheck.checking.contradictions import Contradiction, Scene
from streamcheck.checking.products import Attribute, Product
from streamcheck.text.morphology import form

_MATERIALS = """
steel metal: сталь нержавейка стальной нержавеющий
iron metal: чугун чугунный
aluminium metal: алюминий алюминиевый дюраль дюралюминий
titanium metal: титан титановый
copper metal: медь медный
brass metal: латунь латунный
bronze metal: бронза бронзовый
silver metal: серебро серебряный
gold metal: золото
metal: металл металлический железо железный
plastic: пластик пластиковый пластмасса пластмассовый полипропилен абс полистирол акрил акриловый
glass: стекло стеклянный хрусталь хрустальный
wood: дерево деревянный дуб дубовый береза березовый сосна сосновый бук буковый орех ясень бамбук бамбуковый фанера
ceramic: керамика керамический фарфор фарфоровый фаянс глина глиняный
leather: кожа кожаный
ecoleather: экокожа кожзам дерматин
suede leather: замша замшевый нубук
cotton: хлопок хлопковый хлопчатобумажный коттон бязь сатин
linen: лен льняной
wool: шерсть шерстяной кашемир кашемировый меринос мериносовый
silk: шелк шелковый
synthetic: полиэстер полиамид нейлон синтетика синтетический вискоза акрил эластан лайкра полиэфир
rubber: резина резиновый каучук
silicone: силикон силиконовый
fur: мех меховой
down: пух пуховый
stone: камень каменный гранит гранитный мрамор мраморный
carbon: карбон карбоновый
cardboard: картон картонный бумага бумажный
mesh: сетка
"""
_COUNTRIES = """
Германия: немецкий германский | Италия: итальянский | Япония: японский | Корея: корейский | Китай: китайский
Турция: турецкий | Россия: российский русский | Казахстан: казахстанский | Узбекистан: узбекский узбекистанский
Франция: французский | Швейцария: швейцарский | США: американский америка | Англия: английский | Британия: британский
Польша: польский | Беларусь: белорусский | Финляндия: финский | Швеция: шведский | Дания: датский | Испания: испанский
Вьетнам: вьетнамский | Индия: индийский | Тайвань: тайваньский | Чехия: чешский | Австрия: австрийский | Иран: иранский
Бангладеш: бангладешский | Киргизия: киргизский кыргызстан
Голландия: голландский нидерланды | Португалия: португальский
"""


def _families() -> dict[str, frozenset[str]]:
    """Material words to the families that they belong to; the first name is the narrowest."""
    found: dict[str, frozenset[str]] = {}
    for line in _MATERIALS.strip().splitlines():
        names, _, words = line.partition(": ")
        for word in words.split():
            found[word] = found.get(word, frozenset()) | frozenset(names.split())
    return found


_FAMILIES = _families()
_COUNTRY = {
    word: head.casefold()
    for head, _, words in (
        row.strip().partition(": ") for row in _COUNTRIES.replace("\n", "|").split("|") if row.strip()
    )
    for word in (head.casefold(), *words.split())
}


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


_SAID_OF_WHOLE = _set("материал состав ткань сырье")
_ORIGIN = _set("страна производство происхождение производитель изготовитель")
_MADE = _set("""
    производство делать сделать произвести производить сшить собрать выпустить отлить изготовить качество сборка
""")
_PURE = _set("чистый стопроцентный полностью цельный сплошной исключительно целиком один только весь")
_NOT_MEANT = _set("""
    не ни нет без под как похожий типа вроде вместо если бы другой отдельный соседний тоже вставка добавление ион
    имитация цвет покрытие напыление никакой конкурент раньше прошлый аналог рядом чем
""")
_YES = _set("""
    есть идти входить положить лежать включить прилагаться иметься быть можно подходить поддерживать работать класть
""")
_NO = _set("нет отсутствует без")
_NO_PARTS = _set("процент сто дело факт")
_ELSEWHERE = _set("отдельно купить докупить продаваться")
_SENTENCE = 25
_NEAR = 4


def statements(scene: Scene) -> Iterator[Contradiction]:
    """Materials, origins and parts that contradict a card, in the order of speech."""
    told: set[tuple[str, str, int]] = set()
    for i, token in enumerate(scene.passage.tokens):
        lemmas = scene.lemmas(i)
        if not (lemmas & _FAMILIES.keys() or lemmas & _COUNTRY.keys()) or token.text in _NOT_MEANT:
            continue
        low, high = scene.passage.sentence(i, _SENTENCE)
        product = scene.product_at(i, low, high)
        if product is None or "?" in scene.passage.tokens[high - 1].after:
            continue
        found = _material(scene, i, product, low, high) or _origin(scene, i, product, low, high)
        if found is not None and (found.product, found.attribute, low) not in told:
            told.add((found.product, found.attribute, low))
            yield found


def _contradiction(scene: Scene, start: int, end: int, product: Product, attribute: Attribute) -> Contradiction:
    said = scene.passage.quote(start, end)
    return Contradiction(start, end, "text", product.name, attribute.name, said, attribute.value)


def _near_words(scene: Scene, start: int, end: int) -> frozenset[str]:
    return scene.lemmas_in(start, end) | {token.text for token in scene.passage.tokens[start:end]}


def _material(scene: Scene, i: int, product: Product, low: int, high: int) -> Contradiction | None:
    said = _families_at(scene, i)
    part = _part(scene, i, product, low, high) if said else None
    if part is None:
        return None
    start, end = min(part, i), max(part, i) + 1
    attribute = _attribute_of(scene.lemmas(part), product)
    if attribute is None or _near_words(scene, max(low, i - _NEAR), min(high, i + 2)) & _NOT_MEANT:
        return None
    card = [_FAMILIES[word] for word in attribute.value_lemmas if word in _FAMILIES]
    if not card:
        return None
    if any(said & family and (said <= family or family <= said) for family in card):
        pure = _near_words(scene, max(low, i - 2), min(high, i + 2)) & _PURE or _is_whole(scene, i, low)
        return _contradiction(scene, start, end, product, attribute) if pure and _is_mixed(attribute) else None
    return _contradiction(scene, start, end, product, attribute)


def _families_at(scene: Scene, i: int) -> frozenset[str]:
    """What token i says a thing is made of: its likeliest reading («стали» is more often a verb), any after «из»."""
    parses = form(scene.passage.tokens[i].text).parses
    after_of = any(token.text == "из" for token in scene.passage.tokens[max(0, i - 3) : i])
    for parse in parses if after_of else parses[:1]:
        if parse.lemma in _FAMILIES and parse.tags & {"NOUN", "ADJF"}:
            return _FAMILIES[parse.lemma]
    return frozenset()


def _part(scene: Scene, i: int, product: Product, low: int, high: int) -> int | None:
    """The thing that token i says the material of: «корпус из титана», «титановый корпус», «корпус титановый»."""
    adjective = any("ADJF" in parse.tags for parse in form(scene.passage.tokens[i].text).parses[:1])
    tokens = scene.passage.tokens
    if adjective and not tokens[i].after:
        for k in range(i + 1, min(high, i + 3)):
            if scene.is_noun(k):
                return k
            if tokens[k].after:
                break
    whole = None
    for k in range(i - 1, max(low, i - 1 - _NEAR) - 1, -1):
        if not scene.is_noun(k) or scene.lemmas(k) & _NO_PARTS:
            continue
        if not scene.lemmas(k) & product.words:
            return k if whole is None or _attribute_of(scene.lemmas(k), product) else whole
        whole = k if whole is None else whole
    return whole


def _attribute_of(part: frozenset[str], product: Product) -> Attribute | None:
    """The line of the card about a part, or about the whole where the product itself is named."""
    whole = part & (product.words | _SAID_OF_WHOLE)
    for attribute in product.attributes:
        if part & things(attribute) or (whole and things(attribute) & _SAID_OF_WHOLE):
            return attribute
    return None


def _is_whole(scene: Scene, i: int, low: int) -> bool:
    """«Сто процентов хлопок», «хлопок сто процентов»."""
    return any(
        one.unit is not None and one.unit.name == "%" and one.value == 100 and (one.end == i or one.start == i + 1)
        for one in scene.amounts(low, i + 2)
    )


def _is_mixed(attribute: Attribute) -> bool:
    names = {_FAMILIES[word] for word in attribute.value_lemmas if word in _FAMILIES}
    partial = any(one.unit is not None and one.unit.name == "%" and one.value < 100 for one in attribute.figures)
    return len(names) > 1 or partial


def _origin(scene: Scene, i: int, product: Product, low: int, high: int) -> Contradiction | None:
    country = next((_COUNTRY[word] for word in scene.lemmas(i) if word in _COUNTRY), None)
    if country is None or _near_words(scene, max(low, i - _NEAR), min(high, i + 2)) & _NOT_MEANT:
        return None
    before = scene.lemmas_in(max(low, i - _NEAR), i)
    after = scene.lemmas_in(i + 1, min(high, i + 2))
    adjective = any("ADJF" in parse.tags for parse in form(scene.passage.tokens[i].text).parses[:1])
    claimed = after & (_MADE | product.words) if adjective else before & _MADE
    for attribute in product.attributes if claimed else ():
        card = {_COUNTRY[word] for word in attribute.value_lemmas if word in _COUNTRY}
        if things(attribute) & _ORIGIN and card and country not in card:
            start = next(k for k in range(max(low, i - _NEAR), i + 1) if k == i or scene.lemmas(k) & _MADE)
            return _contradiction(scene, start, i + 1 + (adjective and i + 1 < high), product, attribute)
    return None


def absences(scene: Scene) -> Iterator[Contradiction]:
    """«Батарейки идут в комплекте» where the card says no."""
    lines = [(p, at) for p in scene.catalogue.products for at in p.attributes if at.nouns and at.value_lemmas <= _NO]
    done = -1
    for i in range(len(scene.passage.tokens)) if lines else ():
        for product, attribute in lines:
            if i <= done or not scene.lemmas(i) & attribute.nouns:
                continue
            low, high = scene.passage.sentence(i, _SENTENCE)
            if scene.product_at(i, low, high) is not product or "?" in scene.passage.tokens[high - 1].after:
                continue
            places = _assertion(scene, attribute.nouns, low, high)
            if places:
                done = max(places)
                yield _contradiction(scene, min(places), max(places) + 1, product, attribute)


def _assertion(scene: Scene, nouns: frozenset[str], low: int, high: int) -> Sequence[int]:
    """Where a sentence says that the nouns are there; nowhere where it denies or limits it."""
    if _near_words(scene, low, high) & (_NOT_MEANT | _NO | _ELSEWHERE):
        return ()
    places = []
    for wanted in (*({noun} for noun in nouns), _YES):
        place = next((k for k in range(low, high) if scene.lemmas(k) & wanted), None)
        if place is None:
            return ()
        places.append(place)
    return places
