"""Sound → words: what a recogniser must offer, and Whisper through the parts of faster-whisper.

faster-whisper pads every input to 30 s; here the encoder gets as little as the sound allows, which is what makes
decoding several times a second possible on two cores. `LEAST_INPUT` and `PADDING` say how little that is.
"""

import math
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache, cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
import numpy.typing as npt

from streamcheck.errors import ModelError
from streamcheck.events import SAMPLE_RATE, Samples, Word
from streamcheck.i18n import text
from streamcheck.safe import printable
from streamcheck.speech.memory import keep_blocks, save_memory
from streamcheck.speech.models import resolve_model
from streamcheck.speech.phantom import is_looping
from streamcheck.speech.vocabulary import is_trimmed, trimmed

if TYPE_CHECKING:
    from faster_whisper import WhisperModel
    from faster_whisper.tokenizer import Tokenizer

LEAST_INPUT = 8.0
"""Seconds that the encoder gets at least, silence after the sound: base starts to invent words below 8 (WER .21 at 8
and 30, .27 at 5, .38 at 2 on short utterances), and an encoder pass over 8 s costs a tenth of one over 30 s."""

PADDING = 1.0
"""Seconds of silence after the sound: where the input ends with the speech, the decoder loops."""

LONGEST_WINDOW = 28.0
"""Seconds of sound in one window; with its padding it fits the 30 s that Whisper was trained on."""

LENGTH_PENALTY = 0.6
"""Exponent of the length by which a beam's score is divided. At 1, the usual, a beam likes to say a sentence twice:
the copy is cheap, so the mean rises."""

DOUBTFUL_LOGPROB = -1.0
"""Mean log probability of a token below which the text is a guess (Whisper's own threshold)."""

GUESS_LOGPROB = -1.2
"""Below this nothing was understood: noise gave -1.3 to -1.9, the worst of real calls that had any word right -1.1."""

THREADS = 1
"""Threads of one pass. The steps of the decoder are too small to share: with two threads a greedy pass takes 1.13 times
as long, one with a beam of five 1.5 times. Live, the other cores are left to the microphone and the rules; a review
decodes as many windows at once as there are cores, in .68 of the time of batches by two threads.
"""

LANGUAGES = ("ru", "kk", "en")
"""Between which `auto` chooses: a free choice makes English out of noise."""

_HOP = 160  # samples a mel frame: 10 ms
_FRAMES_A_SECOND = SAMPLE_RATE // _HOP
_TOKENS_A_SECOND = 8  # the fastest Russian speech; a text that needs more is a loop
_SPARE_TOKENS = 12
_LENGTH_A_TOKEN = 2  # CTranslate2 decodes half of `max_length`: the other half is the prompt's
_PREPENDED = "\"'“¿([{-«"
_APPENDED = "\"'.。,，!！?？:：”)]}、»…"


@dataclass(frozen=True)
class Heard:
    """What the model wrote for one window. Words with times and probabilities cost a further pass: on demand only."""

    text: str
    logprob: float
    """Mean log probability of a token."""
    looping: bool
    """The text repeats itself as no speaker does."""
    align: Callable[[], tuple[Word, ...]]

    @property
    def doubtful(self) -> bool:
        """The text repeats itself or was a guess."""
        return self.looping or self.logprob < DOUBTFUL_LOGPROB

    @cached_property
    def words(self) -> tuple[Word, ...]:
        """The words, timed from the start of the window; none where the text is a mere guess."""
        return self.align() if self.logprob >= GUESS_LOGPROB else ()


class Engine(Protocol):
    """A recogniser of windows of sound up to `LONGEST_WINDOW`; used by up to `workers` threads at a time."""

    workers: int

    @property
    def name(self) -> str:
        """The model's name, as the user gave it."""
        ...

    def listen(self, windows: Sequence[Samples], *, beam: int = 1) -> list[Heard]:
        """What was said in each window (mono 16 kHz), in one batch; `beam` 1 is greedy."""
        ...


def load_engine(
    model: str = "base",
    *,
    workers: int = 1,
    compute_type: str | None = None,
    language: str = "ru",
    note: Callable[[str], None] = lambda _: None,
) -> "WhisperEngine":
    """Load a Whisper model: a name that faster-whisper knows, a hub id or a folder. Raises ModelError.

    `workers` are the threads that may listen at once; `compute_type` defaults to what measured best (int8, on CUDA with
    float16); `language` is `ru`, another of Whisper's codes, or `auto`. `note` is told of a download.
    """
    folder = resolve_model(model, note)
    whisper = load_whisper(folder, workers=workers, compute_type=compute_type, language=language)
    return WhisperEngine(whisper, language, model, workers)


