"""What a run of digits is: a phone, a bank card, a personal number, a service number, or none of these.

Its length, national plans and check digits decide, together with the words around it: «звоните», «номер заказа»,
«рублей». A recogniser drops and doubles digits, so that a number that somebody is invited to call passes with one or
two digits wrong.
"""

from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise
from typing import Literal

import regex

from streamcheck.text.digits import DigitRun
from streamcheck.text.plans import is_card, is_iin, is_international, is_national
from streamcheck.text.tokens import Token

Kind = Literal["phone", "card", "iin", "short-code"]

_ROLES = {
    "id": r"артикул\w*|арт|заказ\w{0,2}|лот\w{0,2}|код\w{0,2}|штрих\w*|баркод\w*|"
    r"накладн\w+|трек\w{0,3}|чек\w{0,2}|серийн\w+|парти\w{1,2}|sku|инн|бин|лиценз\w+|сертификат\w*|деклараци\w+|"
    r"патент\w*|договор\w*|гост\w{0,2}|катало\w+|заводск\w+|тапсырыс\w*|part",
    "value": r"карточк\w+|цен[аыуео]\w?|стоит|стоил\w?|стоят|обойд\w+|отда[мею]\w*|поиск\w*|рост\w{0,2}|возраст\w*|"
    r"год\w{0,2}|дат[аыеу]|наличи\w+|остал\w+|размер\w{0,4}|размерчик\w*|цвет\w*|модел\w+|өлшем\w*|баға\w*",
    "call": r"(?:по|до|пере|со|об)?звон(?:и|ю|я)\w*|наб(?:е|и)р\w+|сотов\w+|мобильн\w+|мобил[аыеу]\w*|трубк\w+|"
    r"телефон(?:чик\w*|у|е|ом)?|тел|дозвон\w+|созвон\w+|хабарлас\w+|қоңырау\w*|звякн\w+|call|phone",
    "lead": r"номер\w{0,3}|номерок|номерочек|[внв]?[ауо]т?[цт]?са(?:п|б)\w*|whatsapp\w*|вайбер\w*|viber|телег\w*|"
    r"телеграм\w*|смс|эсэмэс\w*|пиши|пишите|напиши\w*|связ[иь]\w*|"
    r"контакт\w*|нөмір\w*|жазы\w+|личн\w+|рабоч\w+|домашн\w+|прям(?:ой|ая|ую)|№",
    "dictate": r"запи(?:ши|шите|сывай)\w*|запомина?й?\w*|(?:про)?дикту\w+",
    "card": r"карт[аыеу]|картой|картаға|картам|карточк[аиуе]|card",
    "iin": r"иин\w*|жсн\w*|iin",
}
_ROLE = regex.compile("|".join(f"(?P<{name}>{words})" for name, words in _ROLES.items()))
_REACH = 8
"""Tokens before a number in which a word says what it is."""
_AMOUNT_WORDS = """
% € $ ₽ ₸ тг тенге теңге руб р рубль рубля рублей доллар доллара долларов грамм грамма граммов кг килограмм
килограмма килограммов мл литр литра литров см сантиметр сантиметра сантиметров мм миллиметров метр метра метров
штук штуки штука шт процент процента процентов ватт киловатт градусов лет месяцев недель дней минут часов
тысяч тысячи тысяча миллионов комплектов пар упаковок размер размера размеры заказов отзывов человек
"""
_AMOUNTS = frozenset(_AMOUNT_WORDS.split())
_CALLS = ("звон", "позвон", "набер", "набир")


@lru_cache(maxsize=65536)
def _role(text: str) -> str | None:
    match = _ROLE.fullmatch(text)
    return match.lastgroup if match else None


def _roles_before(run: DigitRun, tokens: Sequence[Token]) -> list[tuple[int, str]]:
    """What the words before a run say of it, the nearest first, each with its distance."""
    low = max(0, run.start - _REACH)
    found = ((run.start - i, _role(tokens[i].text)) for i in range(run.start - 1, low - 1, -1))
    return [(distance, role) for distance, role in found if role]


def classify(run: DigitRun, tokens: Sequence[Token]) -> Kind | None:
    """What a run of digits is, by national plans, check digits and the words around it; None for any other number."""
    length = len(run.digits)
    if length < 3 or (run.end < len(tokens) and tokens[run.end].text in _AMOUNTS):
        return None
    roles = _roles_before(run, tokens)
    if _is_named_otherwise(run, roles):
        return None
    said = {role for _, role in roles}
    if length == 16 and "call" not in said and (is_card(run.digits) or "card" in said):
        return "card"
    if length == 12 and not run.has_plus and "call" not in said and (is_iin(run.digits) or "iin" in said):
        return "iin"
    if _is_phone(run, said, tokens):
        return "phone"
    return "short-code" if _is_short_code(run, tokens) else None


