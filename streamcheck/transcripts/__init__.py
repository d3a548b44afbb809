"""Files → words: transcripts of the usual forms and encodings, whole or damaged."""

from streamcheck.transcripts.reading import EXTENSIONS, is_transcript, parse_transcript, read_transcript, read_whole

__all__ = ["EXTENSIONS", "is_transcript", "parse_transcript", "read_transcript", "read_whole"]