def cores() -> int:
    """Cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def review_workers() -> int:
    """Windows that a review decodes at once."""
    return min(4, cores())


class WhisperEngine:
    """Whisper by CTranslate2, for as many threads at once as it was loaded with workers."""

    def __init__(self, model: "WhisperModel", language: str, name: str, workers: int = 1) -> None:
        self.name = name
        self.workers = workers
        self._model = model
        self._multilingual = model.model.is_multilingual or is_trimmed(model.hf_tokenizer)
        self._auto = language == "auto" and self._multilingual
        self._tokenizers: dict[str, Tokenizer] = {}
        self._language = LANGUAGES[0] if self._auto else language
        if not self._multilingual and language not in ("en", "auto"):
            raise ModelError(text("speech.only-english", model=printable(name)))

    def listen(self, windows: Sequence[Samples], *, beam: int = 1) -> list[Heard]:
        """What was said in each window, in one batch (with `auto`, one by one); windows of like length are cheapest.

        With a beam, what loops is decoded a second time with repetition forbidden: sampling at rising temperatures,
        as Whisper does, costs up to six passes and is never the same twice.
        """
        if self._auto and len(windows) > 1:
            return [heard for window in windows for heard in self.listen([window], beam=beam)]
        heard = self._pass(windows, beam)
        for index, one in enumerate(heard):
            if one.looping and beam > 1:
                heard[index] = self._pass(windows[index : index + 1], beam, forbid_repetition=True)[0]
        return heard

    def _pass(self, windows: Sequence[Samples], beam: int, *, forbid_repetition: bool = False) -> list[Heard]:
        if not windows:
            return []
        encoded = self._model.encode(self._features(windows))
        tokenizer = self._tokenizer(self._detect(encoded) if self._auto else self._language)
        prompt = self._model.get_prompt(tokenizer, [], without_timestamps=True)
        most = [most_tokens(window) for window in windows]
        results = self._model.model.generate(
            encoded,
            [prompt] * len(windows),
            beam_size=beam,
            max_length=min(self._model.max_length, _LENGTH_A_TOKEN * max(most)),
            length_penalty=LENGTH_PENALTY,
            suppress_tokens=self._suppressed(tokenizer),
            return_scores=True,
            **({"repetition_penalty": 1.1, "no_repeat_ngram_size": 3} if forbid_repetition else {}),
        )
        tokens = [[token for token in result.sequences_ids[0] if token < tokenizer.eot] for result in results]
        frames = [min(len(window) // _HOP + _FRAMES_A_SECOND // 2, encoded.shape[1] * 2) for window in windows]
        aligned = cache(lambda: self._model.find_alignment(tokenizer, tokens, encoded, frames))
        return [
            _heard(tokenizer.decode(tokens[index]).strip(), result, most[index], partial(_words, aligned, index))
            for index, result in enumerate(results)
        ]

    def warm_up(self, seconds: float, beam: int) -> None:
        """Make the costliest pass there will be, over silence that is taken for speech, and throw it away.

        What it claims of memory later passes find in place, and none of them makes the process grow.
        """
        window = np.zeros(int(seconds * SAMPLE_RATE), np.float32)
        encoded = self._model.encode(self._features([window]))
        tokenizer = self._tokenizer(self._language)
        result = self._model.model.generate(
            encoded,
            [self._model.get_prompt(tokenizer, [], without_timestamps=True)],
            beam_size=beam,
            max_length=most_tokens(window),
            suppress_tokens=[*self._suppressed(tokenizer), tokenizer.eot],
        )
        self._model.find_alignment(tokenizer, result[0].sequences_ids, encoded, [encoded.shape[1] * 2])

    def _features(self, windows: Sequence[Samples]) -> npt.NDArray[np.float32]:
        """Log-mel spectra of one length: the longest window and its padding, `LEAST_INPUT` at least."""
        seconds = max(LEAST_INPUT, max(map(len, windows)) / SAMPLE_RATE + PADDING)
        length = math.ceil(seconds * _FRAMES_A_SECOND) * _HOP
        extract = self._model.feature_extractor
        return np.stack([extract(np.pad(window, (0, length - len(window))), padding=0) for window in windows])

    def _detect(self, encoded: Any) -> str:
        """The likeliest of `LANGUAGES`, from what the encoder made of the sound already."""
        odds = {token[2:-2]: odd for token, odd in self._model.model.detect_language(encoded)[0]}
        return max(LANGUAGES, key=lambda language: odds.get(language, 0.0))

    def _tokenizer(self, language: str) -> "Tokenizer":
        if language not in self._tokenizers:
            from faster_whisper.tokenizer import Tokenizer

            self._tokenizers[language] = Tokenizer(
                self._model.hf_tokenizer, self._multilingual, task="transcribe", language=language
            )
        return self._tokenizers[language]

    @staticmethod
    @cache
    def _suppressed(tokenizer: "Tokenizer") -> tuple[int, ...]:
        from faster_whisper.transcribe import get_suppressed_tokens

        return tuple(get_suppressed_tokens(tokenizer, [-1]) or ())


def most_tokens(window: Samples) -> int:
    """How many tokens can have been said in a window; a text of more is a loop."""
    return int(len(window) / SAMPLE_RATE * _TOKENS_A_SECOND) + _SPARE_TOKENS


def _heard(said: str, result: Any, most: int, align: Callable[[], tuple[Word, ...]]) -> Heard:
    length = len(result.sequences_ids[0])
    logprob = result.scores[0] * length**LENGTH_PENALTY / (length + 1)  # undone; with the end token
    return Heard(said, logprob, length >= most or is_looping(said), align)


def _words(aligned: Callable[[], list[list[dict[str, Any]]]], index: int) -> tuple[Word, ...]:
    """Words as blanks part them; faster-whisper's pieces («по», «-русски», «,») are glued to the word they belong to.

    A piece of punctuation does not make the word longer: it is aligned with the silence after it.
    """
    words: list[Word] = []
    for piece in aligned()[index]:
        said = piece["word"]
        start, end, probability = float(piece["start"]), float(piece["end"]), float(piece["probability"])
        if words and not said.startswith(" "):
            last = words[-1]
            spoken = any(char.isalnum() for char in said)
            words[-1] = Word(
                last.text + said,
                last.start,
                end if spoken else last.end,
                min(last.probability, probability) if spoken else last.probability,
            )
        elif said.strip():
            words.append(Word(said.strip(), start, end, probability))
    return tuple(words)


def load_whisper(
    folder: Path,
    threads: int = THREADS,
    workers: int = 1,
    compute_type: str | None = None,
    language: str = "auto",
) -> "WhisperModel":
    """The model on the graphics card if CTranslate2 finds one that works, else on the processor. Raises ModelError.

    With the pieces of words that `language` needs, where `vocabulary.trimmed` knows which; else with all.
    """
    import ctranslate2

    save_memory(workers)
    devices = ["cuda", "cpu"] if ctranslate2.get_cuda_device_count() else ["cpu"]
    for device in devices:
        known = ctranslate2.get_supported_compute_types(device)
        if compute_type not in (None, "default", "auto", *known):
            shown = printable(str(compute_type), 40)
            raise ModelError(text("speech.bad-compute-type", wanted=shown, known=", ".join(sorted(known))))
        wanted = compute_type or ("int8_float16" if "int8_float16" in known else "int8")
        try:
            return _warm(folder, language, device, wanted, threads, workers)
        except Exception as error:  # CTranslate2, tokenizers and the system raise each their own
            if device == "cuda":
                continue
            why = printable(str(error).partition("\n")[0], 200)
            raise ModelError(text("speech.cannot-load", folder=printable(str(folder)), why=why)) from error
    raise AssertionError("there is always a processor")


def _warm(folder: Path, language: str, device: str, compute_type: str, threads: int, workers: int) -> "WhisperModel":
    """Load and encode once: CUDA's libraries are looked for only then, and later passes find their memory in place."""
    from faster_whisper import WhisperModel

    model = WhisperModel(
        str(folder),
        device=device,
        compute_type=compute_type,
        cpu_threads=threads,
        num_workers=workers,
        files=trimmed(folder, language),
    )
    keep_blocks(workers)
    model.encode(model.feature_extractor(np.zeros(int(LEAST_INPUT * SAMPLE_RATE), np.float32), padding=0))
    return model
