"""What can go wrong, as a tree. Every error is one sentence with a place and a way out.

StreamcheckError
├── SourceError        a source of sound cannot be opened or read
│   └── DeviceError    no such microphone, or PortAudio is missing
│       └── DeviceRefusedError  the microphone is there, but busy, closed to us or of no usual format
├── ModelError         a speech model is missing, broken or cannot be loaded
├── RulesError         rule packs, lists, product cards or evidence do not load (all problems at once)
├── TranscriptError    a transcript cannot be read
├── ConfigError        an option or a value of streamcheck.toml is wrong
└── OutputError        a result cannot be written

The command line prints the message on one line (RulesError: one block a problem) and exits with 2.
"""


class StreamcheckError(Exception):
    """Anything that streamcheck says in one line instead of a traceback."""


class SourceError(StreamcheckError, OSError):
    """A source of sound cannot be opened or read."""


class DeviceError(SourceError):
    """No such microphone, or it cannot be used."""


class DeviceRefusedError(DeviceError):
    """The microphone is there, but busy, closed to us or of no usual format."""


class ModelError(StreamcheckError, RuntimeError):
    """A speech model is missing, broken or cannot be loaded."""


class RulesError(StreamcheckError, ValueError):
    """Rule packs, lists, product cards or evidence do not load."""


class TranscriptError(StreamcheckError, ValueError):
    """A transcript cannot be read."""


class ConfigError(StreamcheckError, ValueError):
    """An option or a configuration value is wrong."""


class OutputError(StreamcheckError, OSError):
    """A result cannot be written."""
