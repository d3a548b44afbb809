"""Addresses on the net, written or spoken: e-mails, handles, domains, links.

An address is a chain of parts and signs: «опт пряжа, собака, мейл точка ру», `shop-kz.ru/x`, «дом точка кей зет». A
sign is written, spoken («слэш», «нижнее подчёркивание»), or hidden in a word (tokens lose hyphens and inner dots, but
share the word). «Собака», «точка зрения», «точка. Нет, …» are none: a zone, a lead-in or other signs must say so.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from streamcheck.text.latin import DOUBTFUL_ZONES, LETTER_NAMES, NAMES, SURE_ZONES, table, transliterate
from streamcheck.text.morphology import form, is_known
from streamcheck.text.numerals import numeral
from streamcheck.text.tokens import Token

_SIGNS = table("""
. точка точк dot дот тчк нүкте | @ собака собачка собаку эт ат at | / слэш слеш слаш слэшь slash косая_черта
_ нижнее_подчеркивание нижние_подчеркивание подчеркивание нижняя_черта нижний_пробел андерскор underscore
- дефис дефиз дифис дифиз тире минус черточка dash hyphen
www ве_ве_ве вэ_вэ_вэ вевеве вэвэвэ ввв в_в_в www три_дабл_ю дабл_ю_дабл_ю_дабл_ю три_вэ три_ве
""")
_ANCHORS = frozenset(words[0] for words, sign in _SIGNS.items() if sign != "-") | {"@", "_", "http", "https"}
_LEADS = (
    "сайт страни ссыл адрес диктую продиктую лендинг канал почт мейл мэйл имейл емейл портал интернет брауз гугл "
    "яндекс поиск забей забива вбей вбива набер набир заход заезж зайди зайду перейд переход ищи ищем найд жми жмите "
    "клик телеграм телег тикток тиктоке инст вк вконтакт ютуб ник домен линк подпис сілтеме арна мекенжай link site"
)
_LEAD_STEMS = tuple(_LEADS.split())
_MAIL_STEMS = ("почт", "мейл", "мэйл", "имейл", "емейл", "email", "mail", "пиши", "напиш", "пошт")
_MAIL_HOSTS = frozenset(("mail", "gmail", "yandex", "inbox", "bk", "list", "rambler", "icloud", "outlook"))
_HANDLE_STEMS = ("ник", "телег", "тикток", "инст", "вк", "вконт", "ютуб", "тг", "аккаунт", "профил", "подпис", "директ")
_VISITS = ("заход", "зайд", "переход", "перейд", "забива", "вбива")
_STOPS = (
    "и а но в на по из за с о об у к это этот эта вот там тут так же же все всё наш наша наше мой моя не да или что"
)
_STOP_WORDS = frozenset(_STOPS.split())
_REACH = 8
_LONGEST = 14
"""Links of the longest chain that is read; real addresses have fewer."""


@dataclass(frozen=True, slots=True)
class Address:
    """An address in tokens [start, end); `value` in Latin letters is a guess where it was spoken."""

    start: int
    end: int
    kind: Literal["email", "handle", "domain", "url"]
    value: str


@dataclass(frozen=True, slots=True)
class _Link:
    """A sign, a part or a zone of a chain; `written` where a sign was not spoken as a word."""

    start: int
    end: int
    kind: Literal["sign", "part", "zone", "doubtful"]
    text: str
    written: bool = True


_Words = Mapping[tuple[str, ...], str]


def _by_first(entries: _Words, last: bool = False) -> dict[str, list[tuple[str, ...]]]:
    index: dict[str, list[tuple[str, ...]]] = defaultdict(list)
    for words in sorted(entries, key=len, reverse=True):
        index[words[-1 if last else 0]].append(words)
    return index


_SIGNS_FROM, _SIGNS_TO = _by_first(_SIGNS), _by_first(_SIGNS, last=True)
_SURE_FROM, _DOUBTFUL_FROM, _NAMES_FROM = _by_first(SURE_ZONES), _by_first(DOUBTFUL_ZONES), _by_first(NAMES)


def addresses(tokens: Sequence[Token]) -> list[Address]:
    """All addresses in reading order, none overlapping, in time linear in the tokens."""
    found: list[Address] = []
    done = i = 0
    while i < len(tokens):
        token = tokens[i]
        if token.text not in _ANCHORS and (token.after != "." or _hidden(tokens, i + 1) != "."):
            i += 1
            continue
        chain = _chain(tokens, i, done)
        address = _address(chain, tokens) if chain else None
        if address is None:
            i = max(i + 1, chain[-1].end) if len(chain) > 4 else i + 1  # every other sign of it gives the same chain
            continue
        found.append(address)
        done = i = max(address.end, i + 1)
    return found


def _hidden(tokens: Sequence[Token], i: int) -> str | None:
    """The sign within a word between tokens i-1 and i: a dot, a hyphen, or nothing («x5»); None between words."""
    if not 0 < i < len(tokens) or tokens[i].word != tokens[i - 1].word:
        return None
    left, right = tokens[i - 1], tokens[i]
    if left.after:
        return "." if left.after == "." else None
    if not (left.text[0].isalnum() and right.text[0].isalnum()):
        return None
    return "-" if left.text.isalpha() and right.text.isalpha() else ""


def _spoken(tokens: Sequence[Token], i: int, index: Mapping[str, list[tuple[str, ...]]]) -> tuple[str, ...] | None:
    """The longest entry that begins at token i."""
    for words in index.get(tokens[i].text, ()) if i < len(tokens) else ():
        if all(token.text == word for token, word in zip(tokens[i : i + len(words)], words, strict=False)) and (
            i + len(words) <= len(tokens)
        ):
            return words
    return None


def _sign_at(tokens: Sequence[Token], i: int) -> _Link | None:
    if i >= len(tokens):
        return None
    if tokens[i].text in ("@", "/", "_"):
        return _Link(i, i + 1, "sign", tokens[i].text)
    words = _spoken(tokens, i, _SIGNS_FROM)
    if words:
        return _Link(i, i + len(words), "sign", _SIGNS[words], written=False)
    hidden = _hidden(tokens, i)
    return _Link(i, i, "sign", hidden) if hidden is not None else None


def _sign_before(tokens: Sequence[Token], i: int) -> _Link | None:
    hidden = _hidden(tokens, i)
    if hidden is not None:
        return _Link(i, i, "sign", hidden)
    if i and tokens[i - 1].text in ("@", "/", "_"):
        return _Link(i - 1, i, "sign", tokens[i - 1].text)
    for words in _SIGNS_TO.get(tokens[i - 1].text, ()) if i else ():
        start = i - len(words)
        if start >= 0 and all(token.text == word for token, word in zip(tokens[start:i], words, strict=True)):
            return _Link(start, i, "sign", _SIGNS[words], written=False)
    return None


def _part_at(tokens: Sequence[Token], i: int) -> _Link | None:
    words = _spoken(tokens, i, _NAMES_FROM)
    if words:
        return _Link(i, i + len(words), "part", NAMES[words])
    end = i
    while end < len(tokens) and (tokens[end].text,) in LETTER_NAMES and end - i < _LONGEST:
        end += 1
    if end - i > 1:
        return _Link(i, end, "part", "".join(LETTER_NAMES[token.text,] for token in tokens[i:end]))
    return _Link(i, i + 1, "part", _latin(tokens[i])) if i < len(tokens) and _may_be_part(tokens[i]) else None


def _may_be_part(token: Token) -> bool:
    return token.text[0].isalnum() and (token.text,) not in _SIGNS


def _part_before(tokens: Sequence[Token], i: int) -> _Link | None:
    if i <= 0 or not _may_be_part(tokens[i - 1]):
        return None
    start = i
    while start > 0 and (tokens[start - 1].text,) in LETTER_NAMES and i - start < _LONGEST:
        start -= 1
    if i - start > 1:
        return _Link(start, i, "part", "".join(LETTER_NAMES[token.text,] for token in tokens[start:i]))
    return _Link(i - 1, i, "part", _latin(tokens[i - 1]))


def _latin(token: Token) -> str:
    number = numeral(token.text)
    if number is not None and not number.ordinal:
        return str(number.value)
    if (token.text,) in NAMES:
        return NAMES[token.text,]
    letter = LETTER_NAMES.get((token.text,)) if len(token.text) <= 2 else None
    return letter or transliterate(token.text)


def _zone_at(tokens: Sequence[Token], dot: _Link) -> _Link | None:
    """The zone that follows a dot. Within a word only the common ones count: «конец.Мы» lacks a blank, no more."""
    i = dot.end
    words = _spoken(tokens, i, _SURE_FROM)
    if words and (not dot.written or tokens[i].text.isascii() or words in (("ру",), ("рф",), ("кз",), ("ком",))):
        return _Link(i, i + len(words), "zone", SURE_ZONES[words])
    words = _spoken(tokens, i, _DOUBTFUL_FROM)
    if words and not dot.written and not tokens[i - 1].after:
        return _Link(i, i + len(words), "doubtful", DOUBTFUL_ZONES[words])
    return None


def _to_the_right(tokens: Sequence[Token], sign: _Link) -> Iterator[_Link]:
    """Parts and signs after a sign, by turns, while the words hold together."""
    for _ in range(_LONGEST):
        part = (_zone_at(tokens, sign) if sign.text == "." else None) or _part_at(tokens, sign.end)
        stopped = not sign.written and "." in tokens[sign.end - 1].after
        if part is None or (stopped and part.kind != "zone"):
            return
        yield sign
        yield part
        following = _sign_at(tokens, part.end)
        if following is None or (part.kind != "part" and following.text not in ("/", ".")):
            return
        if "." in tokens[part.end - 1].after and following.text != "." and not following.written:
            return
        sign = following


def _to_the_left(tokens: Sequence[Token], i: int, low: int) -> list[_Link]:
    """Parts and signs before token i, by turns, not before token `low`."""
    links: list[_Link] = []
    while len(links) < _LONGEST:
        part = _part_before(tokens, i)
        if part is None or part.start < low:
            break
        links.insert(0, part)
        sign = _sign_before(tokens, part.start)
        if sign is None or sign.start < low:
            return links
        links.insert(0, sign)
        i = sign.start
    if links and links[0].kind == "sign" and links[0].text != "www" and links[0].text != "@":
        links.pop(0)
    return links


def _chain(tokens: Sequence[Token], i: int, low: int) -> list[_Link]:
    """The chain of parts and signs around the sign that token i holds."""
    token = tokens[i]
    if token.text in ("http", "https"):
        slashes = i + 1 < len(tokens) and tokens[i + 1].text == "/" and tokens[i + 1].word == token.word
        end = i + 3 if slashes else i + 1
        return [*_to_the_right(tokens, _Link(i, end, "sign", "www"))] if slashes else []
    sign = _Link(i + 1, i + 1, "sign", ".") if token.text not in _ANCHORS else _sign_at(tokens, i)
    if sign is None or sign.start not in (i, i + 1):
        return []
    if sign.text == "www" and (dot := _sign_at(tokens, sign.end)) is not None and dot.text == ".":
        sign = replace(sign, end=dot.end, written=True)
    left = [] if sign.text == "www" else _to_the_left(tokens, sign.start, low)
    return [*left, *_to_the_right(tokens, sign)]


def _address(chain: Sequence[_Link], tokens: Sequence[Token]) -> Address | None:
    """What a chain is, None where it only looks like an address."""
    if len(chain) < 2:
        return None
    texts = [link.text if link.kind == "sign" else "" for link in chain]
    if "@" in texts:
        return _email_or_handle(chain, texts.index("@"), tokens)
    zone = next((k for k, link in enumerate(chain) if link.kind in ("zone", "doubtful")), None)
    if zone is not None:
        return _domain(chain, zone, tokens)
    if texts[0] == "www":
        return _as_address("url", chain)
    if "/" in texts and _is_led(tokens, chain[0].start, _LEAD_STEMS):
        at = texts.index("/")
        named = at > 0 and tokens[chain[0].start].text.isascii() and tokens[chain[0].start].text.isalpha()
        return _as_address("url", chain) if named and not chain[at].written else None
    return _underscored(chain, texts, tokens)


def _underscored(chain: Sequence[_Link], texts: Sequence[str], tokens: Sequence[Token]) -> Address | None:
    """«шуб нижнее подчёркивание дом», `shub_dom`: hardly ever said of anything but an account."""
    if "_" not in texts or chain[0].kind == "sign" or chain[-1].kind == "sign":
        return None
    at = texts.index("_")
    named = all(tokens[link.start].text.isalpha() for link in (chain[at - 1], chain[at + 1]))
    if chain[at].written and not (named or _is_led(tokens, chain[0].start, _HANDLE_STEMS)):
        return None
    return _as_address("handle", chain)


def _email_or_handle(chain: Sequence[_Link], at: int, tokens: Sequence[Token]) -> Address | None:
    left, sign, right = chain[:at], chain[at], chain[at + 1 :]
    if not right or right[0].kind == "sign":
        return None
    zones = {link.kind for link in right} - {"part", "sign"}
    glued = bool(left) and sign.written and left[-1].end == sign.start and _same_word(tokens, sign.start - 1)
    hosted = bool(zones) or (right[0].text in _MAIL_HOSTS and _is_led(tokens, chain[0].start, _MAIL_STEMS))
    if glued:
        return _as_address("email", chain)
    if sign.written and _same_word(tokens, sign.start):
        return _as_address("handle", chain[at:])
    if left and hosted and tokens[left[-1].start].text not in _STOP_WORDS:
        return _as_address("email", [*_second_word(left, tokens), *left, sign, *right])
    if "zone" in zones:
        return _as_address("email", chain[at:])
    name = tokens[right[0].start].text
    latin = name.isascii() and name.isalpha()
    called = _is_led(tokens, sign.start, _HANDLE_STEMS) and not is_known(name)
    joined = any(link.text == "_" for link in right)
    if tokens[sign.start].text in ("эт", "ат", "at") or not (latin or called or joined):
        return None
    return _as_address("handle", [*chain[at:], *_more_latin(chain[-1].end, tokens)])


def _more_latin(i: int, tokens: Sequence[Token]) -> Iterator[_Link]:
    """Latin words that go on with a dictated name («собака power tools»)."""
    end = min(len(tokens), i + 3)
    while i < end and tokens[i].text.isascii() and tokens[i].text.isalpha() and not tokens[i - 1].after:
        yield _Link(i, i + 1, "part", tokens[i].text)
        i += 1


def _same_word(tokens: Sequence[Token], i: int) -> bool:
    return i + 1 < len(tokens) and tokens[i].word == tokens[i + 1].word


def _second_word(left: Sequence[_Link], tokens: Sequence[Token]) -> list[_Link]:
    """The word before a one-word name, where both are dictated in one breath («опт пряжа, собака»)."""
    i = left[0].start - 1
    if len(left) > 1 or i < 0 or tokens[i].after or not tokens[i].text.isalpha() or tokens[i].text in _STOP_WORDS:
        return []
    if tokens[i].text.startswith((*_LEAD_STEMS, "пиш", "напиш", "скин", "кин", "отправ", "шли", "присыл")):
        return []
    return [_Link(i, i + 1, "part", _latin(tokens[i]))]


def _domain(chain: Sequence[_Link], zone: int, tokens: Sequence[Token]) -> Address | None:
    if zone < 2 or chain[zone - 2].kind == "sign":
        return None
    name, dot = chain[zone - 2], chain[zone - 1]
    first = tokens[name.start]
    if not dot.written and first.text in _STOP_WORDS:
        return None
    if chain[zone].kind == "doubtful" and not _is_meant(chain, zone, tokens):
        return None
    path = chain[zone + 1 :]
    links = [*chain[: zone + 1], *path, *_path_numbers(path, tokens)]
    is_url = chain[0].kind == "sign" or any(link.text == "/" for link in path)
    return _as_address("url" if is_url else "domain", links)


def _is_meant(chain: Sequence[_Link], zone: int, tokens: Sequence[Token]) -> bool:
    """Whether something beside a doubtful zone says that an address is dictated: signs, Latin letters, a lead-in."""
    name = tokens[chain[zone - 2].start].text
    if any("ADJF" in parse.tags and "femn" in parse.tags for parse in form(name).parses):
        return False
    others = {link.text for link in chain if link.kind == "sign" and link is not chain[zone - 1]}
    invited = any(token.text.startswith(_VISITS) for token in tokens[chain[-1].end : chain[-1].end + 3])
    return bool(others) or name.isascii() or invited or _is_led(tokens, chain[0].start, _LEAD_STEMS)


def _path_numbers(path: Sequence[_Link], tokens: Sequence[Token]) -> Iterator[_Link]:
    """Numbers dictated after the last part of a path («слэш набор пять пять»)."""
    if not path or "/" not in [link.text for link in path]:
        return
    i = path[-1].end
    while i < len(tokens) and i - path[-1].end < _LONGEST and not tokens[i - 1].after:
        number = numeral(tokens[i].text)
        if number is None or number.ordinal:
            return
        yield _Link(i, i + 1, "part", str(number.value))
        i += 1


def _is_led(tokens: Sequence[Token], start: int, stems: tuple[str, ...]) -> bool:
    return any(token.text.startswith(stems) for token in tokens[max(0, start - _REACH) : start])


def _as_address(kind: Literal["email", "handle", "domain", "url"], chain: Sequence[_Link]) -> Address:
    value = "".join("www." if link.text == "www" else link.text for link in chain)
    if kind == "handle":
        value = "@" + value.lstrip("@")
    return Address(chain[0].start, max(link.end for link in chain), kind, value)
