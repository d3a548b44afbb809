"""What a run of benchmarks/live.py is judged by: latencies of words and findings, error rates, lag, memory."""

import pickle
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import jiwer
import numpy as np
from broadcast import Recording, plain

from streamcheck.events import Finding, Hypothesis
from streamcheck.safe import printable
from streamcheck.speech.merging import letters, middle

SAME_WORD = 0.6
"""Seconds within which the middle of a heard word must lie by the gold one, to be that word."""
SAME_FINDING = 1.0


class Log:
    """Moments and what was told at them, kept in a file: the memory of a run is the recogniser's alone."""

    def __init__(self) -> None:
        self._file = tempfile.TemporaryFile()  # noqa: SIM115 (it lives as long as the run)

    def write(self, now: float, event: Hypothesis | Finding) -> None:
        pickle.dump((now, event), self._file)

    def read(self, kind: type) -> Iterator[tuple[float, Any]]:
        self._file.seek(0)
        while True:
            try:
                now, event = pickle.load(self._file)  # our own file
            except EOFError:
                return
            if isinstance(event, kind):
                yield now, event


@dataclass
class Run:
    """What one recogniser made of the broadcast, by the seconds since it began."""

    log: Log = field(default_factory=Log)
    lags: list[tuple[float, float]] = field(default_factory=list)
    memory: list[tuple[float, float]] = field(default_factory=list)
    rungs: dict[str, int] = field(default_factory=dict)
    """How often each rung of the ladder was met."""
    aside: float = 0.0
    """The most seconds of speech that were set aside at once."""
    unchecked: list[tuple[float, float]] = field(default_factory=list)
    """Spans that no pass ever heard."""
    cpu: float = 0.0
    """Processor seconds for each second of the broadcast."""
    after: float = 0.0
    """Seconds that the recogniser worked on after the broadcast had ended."""

    def findings(self) -> list[Finding]:
        """The findings in their last state, in order of speech."""
        last = {one.id: one for _, one in self.log.read(Finding)}
        return sorted(last.values(), key=lambda one: one.start or 0.0)

    def text(self) -> str:
        """All committed words."""
        ended = {one.utterance: one for _, one in self.log.read(Hypothesis) if one.final}
        return " ".join(word.text for number in sorted(ended) for word in ended[number].words)


@dataclass
class Latencies:
    """Seconds until something was shown and until it was confirmed; `expected` is how many there were to hear."""

    shown: list[float] = field(default_factory=list)
    confirmed: list[float] = field(default_factory=list)
    expected: int = 0


def of_words(run: Run, broadcast: list[Recording]) -> Latencies:
    """Each gold word is that heard word of the same letters that lies at its time."""
    seen: dict[str, list[tuple[float, float, bool]]] = {}
    told: dict[tuple[str, float], tuple[float, float]] = {}
    for now, one in run.log.read(Hypothesis):
        for number, word in enumerate(one.words):
            key = letters(word), round(middle(word), 1)
            shown, sure = told.get(key, (now, float("inf")))
            told[key] = shown, min(sure, now) if one.final or number < one.stable else sure
    for (text, at), (shown, sure) in told.items():
        seen.setdefault(text, []).append((at, shown, sure))
    found = Latencies()
    for word in (word for recording in broadcast for word in recording.words):
        found.expected += 1
        near = [entry for entry in seen.get(letters(word), ()) if abs(entry[0] - middle(word)) < SAME_WORD]
        if near:
            found.shown.append(min(shown for _, shown, _ in near) - (word.end or 0.0))
        sure = min((sure for _, _, sure in near), default=float("inf"))
        if sure < float("inf"):
            found.confirmed.append(sure - (word.end or 0.0))
    return found


