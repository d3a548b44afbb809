"""How fast and how right recordings are reviewed, beside faster-whisper's own batched pipeline in the same run.

    python benchmarks/review.py RECORDING… [--minutes 60] [--model base] [--beam 5] [--batch 8] [--threads N]
                                [--workers N]

RECORDING is as in benchmarks/broadcast.py; they are chained and repeated until there are so many minutes. Both get the
same model, compute type and beam, and the same samples; voice activity is part of both. The peer has as many threads as
there are cores, ours as many workers of one thread. Ours gives every word its time, theirs does not (`--word-times`
makes it). Each runs in a process of its own, for ours settles how memory is allocated. Nothing else should run.
"""

import argparse
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

import jiwer
from broadcast import Recording, blocks, chain, line_of, plain

from streamcheck.events import SAMPLE_RATE
from streamcheck.speech import load_engine, offline, review_workers
from streamcheck.speech.engine import cores
from streamcheck.speech.models import resolve_model

Timed = tuple[float, str]
"""Seconds that recognition took, and what was heard."""


def main() -> None:
    """Run and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("recordings", nargs="+")
    parser.add_argument("--minutes", type=float, default=60.0)
    parser.add_argument("--seconds", type=float, help="of each recording")
    parser.add_argument("--model", default="base")
    parser.add_argument("--beam", type=int, default=offline.BEAM)
    parser.add_argument("--batch", type=int, default=8, help="of the peer")
    parser.add_argument("--threads", type=int, default=min(2, cores()), help="of the peer")
    parser.add_argument("--workers", type=int, default=review_workers(), help="of ours")
    parser.add_argument("--word-times", action="store_true", help="of the peer too")
    parser.add_argument("--repeat", type=int, default=1, help="the best of so many runs counts")
    options = parser.parse_args()

    broadcast = broadcast_of(options)
    length = len(line_of(broadcast)) / SAMPLE_RATE
    script = plain(" ".join(one.script for one in broadcast))
    print(f"{length / 60:.1f} minutes, model {options.model}, beam {options.beam}, ", end="")
    print(f"peer: batch {options.batch}, threads {options.threads}; ours: workers {options.workers}")
    figures: dict[str, tuple[float, float]] = {}
    for name, work in {"BatchedInferencePipeline": theirs, "streamcheck": ours}.items():
        with ProcessPoolExecutor(1, get_context("spawn")) as apart:
            seconds, text = min(apart.submit(work, options).result(), key=lambda pair: pair[0])
        figures[name] = length / seconds, jiwer.wer(script, plain(text))
        print(f"{name:25} {figures[name][0]:5.1f} x real time   word error rate {figures[name][1]:.3f}")
    (peer_speed, peer_error), (speed, error) = figures["BatchedInferencePipeline"], figures["streamcheck"]
    print(f"{speed / peer_speed:.2f} times the peer's speed, error rate {(error - peer_error) * 100:+.1f} points")


def broadcast_of(options: argparse.Namespace) -> list[Recording]:
    """The recordings as one broadcast."""
    return chain(options.recordings, options.seconds, options.minutes)


def theirs(options: argparse.Namespace) -> list[Timed]:
    """The pipeline as its users have it."""
    from faster_whisper import BatchedInferencePipeline, WhisperModel

    folder = str(resolve_model(options.model))
    model = WhisperModel(folder, device="cpu", compute_type="int8", cpu_threads=options.threads)
    peer, sound = BatchedInferencePipeline(model), line_of(broadcast_of(options))

    def hear() -> str:
        segments, _ = peer.transcribe(
            sound,
            language="ru",
            beam_size=options.beam,
            batch_size=options.batch,
            word_timestamps=options.word_times,
        )
        return " ".join(segment.text for segment in segments)

    return [timed(hear) for _ in range(options.repeat)]


def ours(options: argparse.Namespace) -> list[Timed]:
    """The recogniser of `review`."""
    offline.BEAM = options.beam
    engine, sound = load_engine(options.model, workers=options.workers), line_of(broadcast_of(options))
    return [
        timed(lambda: " ".join(one.text for one in offline.transcribe_recording(engine, blocks(sound))))
        for _ in range(options.repeat)
    ]


def timed(work: Callable[[], str]) -> Timed:
    """How long the work takes, and what it heard."""
    began = time.perf_counter()
    text = work()
    return time.perf_counter() - began, text


if __name__ == "__main__":
    main()
