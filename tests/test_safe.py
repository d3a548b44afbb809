import json

import pytest

from streamcheck.safe import json_line, printable


@pytest.mark.parametrize(
    ("hostile", "shown"),
    [
        ("\x1b[31mкрасный\x1b[0m", "␛[31mкрасный␛[0m"),
        ("\x1b]0;title\x07", "␛]0;title␇"),
        ("\x9b31m", "\ufffd31m"),
        ("a\r\nb\tc\u2028d\u2029e\x85f\xa0g", "a  b c d e f g"),
        ("\u202egpj.exe", "\ufffdgpj.exe"),
        ("\u2066x\u2069", "\ufffdx\ufffd"),
        ("лу\u200bч\u200dший\ufeff", "лу\ufffdч\ufffdший\ufffd"),
        ("\ud800", "\ufffd"),
        ("\x00\x7f\x08", "␀␡␈"),
        ("\U000e0041", "\ufffd"),
        ("z" + "\u0301" * 500, "z" + "\u0301" * 3),
    ],
)
def test_nothing_is_obeyed_or_hidden(hostile: str, shown: str) -> None:
    assert printable(hostile) == shown
    printable(hostile).encode()


@pytest.mark.parametrize("plain", ["", "Самый лучший чайник!", "ең жақсы, әрине", "[bold]x[/]", "й и\u0306", "🔥 ₸ «»"])
def test_honest_text_is_left_alone(plain: str) -> None:
    assert printable(plain) == plain


def test_limit_cuts_with_an_ellipsis() -> None:
    assert printable("абвгд", 5) == "абвгд"
    assert printable("абвгде", 5) == "абвг…"
    assert len(printable("x" * 100_000, 80)) == 80


def test_json_lines_stay_readable_and_escape_what_a_terminal_obeys() -> None:
    row = {"quote": "самый \x1b[2J\x9b лучший\u202e\ud800\u2028", "n": None}
    line = json_line(row)
    assert line == r'{"quote": "самый \u001b[2J\u009b лучший\u202e\ud800\u2028", "n": null}'
    assert json.loads(line) == row
