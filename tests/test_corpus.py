"""Every transcript of the corpus, whole or damaged, is reviewed or refused in one line, and loses no finding."""

import json
from pathlib import Path

import pytest

from streamcheck.checking import loading
from streamcheck.cli import main
from tests.test_review import PACK
from tests.transcripts.transcript_files import DAMAGED, PHRASES, WHOLE

FOUND = {PHRASES[1]: "messenger", PHRASES[2]: "lowest"}
SHORT = "самая низкая цена"


def expected(phrases: tuple[str, ...]) -> list[str]:
    """The rules that what can be read of a file breaks, in the order of what was said."""
    text = " ".join(phrases)
    places = [(at, rule) for word, rule in (("вотсап", "messenger"), (SHORT, "lowest")) for at in _places(text, word)]
    return [rule for _, rule in sorted(places)]


def _places(text: str, word: str) -> list[int]:
    return [at for at in range(len(text)) if text.startswith(word, at)]


def test_the_corpus_is_large_and_half_of_it_damaged() -> None:
    assert len(WHOLE) + len(DAMAGED) >= 100
    assert len(DAMAGED) >= len(WHOLE) >= 30
    kinds = {Path(name).suffix for name in (*WHOLE, *DAMAGED)}
    assert kinds >= {*".srt .vtt .sbv .ass .json .json3 .jsonl .tsv .csv .txt .md .docx".split()}


def test_nothing_is_lost_and_nothing_crashes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    rules, corpus = tmp_path / "rules", tmp_path / "corpus"
    rules.mkdir()
    (rules / "probe.yaml").write_text(PACK.replace("unless: [negated]", ""), encoding="utf-8")
    monkeypatch.setattr(loading, "shipped_rules", lambda: rules)
    monkeypatch.chdir(tmp_path)
    wanted: dict[str, list[str] | None] = {name: expected(PHRASES) for name in WHOLE}
    wanted |= {name: None if readable is None else expected(readable) for name, (_, readable) in DAMAGED.items()}
    for name, data in {name: data for name, (data, _) in (WHOLE | DAMAGED).items()}.items():
        (corpus / name).parent.mkdir(parents=True, exist_ok=True)
        (corpus / name).write_bytes(data)

    code = main(["review", "--format", "jsonl", "corpus"])
    printed = capsys.readouterr()

    found: dict[str, list[str]] = {}
    for row in map(json.loads, printed.out.splitlines()):
        found.setdefault(row["file"].removeprefix("corpus/"), []).append(row["rule"].removeprefix("probe/"))
    told = [line.removeprefix("streamcheck: corpus/") for line in printed.err.splitlines()]
    refused = {name for name, rules in wanted.items() if rules is None}
    assert code == 2
    for name in wanted:
        lines = [line for line in told if line.startswith(f"{name}: ")]
        assert len(lines) == 1 if name in refused else len(lines) <= 1, name
    breached = {name: sorted(found.get(name, [])) for name in wanted}
    assert breached == {name: sorted(rules or []) for name, rules in wanted.items()}
    assert len(told) == sum(line.split(": ")[0] in wanted for line in told)
