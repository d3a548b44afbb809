"""What is said about a product against its card: a figure, a price, a material or origin that the card gives otherwise.

Finds nothing without product cards. The message gets {said}, {card}, {attribute} and {product}.
"""

from collections.abc import Iterator
from typing import Literal

from streamcheck.checking.contradictions import figures, scene_of
from streamcheck.checking.matchers import Match
from streamcheck.checking.passage import Passage
from streamcheck.checking.products import Catalogue
from streamcheck.checking.substances import absences, statements


class CardContradiction:
    """Finds contradictions of one kind to the cards of a catalogue."""

    def __init__(self, kind: Literal["figure", "price", "text"], catalogue: Catalogue | None) -> None:
        self._kind, self._catalogue = kind, catalogue

    def find(self, passage: Passage, low: int, high: int) -> Iterator[Match]:
        """Matches that begin in tokens [low, high)."""
        if self._catalogue is None:
            return
        scene = scene_of(passage, self._catalogue)
        found = (*statements(scene), *absences(scene)) if self._kind == "text" else figures(scene)
        for one in found:
            if low <= one.start < high and one.kind == self._kind:
                values = {"said": one.said, "card": one.card, "attribute": one.attribute, "product": one.product}
                note = f"{one.product}: {one.attribute or self._kind} {one.card}"
                yield Match(one.start, one.end, note=note, values=values)
