"""The colours of breaches, the same on every screen: a category has that of its group in the taxonomy."""

from typing import Literal

Group = Literal["claims", "off-platform", "buyer", "conduct"]

COLOURS: dict[Group, tuple[str, str]] = {
    "claims": ("#ffffff", "#7e22ce"),
    "off-platform": ("#ffffff", "#b91c1c"),
    "buyer": ("#ffffff", "#1d4ed8"),
    "conduct": ("#000000", "#facc15"),
}
"""Text and ground; each pair can be read by people who see few colours (contrast of at least 4.5 to 1)."""

_GROUPS: dict[str, Group] = {
    "superlative": "claims",
    "misleading": "claims",
    "contact": "off-platform",
    "link": "off-platform",
    "marketplace": "off-platform",
    "deal": "off-platform",
    "personal-data": "buyer",
    "reviews": "buyer",
}


def group_of(category: str) -> Group:
    """The group of a category; what is not listed is conduct."""
    return _GROUPS.get(category, "conduct")
