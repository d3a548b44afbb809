"""How fast and how right recordings are reviewed, beside faster-whisper's own batched pipeline in the same run.

    python benchmarks/review.py RECORDING… [--minutes 60] [--model base] [--beam 5] [--batch 8] [--threads N]
                                [--workers N]

RECORDING is as in benchmarks/broadcast.py; they are chained and repeated until there are so many minutes. Both get the
same model, compute type and beam, and the same samples; voice activity is part of both. The peer has as many threads as
there are cores, ours as many workers of one thread. Ours gives every word its time, theirs does not (`--word-times`
makes it). Nothing else should run.
"""

import argparse
import time
from collections.abc import Callable

import jiwer
from broadcast import blocks, chain, line_of, plain

from streamcheck.events import SAMPLE_RATE
from streamcheck.speech import offline
from streamcheck.speech.engine import WhisperEngine, cores, load_whisper, review_workers
from streamcheck.speech.models import resolve_model


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
    from faster_whisper import BatchedInferencePipeline

    broadcast = chain(options.recordings, options.seconds, options.minutes)
    sound, script = line_of(broadcast), plain(" ".join(one.script for one in broadcast))
    folder = resolve_model(options.model)
    engine = WhisperEngine(
        load_whisper(folder, workers=options.workers, language="ru"), "ru", options.model, options.workers
    )
    peer = BatchedInferencePipeline(load_whisper(folder, options.threads))
    offline.BEAM = options.beam
    print(f"{len(sound) / SAMPLE_RATE / 60:.1f} minutes, model {options.model}, beam {options.beam}, ", end="")
    print(f"peer: batch {options.batch}, threads {options.threads}; ours: workers {options.workers}")

    def theirs() -> str:
        segments, _ = peer.transcribe(
            sound,
            language="ru",
            beam_size=options.beam,
            batch_size=options.batch,
            word_timestamps=options.word_times,
        )
        return " ".join(segment.text for segment in segments)

    def ours() -> str:
        return " ".join(one.text for one in offline.transcribe_recording(engine, blocks(sound)))

    figures: dict[str, tuple[float, float]] = {}
    for name, work in {"BatchedInferencePipeline": theirs, "streamcheck": ours}.items():
        seconds, text = min((timed(work) for _ in range(options.repeat)), key=lambda pair: pair[0])
        figures[name] = len(sound) / SAMPLE_RATE / seconds, jiwer.wer(script, plain(text))
        print(f"{name:25} {figures[name][0]:5.1f} x real time   word error rate {figures[name][1]:.3f}")
    (peer_speed, peer_error), (speed, error) = figures["BatchedInferencePipeline"], figures["streamcheck"]
    print(f"{speed / peer_speed:.2f} times the peer's speed, error rate {(error - peer_error) * 100:+.1f} points")


def timed(work: Callable[[], str]) -> tuple[float, str]:
    """Seconds that the work takes, and what it heard."""
    began = time.perf_counter()
    text = work()
    return time.perf_counter() - began, text


if __name__ == "__main__":
    main()
