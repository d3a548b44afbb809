"""Statistics as plots: SVG by matplotlib, which needs no script in the page.

plotly (4.6 MB of script in every page, and styles that a strict policy forbids) and altair (its pictures need a browser
engine of 30 MB) were left out.
"""

import io
import warnings
from collections.abc import Sequence
from typing import Any

from streamcheck.errors import ConfigError
from streamcheck.i18n import text

_COLOURS = {"light": ("#3d4fc4", "#c4321c", "#1d1f23", "#e4e2dc"), "dark": ("#96a4ff", "#ff8a75", "#e8e8ea", "#2e3138")}
"""Bars, bars that matter, ink, lines; those of the reports."""
_WIDTH = 8.0
_ROW = 0.34
_LONGEST_LABEL = 44
_MOST_TICKS = 8


def bars(
    names: Sequence[str], values: Sequence[float], marked: Sequence[bool], scheme: str, labels: Sequence[str]
) -> str:
    """Horizontal bars, the first on top, each with its label; `marked` ones in the colour of a warning. An SVG."""
    usual, strong, ink, _ = _COLOURS[scheme]
    figure, axes = _figure(scheme, 0.5 + _ROW * len(names))
    shown = axes.barh(range(len(names)), values, color=[strong if one else usual for one in marked], height=0.7)
    axes.bar_label(shown, labels=labels, padding=4, color=ink, fontsize=9, parse_math=False)
    axes.set_yticks(range(len(names)), [_cut(name) for name in names], parse_math=False)
    axes.invert_yaxis()
    axes.xaxis.set_visible(False)
    axes.margins(x=0.12)
    return _svg(figure)


def line(names: Sequence[str], values: Sequence[float | None], scheme: str) -> str:
    """Values over time as a line with points; a None is a gap. An SVG."""
    usual, _, _, faint = _COLOURS[scheme]
    figure, axes = _figure(scheme, 2.6)
    heights = [float("nan") if value is None else value for value in values]
    axes.plot(range(len(names)), heights, color=usual, marker="o", linewidth=2)
    every = -(-len(names) // _MOST_TICKS)
    axes.set_xticks(range(0, len(names), every), list(names)[::every])
    axes.set_ylim(bottom=0)
    axes.grid(axis="y", color=faint)
    return _svg(figure)


def _figure(scheme: str, height: float) -> tuple[Any, Any]:
    try:
        from matplotlib.figure import Figure
    except ImportError as error:
        raise ConfigError(text("stats.no-library")) from error
    _, _, ink, faint = _COLOURS[scheme]
    figure = Figure(figsize=(_WIDTH, height), layout="constrained")
    figure.patch.set_alpha(0)
    axes = figure.subplots()
    axes.patch.set_alpha(0)
    axes.spines[["top", "right", "bottom"]].set_visible(False)
    axes.spines["left"].set_color(faint)
    axes.tick_params(colors=ink, labelsize=9, length=0)
    return figure, axes


def _svg(figure: Any) -> str:
    import matplotlib

    out = io.StringIO()
    with warnings.catch_warnings(), matplotlib.rc_context({"svg.fonttype": "none", "svg.hashsalt": "streamcheck"}):
        warnings.simplefilter("ignore", UserWarning)  # a letter that its font lacks is drawn by the browser's
        figure.savefig(out, format="svg", metadata={"Date": None, "Creator": None})
    return out.getvalue()


def _cut(label: str) -> str:
    return label if len(label) <= _LONGEST_LABEL else label[: _LONGEST_LABEL - 1] + "…"
