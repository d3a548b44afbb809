"""Kazakh word forms by their suffixes: a stem answers for «сайт», «сайтта», «сайтымызға».

pymorphy3 does not know Kazakh. Its suffixes are regular and follow one another in a fixed order (plural, possessive,
case; voice, tense, person), so a token belongs to a stem when what follows the stem is a chain of known suffixes. That
is enough for stems that a rule's author names; it is no analysis.
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
    "ңыздар|ңіздер|ыңыздар|іңіздер|сын|сін|йын|йін|айын|ейін|йық|йік|айық|ейік|қ|к|дық|дік|мын|мін|мыз|міз|сыңдар|сіңдер|сыздар|сіздер|шы|ші|ау|жай|жат|ыр"
)
_CHAIN = regex.compile(f"(?:{_SUFFIX}){{0,7}}")


@lru_cache(maxsize=65536)
def is_suffix_chain(rest: str) -> bool:
    """Whether `rest` (what follows a stem) is made of Kazakh suffixes; the empty rest is."""
    return len(rest) <= 24 and _CHAIN.fullmatch(rest) is not None
