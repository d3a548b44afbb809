"""Kazakh word forms by their suffixes: a stem answers for «сайт», «сайтта», «сайтымызға».

pymorphy3 does not know Kazakh. Its suffixes are regular and follow one another in a fixed order (plural, possessive,
case; voice, tense, person), so a token belongs to a stem when what follows the stem is a chain of known suffixes. That
is enough for stems that a rule's author names; it is no analysis.

Who types in a hurry, and a recogniser that listens for Russian, writes Kazakh with Russian letters alone («кыздар,
жазыныздар»): `plain` is a spelling without the letters that Russian has not.
"""

from functools import lru_cache

import regex

MIN_STEM = 3
"""Shorter stems («ең», «тг») must be written out as whole words: nearly anything could follow them."""

_SUFFIX = (
    # plural, possessive, case
    "лар|лер|дар|дер|тар|тер|ымыз|іміз|мыз|міз|ыңыз|іңіз|ңыз|ңіз|ым|ім|ың|ің|м|ң|сы|сі|ы|і|"
    "ның|нің|дың|дің|тың|тің|ға|ге|қа|ке|на|не|а|е|ны|ні|ды|ді|ты|ті|н|нда|нде|да|де|та|те|нан|нен|дан|ден|тан|тен|"
    "мен|бен|пен|дағы|дегі|тағы|тегі|ндағы|ндегі|дікі|тікі|нікі|лық|лік|дық|дік|тық|тік|лы|лі|ды|ді|ты|ті|сыз|сіз|шы|ші|"
    # verbs: voice, negation, tense, mood, person
    "ын|ін|ыл|іл|л|ыс|іс|дыр|дір|тыр|тір|т|ма|ме|ба|бе|па|пе|й|йді|ады|еді|йсың|йсің|асың|есің|"
    "ып|іп|п|ған|ген|қан|кен|атын|етін|йтын|йтін|ар|ер|р|са|се|у|ушы|уші|ңдар|ңдер|ыңдар|іңдер|"
    "ңыздар|ңіздер|ыңыздар|іңіздер|сын|сін|йын|йін|айын|ейін|йық|йік|айық|ейік|қ|к|дық|дік|мын|мін|мыз|міз|сыңдар|сіңдер|сыздар|сіздер|шы|ші|ау|жай|жат|ыр|"
    "мас|мес|бас|бес|пас|пес|ғанша|генше|қанша|кенше|йынша|йінше|ғыз|гіз|қыз|кіз|ғыш|гіш"
)
_PLAIN = str.maketrans("әғқңөұүһі", "агкноуухи")


def plain(text: str) -> str:
    """The spelling with Russian letters alone: «қыздар» as «кыздар»."""
    return text.translate(_PLAIN)


_CHAIN = regex.compile(f"(?:{_SUFFIX}){{0,7}}")
_PLAIN_CHAIN = regex.compile(f"(?:{plain(_SUFFIX)}){{0,7}}")


@lru_cache(maxsize=65536)
def is_suffix_chain(rest: str) -> bool:
    """Whether `rest` (what follows a stem) is made of Kazakh suffixes; the empty rest is."""
    return len(rest) <= 24 and _CHAIN.fullmatch(rest) is not None


@lru_cache(maxsize=65536)
def is_plain_suffix_chain(rest: str) -> bool:
    """As `is_suffix_chain`, for a rest spelt with Russian letters alone."""
    return len(rest) <= 24 and _PLAIN_CHAIN.fullmatch(rest) is not None
