"""Statistics as one HTML page with plots: no network, no script."""

from base64 import b64encode
from collections.abc import Sequence
from datetime import datetime
from functools import partial
from hashlib import sha256
from importlib.resources import files

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from streamcheck import __version__
from streamcheck.i18n import current_language, text
from streamcheck.safe import printable
from streamcheck.statistics.counting import Group, RuleRecord, Statistics, weeks_between
from streamcheck.statistics.plots import bars, line
from streamcheck.statistics.wording import group_name, is_doubtful, number, percent

_MOST_BARS = 20
"""The table below a plot holds all."""
_SCHEMES = ("light", "dark")


def render(statistics: Statistics, made: datetime) -> str:
    """The page. Raises ConfigError where the plotting library is missing."""
    style = Markup((files(__package__) / "page.css").read_text(encoding="utf-8"))
    environment = Environment(
        loader=PackageLoader("streamcheck.statistics", "."),
        autoescape=True,
        finalize=lambda value: printable(value) if type(value) is str else value,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
    )
    plots = {kind: _group_plot(kind, groups) for kind, groups in statistics.groups.items() if groups}
    return environment.get_template("page.html.j2").render(
        policy="default-src 'none'; base-uri 'none'; form-action 'none'; img-src data:; "
        f"style-src 'sha256-{b64encode(sha256(style.encode()).digest()).decode()}'",
        style=style,
        language=current_language(),
        version=__version__,
        made=made.strftime("%d.%m.%Y %H:%M" if current_language() == "ru" else "%Y-%m-%d %H:%M"),
        statistics=statistics,
        plots={**plots, "rules": _rule_plot(statistics.rules)},
        say=lambda key, **values: text(f"stats.{key}", **values),
        group_name=group_name,
        number=number,
        percent=percent,
        is_doubtful=is_doubtful,
    )


def _group_plot(kind: str, groups: Sequence[Group]) -> dict[str, str]:
    """Pictures for a light and a dark page, as addresses."""
    if kind == "week":
        names = weeks_between(groups[0].name, groups[-1].name)
        known = {one.name: one.per_hour for one in groups}
        rates = [known.get(name) for name in names]
        return {scheme: _address(line(names, rates, scheme)) for scheme in _SCHEMES}
    shown = groups[:_MOST_BARS]
    draw = partial(bars, [group_name(kind, one) for one in shown], [one.per_hour or 0.0 for one in shown])
    labels = [number(one.per_hour) for one in shown]
    return {scheme: _address(draw([False] * len(shown), scheme, labels)) for scheme in _SCHEMES}


def _rule_plot(rules: Sequence[RuleRecord]) -> dict[str, str]:
    """The rules by their share of false alarms; empty where nothing was decided."""
    judged = sorted(
        (one for one in rules if one.false_share is not None), key=lambda one: (-(one.false_share or 0.0), -one.fired)
    )[:_MOST_BARS]
    if not judged:
        return {}
    names, shares = [printable(one.rule) for one in judged], [one.false_share or 0.0 for one in judged]
    labels = [f"{percent(one.false_share)} · {one.false_alarms}/{one.breaches + one.false_alarms}" for one in judged]
    marked = [is_doubtful(one) for one in judged]
    return {scheme: _address(bars(names, shares, marked, scheme, labels)) for scheme in _SCHEMES}


def _address(svg: str) -> str:
    return f"data:image/svg+xml;base64,{b64encode(svg.encode()).decode()}"
