"""How fast a model is on this machine, and what it may be used for.

Measured are the two parts of a model that cost time, the encoder by the second of sound and the decoder by the token;
what a pass and a review take follows from these. Of models that are not there an estimate is made from one that is:
the work grows with the weights of either part.
"""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from streamcheck.events import SAMPLE_RATE
from streamcheck.speech.engine import LEAST_INPUT

if TYPE_CHECKING:
    from faster_whisper import WhisperModel

LIVE_TOKENS = 20
"""Tokens of a quick pass over an open utterance: three seconds of Russian."""
TOKENS_A_SECOND = 6
"""Tokens of a second of Russian speech."""
WINDOW = 24.0
"""Seconds of the windows of a review."""
BEAM = 5

GOOD_PASS, SLOW_PASS = 0.45, 1.2
"""Seconds of a quick pass up to which a breach is shown within a second, and within about three."""
GOOD_REVIEW, SLOW_REVIEW = 3.0, 1.0
"""Seconds of sound reviewed in a second."""

_TOKENS = 24  # decoded by force for a measurement
_TIMES = 2  # the best of so many runs counts: another program may be in the way of one

Fit = Literal["good", "slow", "unfit"]
Purpose = Literal["live", "review"]


@dataclass(frozen=True, slots=True)
class Size:
    """A published model: millions of weights that work for each frame of sound and for each token, and its download."""

    encoder: float
    decoder: float
    megabytes: int


SIZES = {
    "tiny": Size(7, 14, 75),
    "base": Size(19, 29, 145),
    "small": Size(85, 110, 484),
    "medium": Size(302, 405, 1528),
    "large-v3-turbo": Size(629, 158, 1618),
    "large-v3": Size(629, 800, 3087),
}
"""The models that know Russian, each better than the one before; twelve or fourteen squares of the width a layer, and
what is kept of the vocabulary (all in those too large to be trimmed, from medium on)."""


@dataclass(frozen=True, slots=True)
class Speed:
    """What a model takes here, in seconds.

    `encode` is a pass of the encoder over the `LEAST_INPUT` of a live pass, `token` a token found greedily;
    `review_encode` and `review_token` are the same in a review, with a beam, for each of the windows that
    its workers decode at once.
    """

    encode: float
    token: float
    review_encode: float
    review_token: float

    @property
    def live_pass(self) -> float:
        """Seconds of a quick pass over what is just being said."""
        return self.encode + LIVE_TOKENS * self.token

    @property
    def review_rate(self) -> float:
        """Seconds of recorded speech that are recognised in one."""
        return WINDOW / (self.review_encode + WINDOW * TOKENS_A_SECOND * self.review_token)

    def fit(self, purpose: Purpose) -> Fit:
        """Whether the model is fast enough for a purpose."""
        if purpose == "live":
            return "good" if self.live_pass <= GOOD_PASS else "slow" if self.live_pass <= SLOW_PASS else "unfit"
        return "good" if self.review_rate >= GOOD_REVIEW else "slow" if self.review_rate >= SLOW_REVIEW else "unfit"


def measure(model: "WhisperModel", workers: int, clock: Callable[[], float] = time.perf_counter) -> Speed:
    """Run the encoder and the decoder over noise for some seconds, as live and as in a review by so many workers.

    Raises what CTranslate2 does.
    """
    encode, token = _costs(model, clock, workers=1, seconds=LEAST_INPUT, beam=1)
    review_encode, review_token = _costs(model, clock, workers=workers, seconds=WINDOW + 1, beam=BEAM)
    return Speed(encode, token, review_encode, review_token)


def estimate(model: str, known: str, speed: Speed) -> Speed:
    """The speed of a published model by that of another."""
    encoder = SIZES[model].encoder / SIZES[known].encoder
    decoder = SIZES[model].decoder / SIZES[known].decoder
    return Speed(
        speed.encode * encoder, speed.token * decoder, speed.review_encode * encoder, speed.review_token * decoder
    )


def best(speeds: dict[str, Speed], purpose: Purpose) -> str | None:
    """The best published model of those that is fast enough; where none is, the fastest that can do at all."""
    known = [name for name in SIZES if name in speeds]
    good = [name for name in known if speeds[name].fit(purpose) == "good"]
    slow = [name for name in known if speeds[name].fit(purpose) == "slow"]
    return good[-1] if good else slow[0] if slow else None


def _costs(
    model: "WhisperModel", clock: Callable[[], float], *, workers: int, seconds: float, beam: int
) -> tuple[float, float]:
    """Seconds for each window: of the encoder, and of the decoder for one token; the workers do the same at once."""
    noise = np.random.default_rng(0).normal(0.0, 0.01, int(seconds * SAMPLE_RATE)).astype(np.float32)
    features = model.feature_extractor(noise, padding=0)
    end = model.hf_tokenizer.token_to_id("<|endoftext|>")
    prompt = [model.hf_tokenizer.token_to_id("<|startoftranscript|>")]

    def decode(encoded: Any, tokens: int) -> None:
        """So many tokens: the decoder may not end before."""
        model.model.generate(
            encoded,
            [prompt],
            beam_size=beam,
            max_length=2 * tokens,  # the other half is the prompt's
            suppress_tokens=[end],
            suppress_blank=False,
        )

    with ThreadPoolExecutor(workers) as threads:

        def together(work: Callable[[], Any]) -> tuple[float, Any]:
            """Seconds until all workers have done the same, and what it gave."""
            began = clock()
            done = list(threads.map(lambda _: work(), range(workers)))
            return clock() - began, done[0]

        encoding, decoding = [], []
        for _ in range(_TIMES):
            spent, encoded = together(lambda: model.encode(features))
            encoding.append(spent)
            together(partial(decode, encoded, 1))  # what is set up once does not count
            decoding.append(together(partial(decode, encoded, _TOKENS))[0])
    return min(encoding) / workers, min(decoding) / _TOKENS / workers