def of_findings(run: Run, broadcast: list[Recording]) -> tuple[Latencies, list[Finding], list[Finding]]:
    """The latencies of labelled spans that were found; the findings that touch none; those that were withdrawn."""
    first: dict[str, float] = {}
    sure: dict[str, float] = {}
    for now, one in run.log.read(Finding):
        first.setdefault(one.id, now)
        if one.state == "confirmed":
            sure.setdefault(one.id, now)
    final = run.findings()
    stands = [one for one in final if one.state == "confirmed" and one.severity != "advice"]
    spans = [span for recording in broadcast for span in recording.spans]
    found = Latencies(expected=len(spans))
    for span in spans:
        hits = [one.id for one in stands if one.category == span["category"] and meets(one, span)]
        if hits:
            found.shown.append(min(first[one] for one in hits) - span["end"])
            found.confirmed.append(min(sure[one] for one in hits) - span["end"])
    alarms = [one for one in stands if not any(meets(one, span) for span in spans)]
    return found, alarms, [one for one in final if one.state == "withdrawn"]


def meets(finding: Finding, span: dict[str, Any]) -> bool:
    """Whether a finding lies on a labelled span."""
    start, end = finding.start, finding.end
    if start is None or end is None:
        return False
    return bool(start <= span["end"] + SAME_FINDING and end >= span["start"] - SAME_FINDING)


def differences(run: Run, other: Run) -> Iterator[str]:
    """The findings that stand in one run only."""
    stands, others = ([one for one in each.findings() if one.state != "withdrawn"] for each in (run, other))
    for sign, mine, theirs in (("+", stands, others), ("-", others, stands)):
        for one in mine:
            if not any(
                two.category == one.category and meets(two, {"start": one.start, "end": one.end}) for two in theirs
            ):
                yield f"{sign} {one.start:.1f} s {one.category}: {printable(one.quote)}"


def report(name: str, run: Run, broadcast: list[Recording], texts: dict[str, str]) -> tuple[float, float]:
    """Print the figures of one recogniser; return the median of confirmed latency, and the rate against the first."""
    words = of_words(run, broadcast)
    found, alarms, withdrawn = of_findings(run, broadcast)
    hours, said = broadcast[-1].end / 3600, plain(run.text())
    print(f"\n{name}")
    print(f"  words     shown {_percentiles(words.shown)}   confirmed {_percentiles(words.confirmed)}", end="   ")
    print(f"{len(words.confirmed)} of {words.expected}")
    print(f"  findings  shown {_percentiles(found.shown)}   confirmed {_percentiles(found.confirmed)}", end="   ")
    print(f"{len(found.confirmed)} of {found.expected}, {len(alarms)} false, {len(withdrawn) / hours:.1f} withdrawn/h")
    for kind, findings in (("false", alarms), ("withdrawn", withdrawn)):
        for one in findings:
            print(f"    {kind}: {one.start or 0.0:.1f} s {one.rule}: {printable(one.quote)}")
    errors = {label: jiwer.wer(plain(text), said) for label, text in texts.items()}
    print("  word error rate against " + "   ".join(f"{label} {error:.3f}" for label, error in errors.items()))
    lags = [lag for _, lag in run.lags]
    print(f"  lag       p50 {np.percentile(lags, 50):.2f} s  max {max(lags):.2f} s", end="  ")
    print(f"slope {slope(run.lags) * 1000:+.1f} ms/min   CPU {run.cpu:.2f} of one core", end="   ")
    print(f"{run.after:.1f} s of work after the end")
    if run.rungs:
        total = sum(run.rungs.values())
        print(
            "  ladder    " + "   ".join(f"{rung} {count / total:.1%}" for rung, count in run.rungs.items()), end="   "
        )
        print(f"{run.aside:.0f} s set aside at most   never checked: {run.unchecked or 'nothing'}")
    if run.memory:
        late = [(now, size) for now, size in run.memory if now >= 300] or run.memory[-1:]
        sizes = [size for _, size in late]
        print(f"  memory    {sizes[-1]:.0f} MB at the end; after five minutes {max(sizes) - min(sizes):.1f} MB", end="")
        print(f" between least and most, {slope(late):+.2f} MB/min")
    return float(np.percentile(words.confirmed, 50)) if words.confirmed else float("nan"), next(iter(errors.values()))


def slope(points: list[tuple[float, float]]) -> float:
    """Change a minute, by least squares."""
    return float(np.polyfit(*zip(*points, strict=True), 1)[0] * 60) if len(points) > 2 else float("nan")


def _percentiles(values: list[float]) -> str:
    return f"p50 {np.percentile(values, 50):5.2f} s  p95 {np.percentile(values, 95):5.2f} s" if values else "none"
