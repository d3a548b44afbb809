"""Runs of digits as people dictate and write them: phones, cards, IINs, in words, in digits or in both.

«Восемь семьсот один, двести тридцать 4, сорок пять, шестьдесят семь» is one run of the digits 87012344567. Hundreds,
tens and units combine; anything else begins a new group. What a run is (a phone, a card) is decided in `numbers`.
"""

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from streamcheck.text.numerals import Numeral, looks_russian, numeral
from streamcheck.text.plans import PHONE_DIGITS, is_national
from streamcheck.text.tokens import Token

_FILLER_WORDS = """
так записывайте запишите пишите дальше далее потом затем значит ну вот э ээ эм ага еще раз повторяю повторю
тире дефис черточка пробел и / скобка скобку скобки скобках открыть закрыть открывается закрывается сосын тағы
"""
_FILLERS = frozenset(_FILLER_WORDS.split())
_AGAIN = frozenset(("раз", "повторяю", "повторю"))
_MOST_FILLERS = 3
_MOST_OF_REPEAT = 9


@dataclass(frozen=True, slots=True)
class DigitRun:
    """Digits said or written one after another: tokens [start, end), the digits, and how they were grouped.

    `has_plus`: a plus stood before them, written or spoken, and lies within the span.
    """

    start: int
    end: int
    digits: str
    groups: tuple[str, ...]
    has_plus: bool = False


@dataclass(frozen=True, slots=True)
class _Atom:
    """The digits of one word or token; `value` and `rank` tell what may combine."""

    start: int
    end: int
    digits: str
    value: int
    rank: str
    spoken: bool
    paused: bool
    again: bool = False
    """«ещё раз» stood before it."""


def digit_runs(tokens: Sequence[Token]) -> list[DigitRun]:
    """All runs of digits in reading order, in time linear in the tokens; single numbers are runs too.

    Thousands and millions, ordinals and decimals are no digits of a run and end it.
    """
    runs: list[DigitRun] = []
    i, count = 0, len(tokens)
    while i < count:
        plus = tokens[i].text in ("+", "плюс")
        atoms = _atoms_from(tokens, i + plus) if plus or _may_begin(tokens[i].text) else []
        if not atoms:
            i += 1
            continue
        runs.extend(_cut(atoms, i if plus else None))
        i = atoms[-1].end
    return [run for run in runs if run.digits]


@lru_cache(maxsize=65536)
def _may_begin(text: str) -> bool:
    return text[0].isdigit() or numeral(text) is not None


def _atoms_from(tokens: Sequence[Token], i: int) -> list[_Atom]:
    """The atoms of the run that begins at token i; the last one's end is where the run ends."""
    atoms: list[_Atom] = []
    while i < len(tokens):
        found = _atom(tokens, i)
        if found is None and atoms:
            skipped = _skip_fillers(tokens, i)
            found = _atom(tokens, skipped) if skipped != i else None
            if found is not None and any(token.text in _AGAIN for token in tokens[i:skipped]):
                found = replace(found, again=True)
        if found is None:
            number = numeral(tokens[i].text)
            if number is not None and number.rank == "thousand" and atoms:
                return _without_last_number(atoms, i + 1)
            return atoms
        if found.rank == "hundred" and found.value == 100 and _multiplies(tokens, found, atoms):
            last = atoms.pop()
            found = _Atom(
                last.start,
                found.end,
                str(last.value * 100),
                last.value * 100,
                "hundred",
                True,
                found.paused,
                last.again,
            )
        atoms.append(found)
        i = found.end
        if "?" in tokens[i - 1].after:
            break
    return atoms


def _multiplies(tokens: Sequence[Token], hundred: _Atom, atoms: Sequence[_Atom]) -> bool:
    """Whether a Kazakh or English hundred takes the unit before it («жеті жүз»)."""
    number = numeral(tokens[hundred.start].text)
    return (
        number is not None
        and number.multiplies
        and bool(atoms)
        and atoms[-1].end == hundred.start
        and atoms[-1].rank == "unit"
        and not atoms[-1].paused
    )


def _without_last_number(atoms: list[_Atom], end: int) -> list[_Atom]:
    """Atoms before the number that «тысяч» multiplies; an empty atom stands for what was taken away."""
    while len(atoms) > 1 and _combines(atoms[-2], atoms[-1], across=False):
        atoms.pop()
    start = atoms.pop().start
    return [*atoms, _Atom(start, end, "", 0, "zero", True, True)]


def _skip_fillers(tokens: Sequence[Token], i: int) -> int:
    end = min(len(tokens), i + _MOST_FILLERS)
    while i < end and tokens[i].text in _FILLERS:
        i += 1
    return i


def _atom(tokens: Sequence[Token], i: int) -> _Atom | None:
    if i >= len(tokens):
        return None
    token = tokens[i]
    if token.text[0].isdigit():
        digits = _written(token.text)
        value = int(digits) if digits and len(digits) < 4 and not digits.startswith("0") else 0
        return _Atom(i, i + 1, digits, value, _rank_of(value), False, bool(token.after)) if digits else None
    number = numeral(token.text)
    if number is None or number.ordinal or number.counted or number.rank == "thousand":
        return None
    if looks_russian(token.text) and not beside_kazakh(tokens, i):
        return None
    noun = _repeated(tokens, i + 1, number)
    if noun is not None:
        digits = str(noun.value) * min(number.value, _MOST_OF_REPEAT)
        return _Atom(i, i + 2, digits, 0, "zero", True, bool(tokens[i + 1].after))
    if number.rank == "times":
        return None
    return _Atom(i, i + 1, str(number.value), number.value, number.rank, True, bool(token.after))


