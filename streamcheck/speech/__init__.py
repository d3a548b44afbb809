"""Sound → words: models, the engine, and two recognisers on top of it, one for a broadcast and one for recordings.

Nothing here knows a rule.
"""

from streamcheck.speech.engine import Engine, Heard, load_engine, review_workers

__all__ = ["Engine", "Heard", "load_engine", "review_workers"]
