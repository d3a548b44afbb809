"""How soon and how well a broadcast is heard live, beside a peer in the same run.

    python benchmarks/live.py RECORDING… [--seconds N] [--minutes N] [--no-peer] [--one-core] [--busy]

RECORDING is as in benchmarks/broadcast.py. They are chained into one broadcast and fed in real time. Latency is what a
person waits: the moment of emission less the end of the word (or of the labelled phrase); passes and the checking of
rules take their time. Nothing else should run. The peer is plain LocalAgreement-2 with the 30-second encoder
(live_agreement.py). `--one-core` holds the process to one core and `--busy` keeps another core busy: then the
broadcast is run without that first, and the findings of both are compared.

    python benchmarks/live.py kettle cream sneakers toys toys-room pans                  # latency and error rate
    python benchmarks/live.py kettle cream sneakers toys toys-room pans --minutes 30 --no-peer     # endurance
    python benchmarks/live.py kettle sneakers --no-peer --one-core --busy                # overload
"""

import argparse
import os
import queue
import resource
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import jiwer
from broadcast import Recording, blocks, chain, checker_of, line_of, on_air, plain
from judging import Run, differences, report
from live_agreement import CHUNK, LocalAgreement

from streamcheck.audio.ring import Ring
from streamcheck.checking import Checker, StreamChecker
from streamcheck.events import SAMPLE_RATE, Finding, Hypothesis, Samples, Utterance, Word
from streamcheck.speech import load_engine, load_live_engine
from streamcheck.speech.merging import middle
from streamcheck.speech.models import resolve_model
from streamcheck.speech.offline import transcribe_recording
from streamcheck.speech.recogniser import LiveRecogniser


class Checking:
    """Checks what is told in a thread of its own, as a live session does, by the rules of the recording on air."""

    def __init__(self, broadcast: list[Recording], checkers: dict[str, Checker], run: Run, began: float) -> None:
        self._broadcast = broadcast
        self._checkers = checkers
        self._run = run
        self._began = began
        self._streams: dict[float, StreamChecker] = {}
        self._told: queue.SimpleQueue[Hypothesis | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._work)
        self._thread.start()

    def tell(self, hypothesis: Hypothesis) -> None:
        self._told.put(hypothesis)

    def finish(self) -> None:
        """Wait until all is checked."""
        self._told.put(None)
        self._thread.join()
        for start, stream in self._streams.items():
            for finding in stream.close(self._now):
                self._keep(start, finding)

    @property
    def _now(self) -> float:
        return time.monotonic() - self._began

    def _work(self) -> None:
        while (one := self._told.get()) is not None:
            self._run.log.write(self._now, one)
            at = middle(one.words[0]) if one.words else one.heard_to
            recording = next((each for each in self._broadcast if at < each.end), self._broadcast[-1])
            stream = self._streams.setdefault(recording.start, StreamChecker(self._checkers[recording.name]))
            for finding in stream.update(one, self._now):
                self._keep(recording.start, finding)

    def _keep(self, stream: float, finding: Finding) -> None:
        """Keep a finding; the ids of several streams are told apart."""
        self._run.log.write(self._now, replace(finding, id=f"{stream:.0f}-{finding.id}"))


def run_streamcheck(model: str, sound: Samples, broadcast: list[Recording], checkers: dict[str, Checker]) -> Run:
    """Our recogniser on its thread, as `streamcheck live` runs it; the broadcast itself stands for its record."""
    engine = load_live_engine(model, language="ru")
    ring, run = Ring(300.0, lambda start, stop: sound[start:stop]), Run()
    recogniser = LiveRecogniser(engine, ring)
    began, used = time.monotonic(), cpu_seconds()
    checking = Checking(broadcast, checkers, run, began)
    worker = threading.Thread(target=recogniser.run, args=[checking.tell])
    worker.start()
    for number, block in enumerate(on_air(sound, began)):
        ring.write(block)
        if number % 5 == 0:
            note(run, recogniser, ring, time.monotonic() - began)
    ended = time.monotonic()
    ring.close()
    while worker.is_alive():
        worker.join(0.5)
        note(run, recogniser, ring, time.monotonic() - began)
    checking.finish()
    run.after = time.monotonic() - ended
    run.unchecked = [*recogniser.progress.lost, *recogniser.progress.aside]
    run.cpu = (cpu_seconds() - used) / (len(sound) / SAMPLE_RATE)
    return run


def note(run: Run, recogniser: LiveRecogniser, ring: Ring, now: float) -> None:
    """How it goes at the moment."""
    progress = recogniser.progress
    if not ring.closed:
        run.lags.append((now, ring.end / SAMPLE_RATE - progress.processed))
    run.rungs[progress.rung.value] = run.rungs.get(progress.rung.value, 0) + 1
    run.aside = max(run.aside, sum(end - start for start, end in progress.aside))
    if not run.memory or now - run.memory[-1][0] >= 5:
        run.memory.append((now, resident_megabytes()))


