"""Is somebody speaking? Silero's voice activity model, fed sound as it comes.

The model is the ONNX file that faster-whisper ships (silero_vad_v6: 16 kHz, frames of 512 samples, each given with
the 64 before it, and a recurrent state); faster-whisper's own class runs whole recordings only.
"""

from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt

from streamcheck.events import SAMPLE_RATE, Samples

FRAME = 512
"""Samples that one probability speaks for."""

FRAME_SECONDS = FRAME / SAMPLE_RATE

_CONTEXT = 64
_STATE = (1, 1, 128)
_BATCH = 1000  # frames a run, 32 s: takes 20 MB, and longer runs are no faster

Probabilities = npt.NDArray[np.float32]


class VoiceActivity:
    """Speech probabilities of a stream of sound; keeps the model's state and the unfinished frame between calls."""

    def __init__(self) -> None:
        self._session = _session()
        self.reset()

    def reset(self) -> None:
        """Forget what was heard: the next sample begins a new stream."""
        self._hidden = np.zeros(_STATE, np.float32)
        self._cell = np.zeros(_STATE, np.float32)
        self._pending = np.zeros(_CONTEXT, np.float32)  # context of the next frame, then what is known of the frame

    def feed(self, samples: Samples) -> Probabilities:
        """Take any number of samples; return a probability for each frame of 512 that they complete.

        Frames are counted from the first sample after `reset`: the nth probability in all speaks for samples
        512·n up to 512·(n+1). One call over many frames gives the same as many calls.
        """
        sound = np.concatenate([self._pending, samples])
        count = (len(sound) - _CONTEXT) // FRAME
        self._pending = sound[count * FRAME :].copy()
        probabilities = np.empty(count, np.float32)
        if count:
            windows = np.lib.stride_tricks.sliding_window_view(sound, _CONTEXT + FRAME)[::FRAME]
            for first in range(0, count, _BATCH):
                batch = windows[first : min(first + _BATCH, count)]
                inputs = {"input": np.ascontiguousarray(batch), "h": self._hidden, "c": self._cell}
                output, self._hidden, self._cell = self._session.run(None, inputs)
                probabilities[first : first + len(batch)] = output.reshape(-1)
        return probabilities


@cache
def _session() -> Any:
    """Load the model: one thread (a frame takes a fraction of a millisecond; more threads fight the recogniser)."""
    import onnxruntime
    from faster_whisper.utils import get_assets_path

    options = onnxruntime.SessionOptions()
    options.inter_op_num_threads = options.intra_op_num_threads = 1
    options.enable_cpu_mem_arena = False  # the arena would hold on to the memory of the largest call
    options.log_severity_level = 4
    path = f"{get_assets_path()}/silero_vad_v6.onnx"
    return onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])
