"""How soon and how well a broadcast is heard live, beside a peer in the same run.

    python benchmarks/live.py RECORDING… [--seconds N] [--minutes N] [--no-peer] [--cores N] [--load]

RECORDING is a path without its ending: NAME.opus is the sound, NAME.gold.json its utterances, words with times and
labelled spans (the format of the evaluation material). The recordings are chained into one broadcast and fed in real
time. Latency is what a person waits: the moment of emission less the end of the word (or of the labelled phrase).
Nothing else should run. The peer is plain LocalAgreement-2 with the 30-second encoder (live_agreement.py).
"""

import argparse
import json
import os
import re
import resource
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import jiwer
import numpy as np
from live_agreement import CHUNK, LocalAgreement

from streamcheck.audio.media import read_samples
from streamcheck.audio.ring import Ring
from streamcheck.checking import Checker, StreamChecker, load_rules
from streamcheck.events import SAMPLE_RATE, AudioBlock, Finding, Hypothesis, Samples, Word
from streamcheck.speech import load_engine
from streamcheck.speech.merging import letters, middle
from streamcheck.speech.models import resolve_model
from streamcheck.speech.offline import transcribe_recording
from streamcheck.speech.recogniser import LiveRecogniser

PAUSE = 2.0
"""Seconds of silence between two recordings."""
BLOCK = int(0.1 * SAMPLE_RATE)
SAME_WORD = 0.6
"""Seconds within which the middle of a heard word must lie by the gold one, to be that word."""
SAME_FINDING = 1.0


@dataclass(frozen=True)
class Recording:
    """A recording in its place in the broadcast; times are those of the broadcast."""

    start: float
    samples: Samples
    words: list[Word]
    spans: list[dict[str, Any]]
    script: str
    gold: dict[str, Any]


@dataclass
class Run:
    """What one recogniser made of the broadcast: hypotheses, and lags, by the seconds since it began."""

    told: list[tuple[float, Hypothesis]] = field(default_factory=list)
    lags: list[tuple[float, float]] = field(default_factory=list)
    memory: list[tuple[float, float]] = field(default_factory=list)
    cpu: float = 0.0


def chain(paths: list[str], seconds: float | None, minutes: float | None) -> list[Recording]:
    """The recordings one after another, each cut to `seconds`, repeated until there are so many minutes."""
    broadcast: list[Recording] = []
    at = 0.0
    while not broadcast or (minutes and at < minutes * 60):
        for path in paths:
            sound = np.concatenate([block.samples for block in read_samples(Path(f"{path}.opus"))])
            sound = sound[: int(seconds * SAMPLE_RATE)] if seconds else sound
            gold = json.loads(Path(f"{path}.gold.json").read_text(encoding="utf-8"))
            length = len(sound) / SAMPLE_RATE
            said = [one for one in gold["utterances"] if one["end"] <= length - 1]
            words = [Word(*word) for one in said for word in one["words"] if re.search(r"\w", word[0])]
            words = [Word(word.text, (word.start or 0) + at, (word.end or 0) + at) for word in words]
            spans = [
                {**span, "start": span["start"] + at, "end": span["end"] + at} for one in said for span in one["spans"]
            ]
            script = " ".join(one["written"] for one in said)
            broadcast.append(Recording(at, sound, words, spans, script, gold))
            at += length + PAUSE
    return broadcast


def line_of(broadcast: list[Recording]) -> Samples:
    """The whole broadcast as one line of samples."""
    silence = np.zeros(int(PAUSE * SAMPLE_RATE), np.float32)
    return np.concatenate([part for one in broadcast for part in (one.samples, silence)])


def on_air(sound: Samples, began: float) -> Iterator[AudioBlock]:
    """Blocks of 0.1 s, each when its last sample has been spoken."""
    for start in range(0, len(sound), BLOCK):
        block = sound[start : start + BLOCK]
        time.sleep(max(began + (start + len(block)) / SAMPLE_RATE - time.monotonic(), 0.0))
        yield AudioBlock(start, block)


def run_streamcheck(model: str, sound: Samples) -> Run:
    """Our recogniser on its thread, as `streamcheck live` runs it."""
    engine = load_engine(model)
    ring, run = Ring(300.0), Run()
    recogniser = LiveRecogniser(engine, ring)
    began, used = time.monotonic(), cpu_seconds()

    def post(hypothesis: Hypothesis) -> None:
        run.told.append((time.monotonic() - began, hypothesis))

    worker = threading.Thread(target=recogniser.run, args=[post])
    worker.start()
    for number, block in enumerate(on_air(sound, began)):
        ring.write(block)
        now = time.monotonic() - began
        run.lags.append((now, ring.end / SAMPLE_RATE - recogniser.progress.processed))
        if number % 50 == 0:
            run.memory.append((now, resident_megabytes()))
    ring.close()
    worker.join()
    run.cpu = (cpu_seconds() - used) / (len(sound) / SAMPLE_RATE)
    return run


