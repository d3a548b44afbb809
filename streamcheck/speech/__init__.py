"""Sound → words: models, the engine, and two recognisers on top of it, one for a broadcast and one for recordings.

Nothing here knows a rule.
"""

from streamcheck.speech.engine import Engine, Heard, load_engine, review_workers
from streamcheck.speech.recogniser import load_live_engine

__all__ = ["Engine", "Heard", "load_engine", "load_live_engine", "review_workers"]
