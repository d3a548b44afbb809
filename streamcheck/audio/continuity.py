"""Going on where a broken connection left off: nothing heard twice, what was missed left as a gap.

A server that is connected to again plays its last seconds once more (HLS), goes on by the same clock (RTMP), or
starts a clock of its own (RTSP, a new encoder). Packets that were heard before are known by their checksum.
"""

from collections.abc import Iterator

from streamcheck.audio.timeline import Timeline
from streamcheck.events import SAMPLE_RATE, AudioBlock, Samples

_REMEMBERED = 6000
"""Packets: two minutes of AAC or Opus, more than servers repeat."""

_SAME_CLOCK = 30 * SAMPLE_RATE
"""By so much may a stream have moved on more or less than our clock did and still be the same broadcast."""

_ALIKE = 5 * SAMPLE_RATE
"""So much of packets that are all alike may pass for repeated before they must be taken for new."""

_SLACK = SAMPLE_RATE // 100
_OVERLAP = SAMPLE_RATE


class Continuity:
    """Joins the packets of a stream's connections into one line of blocks. `now` is a steady clock, in seconds."""

    def __init__(self) -> None:
        self._timeline = Timeline()
        # Checksum of each packet → its first sample; None where several are alike (digital silence).
        self._heard: dict[int, int | None] = {}
        self._now = 0.0  # when the last packet came
        self._tied = True  # whether the time stamps of this connection are known to fit the line
        self._caught_up = True  # whether this connection has come to what is new
        self._alike = 0  # samples of this connection that were passed over without knowing their place

    @property
    def end(self) -> int:
        """Number of the sample after the last."""
        return self._timeline.end

    @property
    def reached(self) -> float:
        """How far the stream has been heard, in seconds by its own clock."""
        return (self._timeline.zero or 0.0) + self.end / SAMPLE_RATE

    def reconnected(self, same_clock: bool) -> None:
        """Expect packets of a new connection; `same_clock` says that it is a recording, whose times stay."""
        self._caught_up = not self._heard
        self._tied = same_clock or self._caught_up
        self._alike = 0

    def feed(self, checksum: int, time: float | None, samples: Samples, now: float) -> Iterator[AudioBlock]:
        """Yield what a packet holds of new sound; `time` is its time stamp in seconds."""
        if not self._caught_up and self._repeats(checksum, time, len(samples)):
            return
        ahead = self._timeline.ahead(time)
        if not self._tied or not -_OVERLAP < ahead < _SAME_CLOCK:
            self._join(ahead, now)
        self._tied = self._caught_up = True
        if time is not None or self._timeline.zero is None:  # else it left the decoder only when all was over
            self._now = now
        self._remember(checksum, self.end + self._timeline.ahead(time))
        yield from self._timeline.place(time, samples)

    def _repeats(self, checksum: int, time: float | None, count: int) -> bool:
        """Whether a new connection still plays what was heard before; a packet known from then ties its clock."""
        known = self._heard.get(checksum)
        if known is not None and time is not None and not self._tied:
            self._timeline.zero = time - known / SAMPLE_RATE
            self._tied = True
        if self._tied and time is not None:
            return self._timeline.ahead(time) < -_SLACK
        self._alike += count
        return checksum in self._heard and self._alike <= _ALIKE

    def _join(self, ahead: int, now: float) -> None:
        """Go by the stream's clock where it has moved about as much as ours, else by ours."""
        away = round((now - self._now) * SAMPLE_RATE)
        if ahead < 0 or abs(ahead - away) > _SAME_CLOCK:
            self._timeline.skip(away)

    def _remember(self, checksum: int, start: int) -> None:
        self._heard[checksum] = None if checksum in self._heard else start
        if len(self._heard) > _REMEMBERED:
            del self._heard[next(iter(self._heard))]