def run_peer(model: str, sound: Samples, broadcast: list[Recording], checkers: dict[str, Checker]) -> Run:
    """LocalAgreement-2: each pass takes all the sound that has come since the last."""
    from faster_whisper import WhisperModel

    peer = LocalAgreement(WhisperModel(str(resolve_model(model)), device="cpu", compute_type="int8", cpu_threads=0))
    run, fed, length = Run(), 0.0, len(sound) / SAMPLE_RATE
    began, used = time.monotonic(), cpu_seconds()
    checking = Checking(broadcast, checkers, run, began)
    number = 0

    def tell(words: list[Word]) -> None:
        nonlocal number
        if words:
            checking.tell(Hypothesis(number, tuple(words), len(words), True, fed, fed))
            number += 1

    while fed < length:
        time.sleep(max(fed + CHUNK - (time.monotonic() - began), 0.0))
        now = min(time.monotonic() - began, length)
        words = peer.step(sound[int(fed * SAMPLE_RATE) : int(now * SAMPLE_RATE)])
        fed = now
        tell(words)
        run.lags.append((time.monotonic() - began, min(time.monotonic() - began, length) - fed))
    tell(peer.finish())
    checking.finish()
    run.cpu = (cpu_seconds() - used) / length
    return run


def offline_texts(model: str, broadcast: list[Recording]) -> dict[str, str]:
    """The script, and the broadcast by faster-whisper's own sequential beam 5 and by our review."""
    from faster_whisper import WhisperModel

    whisper = WhisperModel(str(resolve_model(model)), device="cpu", compute_type="int8", cpu_threads=0)
    engine = load_engine(model)
    heard: dict[tuple[str, int], tuple[str, str]] = {}
    for one in broadcast:
        if (one.name, len(one.samples)) not in heard:
            theirs = " ".join(part.text for part in whisper.transcribe(one.samples, language="ru", beam_size=5)[0])
            ours = " ".join(part.text for part in transcribe_recording(engine, blocks(one.samples)))
            heard[one.name, len(one.samples)] = theirs, ours
    texts = [heard[one.name, len(one.samples)] for one in broadcast]
    return {
        "the script": " ".join(one.script for one in broadcast),
        "offline beam 5": " ".join(theirs for theirs, _ in texts),
        "our review": " ".join(ours for _, ours in texts),
    }


@contextmanager
def hindered(*, one_core: bool, busy: bool) -> Iterator[None]:
    """Hold this process to one core, keep another core busy, or both."""
    cores = sorted(os.sched_getaffinity(0))
    spin = "import os, sys\nos.sched_setaffinity(0, {int(sys.argv[1])})\nwhile True: pass"
    burner = subprocess.Popen([sys.executable, "-c", spin, str(cores[-1])]) if busy else None
    if one_core:
        os.sched_setaffinity(0, cores[:1])  # threads that are started from now on inherit it
    try:
        yield
    finally:
        os.sched_setaffinity(0, cores)
        if burner:
            burner.kill()
            burner.wait()


def cpu_seconds() -> float:
    """Processor time of this process."""
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


def resident_megabytes() -> float:
    """Memory that this process holds."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize() / 1e6


def main() -> None:
    """Run and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("recordings", nargs="+")
    parser.add_argument("--seconds", type=float, help="of each recording")
    parser.add_argument("--minutes", type=float, help="of the broadcast: the recordings are repeated")
    parser.add_argument("--model", default="base")
    parser.add_argument("--no-peer", action="store_true")
    parser.add_argument("--one-core", action="store_true", help="hold the process to one core")
    parser.add_argument("--busy", action="store_true", help="keep the last core busy with another process")
    options = parser.parse_args()
    broadcast = chain(options.recordings, options.seconds, options.minutes)
    sound = line_of(broadcast)
    with tempfile.TemporaryDirectory() as folder:
        checkers = {one.name: checker_of(one, Path(folder)) for one in broadcast}
    texts = offline_texts(options.model, broadcast)
    script, offline = (plain(texts[label]) for label in ("the script", "offline beam 5"))
    print(f"{len(sound) / SAMPLE_RATE / 60:.1f} minutes, model {options.model}")
    for label in ("offline beam 5", "our review"):
        print(f"{label}: word error rate {jiwer.wer(script, plain(texts[label])):.3f}")
    # Patterns are prepared when their words are first met: with many sets of rules that hides what a session takes.
    for one in broadcast:
        checkers[one.name].check([Utterance(tuple(map(Word, one.script.split())))])
    run = run_streamcheck(options.model, sound, broadcast, checkers)
    latency, error = report("streamcheck", run, broadcast, texts)
    if options.one_core or options.busy:
        with hindered(one_core=options.one_core, busy=options.busy):
            slowed = run_streamcheck(options.model, sound, broadcast, checkers)
        where = " and ".join(["one core"] * options.one_core + ["beside a busy loop"] * options.busy)
        report(f"streamcheck, {where}", slowed, broadcast, texts)
        changed = list(differences(slowed, run))
        print(f"  findings against the run before: {len(changed)} differ", *changed, sep="\n    ")
    if not options.no_peer:
        peer = run_peer(options.model, sound, broadcast, checkers)
        peer_latency, peer_error = report("LocalAgreement-2, 30-second encoder", peer, broadcast, texts)
        print(f"\nconfirmed latency {latency / peer_latency:.2f} of the peer's", end=", ")
        print(f"error rate {(error - peer_error) * 100:+.1f} points against the peer's")
    against = (error - jiwer.wer(script, offline)) * 100
    print(f"error rate {against:+.1f} points against offline beam 5")


if __name__ == "__main__":
    main()
