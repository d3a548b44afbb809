"""Obscene words: listed, by root, masked, spelt apart; and what only looks like one."""

import pytest

from streamcheck.checking.lexicon import Lexicon
from streamcheck.checking.matchers.profane import Profane
from streamcheck.checking.passage import read_passage
from streamcheck.checking.selftest import utterances_of

WORDS = ["хуй", "хуйня", "блядь", "бля", "пиздец", "сука", "мандовошка", "ёбаный", "заебись"]
ROOTS = ["^(?:за|на)?еб(?:а|н)", "пизд", "^(?:о|на)?ху[йея]", "^манд", "^blya"]


def found(said: str) -> list[str]:
    passage = read_passage(utterances_of([said]), Lexicon())
    matches = Profane(WORDS, ROOTS).find(passage, 0, len(passage.tokens))
    return [passage.quote(match.start, match.end) for match in matches]


@pytest.mark.parametrize(
    ("said", "quote"),
    [
        ("ну и хуйню прислали", "хуйню"),
        ("за..бали уже", "за..бали"),
        ("просто за…бись", "за…бись"),
        ("я зае...лся таскать", "зае...лся"),
        ("опять за*бали", "за*бали"),
        ("ну пи-пи-пиздец", "пи-пи-пиздец"),
        ("это спиздили со склада", "спиздили"),
        ("Ёбаный насос", "Ёбаный"),
        ("полный пи***ц товарищи", "пи***ц"),
        ("да х** с ним", "х**"),
        ("ну бл… забыла", "бл"),
        ("какая-то xyйня", "xyйня"),
        ("это пи3дец", "пи3дец"),
        ("ой б-л-я-д-ь", "б-л-я-д-ь"),
        ("упаковано за-е-бись", "за-е-бись"),
        ("это п и з д е ц короче", "п и з д е ц"),
        ("ну сууука", "сууука"),
        ("бляяяя", "бляяяя"),
        ("oh blyat", "blyat"),
        ("пи-и-издатая сумка", "пи-и-издатая"),
        ("пиzдатый ключ", "пиzдатый"),
    ],
)
def test_what_is_obscene_is_found_however_it_is_spelt(said: str, quote: str) -> None:
    assert found(said) == [quote]


@pytest.mark.parametrize(
    "said",
    [
        "застрахуй посылку подстрахуйте меня",
        "потребляет немного, не колеблясь",
        "мандарин, команда, мандат и сукно",
        "хлебать из блюда",
        "без единого сучка",
        "пункт 5% и 3*4 см* и т.д.",
        "S*Oliver и H&M, артикул 30-46",
        "по* в наличии",
        "на...бери, по…ели, вы..били, раз...и готово",
        "до..ставили, о…бувь, у-у-уютный",
        "бл… блендер на шестьсот ватт",
        "пишите на почту, а и я с вами",
        "кое-что, из-за, по-моему, бла-бла",
    ],
)
def test_what_only_looks_obscene_is_silent(said: str) -> None:
    assert found(said) == []