def run_peer(model: str, sound: Samples) -> Run:
    """LocalAgreement-2: each pass takes all the sound that has come since the last."""
    from faster_whisper import WhisperModel

    peer = LocalAgreement(WhisperModel(str(resolve_model(model)), device="cpu", compute_type="int8", cpu_threads=0))
    run, fed, length = Run(), 0.0, len(sound) / SAMPLE_RATE
    began, used = time.monotonic(), cpu_seconds()
    while fed < length:
        time.sleep(max(fed + CHUNK - (time.monotonic() - began), 0.0))
        now = min(time.monotonic() - began, length)
        words = peer.step(sound[int(fed * SAMPLE_RATE) : int(now * SAMPLE_RATE)])
        fed = now
        tell(run, time.monotonic() - began, words, fed)
        run.lags.append((time.monotonic() - began, min(time.monotonic() - began, length) - fed))
    tell(run, time.monotonic() - began, peer.finish(), fed)
    run.cpu = (cpu_seconds() - used) / length
    return run


def tell(run: Run, now: float, words: list[Word], fed: float) -> None:
    """Committed words of the peer as a hypothesis of their own."""
    if words:
        run.told.append((now, Hypothesis(len(run.told), tuple(words), len(words), True, fed, fed)))


def word_latencies(run: Run, broadcast: list[Recording]) -> tuple[list[float], list[float], int]:
    """Seconds until each word was shown and until it was confirmed, and how many words there were."""
    seen: dict[str, list[tuple[float, float, bool]]] = {}
    for now, one in run.told:
        for number, word in enumerate(one.words):
            seen.setdefault(letters(word), []).append((now, middle(word), one.final or number < one.stable))
    shown, confirmed, count = [], [], 0
    for word in (word for recording in broadcast for word in recording.words):
        count += 1
        near = [entry for entry in seen.get(letters(word), ()) if abs(entry[1] - middle(word)) < SAME_WORD]
        shown += [min(now for now, _, _ in near) - (word.end or 0.0)] if near else []
        sure = [now for now, _, settled in near if settled]
        confirmed += [min(sure) - (word.end or 0.0)] if sure else []
    return shown, confirmed, count


@dataclass
class Judged:
    """Findings against labelled spans."""

    shown: list[float] = field(default_factory=list)
    confirmed: list[float] = field(default_factory=list)
    spans: int = 0
    alarms: int = 0
    withdrawn: int = 0


def finding_latencies(run: Run, broadcast: list[Recording]) -> Judged:
    """Check what was told, as a live session does, each recording by the rules of its platform."""
    judged = Judged()
    checkers: dict[str, Checker] = {}
    starts = [one.start for one in broadcast[1:]] + [float("inf")]
    for recording, stop in zip(broadcast, starts, strict=True):
        platform = recording.gold["platform"]
        checker = checkers.setdefault(platform, Checker(load_rules(platform=platform)))
        told = [(now, one) for now, one in run.told if one.words and recording.start <= middle(one.words[0]) < stop]
        judge(told, StreamChecker(checker), recording, judged)
    return judged


def judge(told: list[tuple[float, Hypothesis]], stream: StreamChecker, recording: Recording, judged: Judged) -> None:
    """Add one recording's findings."""
    first: dict[str, float] = {}
    sure: dict[str, float] = {}
    state: dict[str, Finding] = {}
    for now, one in told:
        for finding in stream.update(one, now):
            first.setdefault(finding.id, now)
            state[finding.id] = finding
            if finding.state == "confirmed":
                sure.setdefault(finding.id, now)
    stands = [one for one in state.values() if one.state == "confirmed" and one.severity != "advice"]
    judged.withdrawn += sum(one.state == "withdrawn" for one in state.values())
    judged.alarms += sum(not any(meets(one, span) for span in recording.spans) for one in stands)
    for span in recording.spans:
        judged.spans += 1
        hits = [one.id for one in stands if one.category == span["category"] and meets(one, span)]
        if hits:
            judged.shown.append(min(first[one] for one in hits) - span["end"])
            judged.confirmed.append(min(sure[one] for one in hits) - span["end"])


def meets(finding: Finding, span: dict[str, Any]) -> bool:
    start, end = finding.start, finding.end
    if start is None or end is None:
        return False
    return bool(start <= span["end"] + SAME_FINDING and end >= span["start"] - SAME_FINDING)


def plain(text: str) -> str:
    """A text as the error rate sees it: letters and digits, «2 990» as one number."""
    text = re.sub(r"(?<=\d)[\s\u00a0](?=\d{3}\b)", "", text.lower().replace("ё", "е"))
    return " ".join(re.findall(r"[^\W_]+", text))


def committed_text(run: Run) -> str:
    ended = sorted((one for _, one in run.told if one.final), key=lambda one: one.utterance)
    return " ".join(word.text for one in ended for word in one.words)


