"""Which line of a card a sentence speaks of: by the words of its name, by what people say for them, by its unit.

An attribute is spoken of where every noun of its name is there, or a word that people use for it; the words for
measures («длина», «вес», «время») may be left out where a noun says what is measured («шнур метр двадцать»).
"""

from collections.abc import Iterable

from streamcheck.checking.products import Attribute

MEASURES = frozenset(
    """
    длина ширина высота глубина толщина диаметр вес масса объем литраж вместимость емкость мощность время срок размер
    количество число температура скорость площадь дальность плотность габарит рост
    """.split()
)
"""Nouns that name a measure but not the thing that is measured."""
_SAID_FOR = """
объем: литраж вместимость емкость вмещать вмещаться вместить влезать влезть
емкость: объем литраж вмещать вмещаться
вместимость: объем литраж емкость вмещать вмещаться вместить влезать
мощность: мощный
гарантия: гарантийный
шнур: провод кабель
провод: шнур кабель
кабель: шнур провод
вес: весить масса потянуть
масса: вес весить
работа: работать проработать автономность автономно играть ездить летать
автономность: работать автономно заряд
зарядка: заряжать заряжаться зарядить зарядиться
тепло: горячий теплый остывать остыть
холод: холодный
сигнал: дальность радиус бить добивать доставать ловить
дальность: радиус бить добивать доставать
радиус: дальность бить добивать доставать
батарея: аккумулятор
аккумулятор: батарея
шум: шуметь шумный громкость
годность: годный храниться годен
вскрытие: вскрыть открытие открыть
нагрузка: выдерживать грузоподъемность выдержать
диагональ: экран
экран: диагональ
память: накопитель
скорость: разгоняться разогнаться
закипание: закипать закипеть вскипать
нагрев: нагревать нагреваться закипать закипеть
питание: розетка
таймер: выключаться отключаться
посадка: сидеть
стенка: стенки
"""
_SYNONYMS = {
    head: frozenset((head, *words.split()))
    for head, _, words in (line.partition(": ") for line in _SAID_FOR.strip().splitlines())
}


def words_for(lemma: str) -> frozenset[str]:
    """The lemma and what people say for it."""
    return _SYNONYMS.get(lemma, frozenset((lemma,)))


def things(attribute: Attribute) -> frozenset[str]:
    """The nouns of an attribute's name that say what is measured; the measure itself where there is no such noun."""
    return (attribute.nouns - MEASURES) or attribute.nouns or attribute.lemmas


def is_named(attribute: Attribute, lemmas: Iterable[str]) -> bool:
    """Whether some words speak of the attribute: each of its things is there, by name or by another word."""
    said = frozenset(lemmas)
    return all(words_for(thing) & said for thing in things(attribute))


def naming_words(attribute: Attribute) -> frozenset[str]:
    """All the words by which the attribute can be named, its measure among them."""
    return frozenset().union(*(words_for(lemma) for lemma in attribute.lemmas))
