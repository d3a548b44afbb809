"""The evidence register: what backs a claim, what does not, and files that are wrong."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from streamcheck.checking.evidence import EvidenceFile, Register, Verdict, read_evidence, register_of, remarks
from streamcheck.checking.lexicon import Lexicon
from streamcheck.checking.passage import read_passage
from streamcheck.errors import RulesError
from streamcheck.events import Utterance, Word

TODAY = date(2026, 11, 22)
ENTRY: dict[str, Any] = {
    "id": "sales-2025",
    "about": "носки Тепло",
    "claims": ["номер один", "самые продаваемые"],
    "criterion": "объём продаж в штуках, Казахстан, 2025",
    "by": "NielsenIQ",
    "document": "https://example.org/study.pdf",
    "from": "2026-01-15",
    "until": "2026-12-31",
    "say": "по данным Нильсен",
}


def register(seller: str = "Тёплый дом", **changes: Any) -> Register:
    return register_of(EvidenceFile.model_validate({"seller": seller, "claims": [ENTRY | changes]}))


def look_up(entries: Register, *said: str, claim: str, topic: str | None = None) -> Verdict:
    passage = read_passage([Utterance(tuple(Word(word) for word in one.split())) for one in said], Lexicon())
    words = [token.raw for token in passage.tokens]
    first, last = claim.split()[0], claim.split()[-1]
    start = words.index(first)
    return entries.lookup(passage, start, words.index(last, start) + 1, TODAY, topic)


@pytest.mark.parametrize(
    ("said", "claim"),
    [
        ("Носки Тепло номер один в Казахстане", "номер один"),
        ("По продажам носки Тепло № 1", "№ 1"),
        ("носки Тепло самые продаваемые", "самые продаваемые"),
        ("наши носки Тепло у нас самые, повторю, продаваемые", "самые продаваемые"),
        ("а вот носками Тепло мы стали номером один", "номером один"),
    ],
)
def test_backed(said: str, claim: str) -> None:
    verdict = look_up(register(), said, claim=claim)
    assert verdict.standing == "backed"
    assert verdict.entry is not None
    assert not verdict.spoken


@pytest.mark.parametrize(
    ("said", "claim"),
    [
        ("Колготки у нас номер один", "номер один"),
        ("носки Тепло лучшие в мире", "лучшие мире"),
        ("носки Тепло стоят тысячу. Звоните на номер один два три", "стоят"),
        ("один у меня вопрос, носки Тепло, назовите номер", "один"),
    ],
)
def test_no_proof(said: str, claim: str) -> None:
    assert look_up(register(), said, claim=claim).standing == "none"


def test_the_product_may_be_named_before() -> None:
    said = ("Переходим к носкам Тепло.", "Мягкие.", "Мы тут номер один.")
    assert look_up(register(), *said, claim="номер один").standing == "backed"


def test_the_source_said_aloud() -> None:
    said = ("По данным Нильсен за год.", "Носки Тепло номер один.")
    assert look_up(register(), *said, claim="номер один").spoken


@pytest.mark.parametrize(
    ("changes", "standing", "word"),
    [
        ({"until": "2026-11-21"}, "expired", "2026-11-21"),
        ({"until": "2026-11-22"}, "backed", "NielsenIQ"),
        ({"from": "2026-11-23"}, "early", "2026-11-23"),
        ({"by": "магазин «Тёплый дом»"}, "self-made", "Тёплый дом"),
        ({"by": "наш опрос покупателей"}, "self-made", "опрос"),
        ({"by": "Тёплый дом", "method": "опрос 1200 человек, анкета в приложении"}, "backed", "Тёплый дом"),
        ({"topic": "misleading"}, "none", ""),
        ({"topic": "superlative"}, "backed", ""),
        ({"about": ""}, "backed", ""),
    ],
)
def test_standing(changes: dict[str, Any], standing: str, word: str) -> None:
    verdict = look_up(register(**changes), "носки Тепло номер один", claim="номер один", topic="superlative")
    assert verdict.standing == standing
    assert word in verdict.reason


def test_the_best_entry_counts() -> None:
    entries = register(until="2026-02-01").entries + register().entries
    assert look_up(Register(entries), "носки Тепло номер один", claim="номер один").standing == "backed"


def test_remarks_name_what_backs_nothing() -> None:
    assert not list(remarks(register(), TODAY))
    assert "sales-2025" in next(remarks(register(until="2026-02-01"), TODAY))
    assert "say" in next(remarks(register(say=None), TODAY))


# files


def test_a_file_with_its_document(tmp_path: Path) -> None:
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "study.pdf").write_bytes(b"%PDF")
    entry = "\n    ".join(f"{key}: {value}" for key, value in (ENTRY | {"document": "docs/study.pdf"}).items())
    path = tmp_path / "evidence.yaml"
    path.write_text(f"seller: Тёплый дом\nclaims:\n  - {entry}\n", encoding="utf-8")
    assert len(read_evidence(path).entries) == 1


def test_all_problems_with_their_places(tmp_path: Path) -> None:
    path = tmp_path / "evidence.yaml"
    path.write_text(
        """\
claims:
  - id: Плохой
    claims: ["…"]
    criterion: ""
    by: A
    documents: x.pdf
    from: 2026-13-01
    until: завтра
""",
        encoding="utf-8",
    )
    with pytest.raises(RulesError) as error:
        read_evidence(path)
    message = str(error.value)
    for line in (2, 3, 4, 5, 6, 7, 8):
        assert f"evidence.yaml:{line}:5" in message
    assert "document" in message


@pytest.mark.parametrize(
    ("changes", "place"),
    [({"document": "нет.pdf"}, "evidence.yaml:7:5"), ({"until": "2025-01-01"}, "evidence.yaml:2:5")],
)
def test_a_missing_document_and_dates_the_wrong_way_round(tmp_path: Path, changes: dict[str, Any], place: str) -> None:
    entry = "\n    ".join(f"{key}: {value}" for key, value in (ENTRY | changes).items())
    path = tmp_path / "evidence.yaml"
    path.write_text(f"claims:\n  - {entry}\n", encoding="utf-8")
    with pytest.raises(RulesError) as error:
        read_evidence(path)
    assert place in str(error.value)