def _is_named_otherwise(run: DigitRun, roles: Sequence[tuple[int, str]]) -> bool:
    """Whether the nearest telling word makes it an order or a price; «номер» takes its sense from the next."""
    roles = [(distance, role) for distance, role in roles if role != "dictate"]
    if len(roles) > 1 and roles[0][1] == "lead" and roles[1][1] == "id" and roles[1][0] <= roles[0][0] + 2:
        roles = roles[1:]
    if not roles or roles[0][0] > 5:
        return False
    whole = run.has_plus or (len(run.groups) > 2 and is_national(run.digits))
    return roles[0][1] == "id" or (roles[0][1] == "value" and not whole)


def _is_phone(run: DigitRun, said: set[str], tokens: Sequence[Token]) -> bool:
    digits, length = run.digits, len(run.digits)
    invited = bool(said & {"call", "lead", "dictate"}) or _invited_after(run, tokens)
    if _is_quantity(run) and not invited:
        return False
    if is_national(digits) or (run.has_plus and 10 <= length <= 15 and is_international(digits)):
        return True
    led = _is_led(run, tokens)
    if _is_list(run.groups) and not led:
        return False
    if length == 10 and is_national("8" + digits) and (invited or _shape(run) in _LOCAL_SHAPES[10]):
        return True
    if 9 <= length <= 16 and (run.has_plus or (invited and (digits[0] in "78" or length == 10))):
        return True  # a recogniser drops and doubles digits
    if length in _LOCAL_SHAPES and (led or (length != 6 and "call" in said)):
        return _shape(run) in _LOCAL_SHAPES[length] or (length == 7 and "call" in said)
    return False


def _is_quantity(run: DigitRun) -> bool:
    """Written in threes from the right, as large amounts are and phones are not: «87 012 344 567»."""
    return not run.has_plus and len(run.groups) > 2 and {len(group) for group in run.groups[1:]} == {3}


def _is_led(run: DigitRun, tokens: Sequence[Token]) -> bool:
    """Whether «звоните», «номер», «мой личный» stands before a number with nothing but small words between."""
    i = run.start - 1
    while i >= max(0, run.start - _REACH) and tokens[i].text in _BETWEEN:
        i -= 1
    return _invited_after(run, tokens) or (i >= 0 and _role(tokens[i].text) in ("call", "lead", "dictate"))


_BETWEEN_WORDS = "на по нам мне меня сюда сейчас городской городскому офис офиса мой наш его ее это тут там"
_BETWEEN = frozenset(_BETWEEN_WORDS.split())
_LOCAL_SHAPES: dict[int, frozenset[tuple[int, ...]]] = {
    6: frozenset({(2, 2, 2), (3, 3), (1,) * 6}),
    7: frozenset({(3, 2, 2), (1, 2, 2, 2), (3, 4), (1,) * 7}),
    8: frozenset({(4, 2, 2), (2, 2, 2, 2), (1, 3, 2, 2)}),
    10: frozenset({(3, 3, 2, 2), (3, 7), (3, 3, 4)}),
}
"""How local and ten-digit numbers are grouped when they are dictated."""


def _shape(run: DigitRun) -> tuple[int, ...]:
    """The lengths of the groups; «ноль один» is one group of two, unless all digits are said one by one."""
    lengths = [len(group) for group in run.groups]
    if max(lengths) == 1:
        return tuple(lengths)
    joined: list[int] = []
    for k, length in enumerate(lengths):
        if k and length == 1 and run.groups[k - 1] == "0" and joined[-1] == 1:
            joined[-1] = 2
        else:
            joined.append(length)
    return tuple(joined)


def _invited_after(run: DigitRun, tokens: Sequence[Token]) -> bool:
    return any(token.text.startswith(_CALLS) or token.text == "спросить" for token in tokens[run.end : run.end + 3])


def _is_list(groups: Sequence[str]) -> bool:
    """Sizes one after another: «44 46 48 50 52»."""
    values = [int(group) for group in groups[:20]]
    if not 3 <= len(groups) <= 20 or any(len(group) > 3 for group in groups):
        return False
    steps = {after - before for before, after in pairwise(values)}
    return len(steps) == 1 or (len(values) > 3 and (min(steps) > 0 or max(steps) < 0) and max(map(abs, steps)) <= 12)


def _is_short_code(run: DigitRun, tokens: Sequence[Token]) -> bool:
    """A service number: «наберите 1414», «на короткий номер 7711»."""
    if not 3 <= len(run.digits) <= 5:
        return False
    before = [token.text for token in tokens[max(0, run.start - 4) : run.start]]
    if any(word.startswith("коротк") for word in before) and any(word.startswith("номер") for word in before):
        return True
    while before and before[-1] in ("на", "по", "номер", "номеру", "звездочка", "*", "#"):
        before.pop()
    ended = run.end >= len(tokens) or bool(tokens[run.end - 1].after)
    return ended and bool(before) and before[-1].startswith(_CALLS)
