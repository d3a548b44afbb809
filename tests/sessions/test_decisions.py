"""Decisions outlive a re-run, come from files, and become entries to ignore that the rules accept."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from streamcheck.checking import Checker, load_rules
from streamcheck.errors import ConfigError
from streamcheck.events import Utterance, Word
from streamcheck.sessions.decisions import carried_over, decided, findings_of, ignore_proposals, read_decisions
from streamcheck.sessions.store import Decision, Verdict
from tests.overlay.events import HOSTILE, finding


def decision(
    ident: str, fingerprint: str = "aa", start: float | None = 10.0, verdict: Verdict = "breach", remark: str = ""
) -> Decision:
    return Decision(ident, fingerprint, start, verdict, remark, "", 0.0)


def test_a_decision_holds_for_its_finding_whatever_became_of_its_words() -> None:
    one = decision("f1")
    assert decided([finding(id="f1", fingerprint="other", start=99.0)], [one]) == {"f1": one}


def test_after_a_re_run_the_nearest_of_the_same_fingerprint_is_meant() -> None:
    first, second = decision("f1", start=10.0), decision("f2", start=14.0, verdict="false-alarm")
    again = [
        finding(id="aa", fingerprint="aa", start=10.4),
        finding(id="aa-2", fingerprint="aa", start=13.5),
        finding(id="aa-3", fingerprint="aa", start=60.0),
        finding(id="bb", fingerprint="bb", start=10.0),
    ]
    assert decided(again, [first, second]) == {"aa": first, "aa-2": second}


def test_one_decision_holds_for_one_of_two_repeats() -> None:
    one = decision("f1", start=10.0)
    repeats = [finding(id="aa", fingerprint="aa", start=10.2), finding(id="aa-2", fingerprint="aa", start=13.0)]
    assert decided(repeats, [one]) == {"aa": one}


def test_a_breach_heard_in_other_words_is_told_by_its_rule_and_moment() -> None:
    one = replace(decision("aa", start=10.0), rule="shared/superlatives")
    other_words = finding(id="bb", fingerprint="bb", start=10.8)
    assert decided([other_words], [one]) == {"bb": one}
    assert decided([replace(other_words, start=13.0)], [one]) == {}
    assert decided([replace(other_words, rule="shared/contact")], [one]) == {}


def test_an_id_made_of_a_fingerprint_is_no_name_for_another_breach() -> None:
    first = decision("aa", start=10.0)
    assert decided([finding(id="aa", fingerprint="aa", start=900.0)], [first]) == {}


def test_decisions_are_carried_over_re_runs_and_come_back_with_their_finding() -> None:
    first, second = decision("aa", start=10.0), decision("aa-2", start=60.0, verdict="false-alarm")
    without_first = [finding(id="aa", fingerprint="aa", start=60.4)]
    kept = carried_over(without_first, [first, second])
    assert decided(without_first, kept)["aa"].verdict == "false-alarm"
    both = [finding(id="aa", fingerprint="aa", start=10.1), finding(id="aa-2", fingerprint="aa", start=60.1)]
    again = decided(both, carried_over(both, kept))
    assert {ident: one.verdict for ident, one in again.items()} == {"aa": "breach", "aa-2": "false-alarm"}


def test_two_transcriptions_of_one_recording_have_the_same_fingerprints() -> None:
    said = (
        "у нас дешевле чем на маркете пишите мне в вотсап прямо сейчас",
        "унас дешевле чем маркете, пишите мне в вотсапп сейчас",
    )
    checker = Checker(load_rules(platform="kaspi"))
    prints = []
    for words in said:
        heard = Utterance(tuple(Word(word, i * 0.5, i * 0.5 + 0.4) for i, word in enumerate(words.split())))
        prints.append({one.fingerprint for one in checker.check([heard]) if one.category == "contact"})
    assert prints[0]
    assert prints[0] == prints[1]


def test_untimed_findings_are_told_by_fingerprint_alone() -> None:
    one = decision("f1", start=None)
    assert decided([finding(id="x", fingerprint="aa", start=None, end=None)], [one]) == {"x": one}
    assert decided([finding(id="x", fingerprint="", start=None)], [decision("f1", "", None)]) == {}


def saved(**changes: object) -> bytes:
    entries = [{"finding": "f1", "verdict": "breach", "remark": "да"}, {"fingerprint": "aa", "verdict": "unsure"}]
    whole = {"type": "streamcheck-decisions", "schema": 1, "session": "20261122", "decisions": entries}
    return json.dumps(whole | changes).encode()


def test_a_file_of_decisions_is_read() -> None:
    file = read_decisions(saved(), "d.json")
    findings = [
        finding(id="f1", fingerprint="bb"),
        finding(id="f2", fingerprint="aa"),
        finding(id="f3", fingerprint="aa"),
    ]
    assert [[one.id for one in findings_of(entry, findings)] for entry in file.decisions] == [["f1"], ["f2", "f3"]]
    assert file.decisions[0].remark == "да"
    assert file.session == "20261122"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "это не файл решений"),
        (b"\xff\xfe", "это не файл решений"),
        (b"[" * 100_000, "это не файл решений"),
        (b"[]", "d.json"),
        (saved(schema=2), "schema"),
        (saved(type="x"), "type"),
        (saved(extra=1), "extra"),
        (saved(decisions=[{"finding": "f1"}]), "нужно verdict, remark или assignee"),
        (saved(decisions=[{"finding": "f1", "verdict": "guilty"}]), "decisions.0.verdict"),
        (saved(decisions=[{"verdict": "breach"}]), "нужно finding или fingerprint"),
        (saved(decisions=[{"finding": 5, "verdict": "breach"}]), "decisions.0.finding"),
    ],
)
def test_a_wrong_file_is_told_in_lines(content: bytes, said: str) -> None:
    with pytest.raises(ConfigError) as error:
        read_decisions(content, "d.json")
    assert said in str(error.value)
    assert all(line.startswith("d.json: ") and line.isprintable() for line in str(error.value).splitlines())


def test_false_alarms_become_entries_that_the_rules_obey(tmp_path: Path) -> None:
    said = [
        Utterance(tuple(Word(word, i * 0.5, i * 0.5 + 0.4) for i, word in enumerate("пишите мне в вотсап".split())))
    ]
    (found,) = Checker(load_rules(platform="kaspi")).check(said)
    other = finding(id="f2", fingerprint="bb", quote="другое")
    judged = [
        (found, decision(found.id, verdict="false-alarm", remark="это название товара: «Вотсап»"), "—"),
        (other, decision("f2", verdict="breach"), "—"),
    ]
    shop = tmp_path / "shop.yaml"
    shop.write_text(ignore_proposals(judged), encoding="utf-8")
    (again,) = Checker(load_rules(platform="kaspi", shop=shop)).check(said)
    assert again.ignored == "это название товара: «Вотсап»"


def test_proposals_of_hostile_text_are_yaml_with_the_reasons_only() -> None:
    import yaml

    judged = [
        (
            finding(text, id=str(n), fingerprint=f"{n:02}", rule=text),
            decision(str(n), verdict="false-alarm", remark=text if n % 2 else ""),
            f"причина {n}",
        )
        for n, text in enumerate((*HOSTILE, "a: [b", "- x\nignore: []", "# x"))
    ]
    rows = yaml.safe_load(ignore_proposals(judged))["ignore"]
    assert [row["fingerprint"] for row in rows] == [f"{n:02}" for n in range(len(judged))]
    assert all(set(row) == {"fingerprint", "reason"} and len(row["reason"]) >= 3 for row in rows)


def test_a_rule_that_is_always_wrong_is_named() -> None:
    alarms = [
        (finding(id=f"f{n}", fingerprint=str(n), rule="shop/bad"), decision(f"f{n}", verdict="false-alarm"), "так")
        for n in range(3)
    ]
    assert "# Правило shop/bad: все решения (3)" in ignore_proposals(alarms)
    breach = (finding(id="f9", rule="shop/bad"), decision("f9"), "")
    same_words = (finding(id="f10", fingerprint="0"), decision("f10"), "")
    assert "fingerprint: '0'" in ignore_proposals(alarms)
    assert "fingerprint: '0'" not in ignore_proposals([*alarms, same_words])
    assert "# Правило" not in ignore_proposals([*alarms, breach])
    assert ignore_proposals([breach]) == ""