def offline_texts(model: str, broadcast: list[Recording]) -> tuple[str, str]:
    """The broadcast by faster-whisper's own sequential beam 5, and by our review."""
    from faster_whisper import WhisperModel

    whisper = WhisperModel(str(resolve_model(model)), device="cpu", compute_type="int8", cpu_threads=0)
    engine = load_engine(model)
    theirs, ours = [], []
    for recording in broadcast:
        theirs += [one.text for one in whisper.transcribe(recording.samples, language="ru", beam_size=5)[0]]
        ours += [one.text for one in transcribe_recording(engine, [AudioBlock(0, recording.samples)])]
    return " ".join(theirs), " ".join(ours)


def percentiles(values: list[float]) -> str:
    return f"p50 {np.percentile(values, 50):5.2f} s  p95 {np.percentile(values, 95):5.2f} s" if values else "none"


def slope(points: list[tuple[float, float]], after: float = 0.0) -> float:
    """Change a minute, by least squares, of what was measured after so many seconds."""
    late = [(now, value) for now, value in points if now >= after]
    return float(np.polyfit(*zip(*late, strict=True), 1)[0] * 60) if len(late) > 2 else float("nan")


def report(name: str, run: Run, broadcast: list[Recording], texts: dict[str, str]) -> tuple[float, float]:
    """Print the figures of one recogniser; return the medians of confirmed latency and the error rate."""
    shown, confirmed, count = word_latencies(run, broadcast)
    found = finding_latencies(run, broadcast)
    minutes = (broadcast[-1].start + len(broadcast[-1].samples) / SAMPLE_RATE) / 60
    said = plain(committed_text(run))
    print(f"\n{name}")
    print(f"  words     shown {percentiles(shown)}   confirmed {percentiles(confirmed)}   {len(confirmed)} of {count}")
    print(f"  findings  shown {percentiles(found.shown)}   confirmed {percentiles(found.confirmed)}", end="   ")
    withdrawn = found.withdrawn / minutes * 60
    print(f"{len(found.confirmed)} of {found.spans}, {found.alarms} false, {withdrawn:.0f} withdrawn/h")
    rates = "   ".join(f"{label} {jiwer.wer(plain(text), said):.3f}" for label, text in texts.items())
    print(f"  word error rate against {rates}")
    lags = [lag for _, lag in run.lags]
    print(f"  lag       p50 {np.percentile(lags, 50):.2f} s  max {max(lags):.2f} s", end="  ")
    print(f"slope {slope(run.lags) * 1000:+.1f} ms/min   CPU {run.cpu:.2f} of one core")
    if run.memory:
        late = [size for now, size in run.memory if now >= 300] or [run.memory[-1][1]]
        print(f"  memory    {run.memory[-1][1]:.0f} MB at the end, {max(late) - min(late):.0f} MB spread after 5 min")
    return float(np.percentile(confirmed, 50)), jiwer.wer(plain(next(iter(texts.values()))), said)


def cpu_seconds() -> float:
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


def resident_megabytes() -> float:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize() / 1e6


def loaded(wanted: bool, action: Callable[[], Run]) -> Run:
    """Do it, with a busy loop in another process if wanted."""
    busy = subprocess.Popen([sys.executable, "-c", "while True: pass"]) if wanted else None
    try:
        return action()
    finally:
        if busy:
            busy.kill()
            busy.wait()


def main() -> None:
    """Run and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("recordings", nargs="+")
    parser.add_argument("--seconds", type=float, help="of each recording")
    parser.add_argument("--minutes", type=float, help="of the broadcast: the recordings are repeated")
    parser.add_argument("--model", default="base")
    parser.add_argument("--no-peer", action="store_true")
    parser.add_argument("--cores", type=int, help="hold the process to so many cores")
    parser.add_argument("--load", action="store_true", help="keep one core busy with another process")
    options = parser.parse_args()
    if options.cores:
        os.sched_setaffinity(0, range(options.cores))
    broadcast = chain(options.recordings, options.seconds, options.minutes)
    sound = line_of(broadcast)
    theirs, ours = offline_texts(options.model, broadcast)
    script = " ".join(one.script for one in broadcast)
    texts = {"the script": script, "offline beam 5": theirs, "our review": ours}
    for label, text in list(texts.items())[1:]:
        print(f"{label}: word error rate {jiwer.wer(plain(script), plain(text)):.3f}")
    run = loaded(options.load, lambda: run_streamcheck(options.model, sound))
    latency, error = report("streamcheck", run, broadcast, texts)
    if not options.no_peer:
        run = loaded(options.load, lambda: run_peer(options.model, sound))
        peer_latency, peer_error = report("LocalAgreement-2, 30-second encoder", run, broadcast, texts)
        print(f"\nconfirmed latency {latency / peer_latency:.2f} of the peer's", end=", ")
        print(f"error rate {error - peer_error:+.3f} against the peer's")
    print(f"error rate {error - jiwer.wer(plain(script), plain(theirs)):+.3f} against offline beam 5")


if __name__ == "__main__":
    main()
