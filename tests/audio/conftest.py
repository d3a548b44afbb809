from tests.audio.stage import stage

__all__ = ["stage"]