def _repeated(tokens: Sequence[Token], i: int, count: Numeral) -> Numeral | None:
    """The digit that a count before it repeats: «три нуля», «двойной ноль», «дважды пять»."""
    following = numeral(tokens[i].text) if i < len(tokens) else None
    if following is None or following.ordinal or following.rank not in ("zero", "unit"):
        return None
    if count.rank == "times":
        return following
    return following if following.counted and count.rank == "unit" and count.value > 1 else None


def beside_kazakh(tokens: Sequence[Token], i: int) -> bool:
    """Whether a Kazakh number that sounds Russian («он») stands within two tokens of a plain Kazakh one."""
    for k in range(max(0, i - 2), min(len(tokens), i + 3)):
        number = numeral(tokens[k].text)
        if number is not None and number.kazakh and not looks_russian(tokens[k].text):
            return True
    return False


def _rank_of(value: int) -> str:
    if value == 0 or value > 999:
        return "zero"
    if value < 10:
        return "unit"
    if value < 20 or value % 10:
        return "teen"
    return "ten" if value < 100 else "hundred" if value % 100 == 0 else "teen"


@lru_cache(maxsize=4096)
def _written(text: str) -> str:
    """The digits of a written token; empty where it is a decimal («1,7», «2.5»)."""
    parts = text.replace(",", ".").split(".")
    digits = "".join(parts)
    if len(parts) == 2 and ("," in text or len(digits) < 6) and not (parts[0] in ("7", "8") and len(parts[1]) == 3):
        return ""
    return digits if digits.isascii() else "".join(str(unicodedata.digit(sign)) for sign in digits)


def _combines(left: _Atom, right: _Atom, across: bool) -> bool:
    """Whether two atoms are parts of one number: «двести» + «тридцать», «тридцать» + «4»."""
    if not left.spoken or right.value == 0 or right.again or (left.paused and not across):
        return False
    if left.rank == "hundred":
        return right.rank in ("ten", "teen", "unit") and right.value < 100
    return left.rank == "ten" and right.rank == "unit"


@dataclass(frozen=True, slots=True)
class _Group:
    start: int
    end: int
    digits: str
    again: bool = False


def _groups(atoms: Sequence[_Atom], across: bool = False) -> list[_Group]:
    """Atoms joined to numbers; `across` joins over pauses too."""
    groups: list[_Group] = []
    for k, atom in enumerate(atoms):
        if k and _combines(atoms[k - 1], atom, across):
            last = groups[-1]
            groups[-1] = _Group(last.start, atom.end, str(int(last.digits) + atom.value), last.again)
        else:
            groups.append(_Group(atom.start, atom.end, atom.digits, atom.again))
    return groups


def _attempts(groups: list[_Group]) -> Iterator[list[_Group]]:
    """The groups parted where «ещё раз» begins the number anew; a single group said twice counts once."""
    current: list[_Group] = []
    for group in groups:
        if group.again and current and group.digits == current[0].digits:
            yield current
            current = []
        elif group.again and current and group.digits == current[-1].digits:
            group = _Group(current.pop().start, group.end, group.digits)
        current.append(group)
    yield current


def _run(groups: Sequence[_Group], plus: int | None) -> DigitRun:
    parts = tuple(group.digits for group in groups if group.digits)
    start = groups[0].start if plus is None else plus
    ends = [group.end for group in groups if group.digits]
    return DigitRun(start, ends[-1] if ends else start, "".join(parts), parts, plus is not None)


def _cut(atoms: Sequence[_Atom], plus: int | None) -> Iterator[DigitRun]:
    """The runs in a stretch of atoms: whole, or cut where it holds a phone and other numbers around it."""
    if len(atoms) <= 2 * PHONE_DIGITS:
        joined = _run(_groups(atoms, across=True), plus)
        if is_national(joined.digits):
            yield joined
            return
    for groups in _attempts(_groups(atoms)):
        yield from _parted(groups, plus if groups[0].start == atoms[0].start else None)


def _parted(groups: Sequence[_Group], plus: int | None) -> Iterator[DigitRun]:
    whole = _run(groups, plus)
    if len(whole.digits) in (12, 16) or len(whole.digits) <= PHONE_DIGITS:
        yield whole
        return
    begin = at = 0
    while at < len(groups):
        end = _phone_from(groups, at)
        if not end:
            at += 1
            continue
        if begin < at:
            yield _run(groups[begin:at], plus if begin == 0 else None)
        yield _run(groups[at:end], plus if at == 0 else None)
        begin = at = end
    if begin < len(groups):
        yield _run(groups[begin:], plus if begin == 0 else None)


def _phone_from(groups: Sequence[_Group], at: int) -> int:
    """Where a whole phone ends that begins with group `at`, 0 where none does; looks at most 11 groups ahead."""
    if not groups[at].digits.startswith(("7", "8")):
        return 0
    digits = ""
    for end in range(at, min(len(groups), at + PHONE_DIGITS)):
        digits += groups[end].digits
        if len(digits) >= PHONE_DIGITS:
            return end + 1 if is_national(digits) else 0
    return 0
