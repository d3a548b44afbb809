"""The classifier: what it learns of examples, what it says of speech, and the rules that ask it."""

import sys
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from streamcheck.checking import Checker, loading
from streamcheck.checking.classifier import (
    LONGEST_SENTENCE,
    STRETCH,
    Classifier,
    load_classifier,
    save_classifier,
    stretches,
)
from streamcheck.checking.engine import Dropped
from streamcheck.checking.likeness import LONGEST
from streamcheck.checking.merging import Candidate, Merging
from streamcheck.checking.schema import CATEGORIES
from streamcheck.checking.selftest import run_cases, utterances_of
from streamcheck.checking.training import Example, read_examples, train
from streamcheck.cli.main import main
from streamcheck.errors import ConfigError, RulesError
from streamcheck.text.features import NEXT, NEXT_BUT_ONE, SIZE, lemma_hashes, pair_features, word_features
from tests.checking.conftest import compile_rules, findings, pack, rule

GOODS = "чайник утюг плед фонарь коврик сервиз рюкзак самокат".split()
TURNS = {
    "pressure": ["хватит мяться", "не мнитесь вы", "сколько можно мяться"],
    "ignoring": ["глаза разуйте", "разуйте глаза сами", "пора глаза разуть"],
}
PLAIN = [
    "смотрите какой {}",
    "этот {} синий и лёгкий",
    "{} лежит в коробке",
    "мяч и {} рядом",
    "у вас красивые глаза и {}",
]


def example_lines() -> list[str]:
    lines = [f"ok\t{plain.format(one)}" for plain in PLAIN for one in GOODS]
    for label in CATEGORIES:
        for turn in TURNS.get(label, [f"слово{label} тут", f"вот слово{label}", f"снова слово{label}"]):
            lines += [f"{label}\tпро {one} скажу [{turn}] и дальше" for one in GOODS]
    return lines


@pytest.fixture(scope="module")
def classifier(tmp_path_factory: pytest.TempPathFactory) -> Classifier:
    path = tmp_path_factory.mktemp("examples") / "some.tsv"
    path.write_text("# как люди говорят\n\n" + "\n".join(example_lines()) + "\n", encoding="utf-8")
    return train(read_examples([path]))


def said(classifier: Classifier, text: str, label: str, least: float = 0.5) -> list[str]:
    words = text.split()
    judged = classifier.judge(words, [not number for number in range(len(words))])
    return [" ".join(words[one.start : one.end]) for one in judged.like(label, least)]


def test_what_is_like_the_examples_is_found_by_its_telling_words(classifier: Classifier) -> None:
    assert "мяться" in said(classifier, "берите кастрюлю хватит уже мяться", "pressure")[0]
    assert said(classifier, "разуйте глаза тут всё написано", "ignoring") == ["разуйте глаза"]
    assert said(classifier, "разуйте глаза тут всё написано", "pressure") == []
    assert said(classifier, "смотрите какие красивые глаза и мяч", "ignoring") == []


def test_a_word_that_no_example_has_is_known_by_its_pieces(classifier: Classifier) -> None:
    def likely(text: str) -> float:
        words = text.split()
        judged = classifier.judge(words, [not number for number in range(len(words))])
        return max(one.probability for one in judged.like("ignoring", 1e-6))

    assert likely("про коврик скажу разуйте-ка глазки") > 3 * likely("про коврик скажу бусины атласные")


def test_a_breach_in_a_long_stream_without_a_full_stop_is_told_where_it_stands(classifier: Classifier) -> None:
    plain = "труба вода камень сосна река колесо песок облако".split()
    words = plain * 6 + "сколько можно мяться".split() + plain * 6
    judged = classifier.judge(words, [not number for number in range(len(words))])
    found = list(judged.like("pressure", 0.5))
    assert found
    assert all(words.index("сколько") - 2 <= one.start and one.end <= words.index("мяться") + 3 for one in found)


@pytest.mark.parametrize("words", [[], ["ну"], ["глаза", "разуйте"], ["да"] * 200])
def test_the_score_of_a_stretch_is_the_sum_over_its_features(classifier: Classifier, words: list[str]) -> None:
    breaks = [not number for number in range(len(words))]
    judged = classifier.judge(words, breaks)
    for label in ("pressure", "ignoring"):
        column = classifier.labels.index(label)
        odds = []
        for low, high in stretches(breaks, breaks):
            part = words[low:high]
            features = list(map(word_features, part))
            total = sum(float(f.counts @ classifier.weights[f.numbers, column]) for f in features)
            for apart, counts in ((1, NEXT), (2, NEXT_BUT_ONE)):
                total += counts * float(classifier.weights[pair_features(lemma_hashes(features), apart), column].sum())
            odds.append(total / max(len(part), 8) ** 0.5 + float(classifier.bias[column]))
        told = [one.probability for one in judged.like(label, 1e-6)]
        assert told == pytest.approx([1 / (1 + np.exp(-one)) for one in odds], rel=1e-3)


def parts_of(breaks: list[bool], begins: list[bool] | None = None) -> list[tuple[int, int]]:
    return list(stretches(breaks, begins or breaks))


def test_sentences_are_judged_whole_and_long_ones_in_parts_that_overlap() -> None:
    assert parts_of([]) == []
    assert parts_of([True, False, True, False, False]) == [(0, 2), (2, 5)]
    parts = parts_of([True] + [False] * 99)
    assert parts[0] == (0, STRETCH)
    assert parts[-1][1] == 100
    assert all(after[0] == one[0] + STRETCH // 2 for one, after in pairwise(parts))
    assert parts_of([True] + [False] * (LONGEST_SENTENCE - 1)) == [(0, LONGEST_SENTENCE)]


def test_the_sentences_of_an_utterance_are_judged_together_unless_it_is_long() -> None:
    ends = [True, False, True, False, True, False]
    assert parts_of(ends, [True, False, False, False, True, False]) == [(0, 4), (4, 6)]
    assert parts_of(ends, [True, False, False, True, False, False]) == [(0, 6)], "a cut within a sentence parts nothing"
    long = [number % 10 == 0 for number in range(30)]
    assert parts_of(long, [not number for number in range(30)]) == [(0, 10), (10, 20), (20, 30)]


def test_the_words_that_are_told_are_of_one_sentence(classifier: Classifier) -> None:
    words = "сколько можно мяться хватит мяться".split()
    together = [True, *([False] * 4)]
    assert said(classifier, " ".join(words), "pressure") == [" ".join(words)]
    judged = classifier.judge(words, [True, False, False, True, False], together)
    (one,) = judged.like("pressure", 0.5)
    assert (one.start, one.end) in ((0, 3), (3, 5))


def test_a_file_gives_back_what_was_saved(classifier: Classifier, tmp_path: Path) -> None:
    save_classifier(classifier, tmp_path / "c.npz")
    again = load_classifier(tmp_path / "c.npz")
    assert again.labels == classifier.labels
    assert np.abs(again.weights - classifier.weights).max() <= np.abs(classifier.weights).max() / 127
    assert said(again, "разуйте глаза тут всё написано", "ignoring") == ["разуйте глаза"]


@pytest.mark.parametrize("damage", [b"", b"PK\x03\x04 cut", b"not a file of weights"])
def test_a_damaged_file_is_refused_in_one_line(damage: bytes, tmp_path: Path) -> None:
    (tmp_path / "c.npz").write_bytes(damage)
    with pytest.raises(RulesError, match=r"c\.npz: это не классификатор"):
        load_classifier(tmp_path / "c.npz")


def test_a_file_of_another_shape_is_refused(tmp_path: Path) -> None:
    np.savez(tmp_path / "c.npz", labels=np.array(["deal"]), weights=np.zeros((3, 1), np.int8), scale=[1.0], bias=[0.0])
    with pytest.raises(RulesError, match="это не классификатор"):
        load_classifier(tmp_path / "c.npz")


@pytest.mark.parametrize(
    ("line", "error"),
    [
        ("pressure хватит [мяться]", "1: нужна строка"),
        ("pressure\t", "1: нужна строка"),
        ("pressur\tхватит [мяться]", "1: нет категории «pressur»"),
        ("pressure\tхватит мяться", "1: у нарушения нужны слова в"),
        ("ok\tхватит [мяться]", "1: нет категории «ok»"),
        ("pressure,deal\tхватит [мяться]", "1: у нарушения нужны слова в"),
    ],
)
def test_a_wrong_example_is_told_with_its_place(line: str, error: str, tmp_path: Path) -> None:
    (tmp_path / "e.tsv").write_text(line + "\n", encoding="utf-8")
    with pytest.raises(RulesError) as told:
        read_examples([tmp_path / "e.tsv"])
    assert f"e.tsv:{error}" in str(told.value)


def test_examples_name_each_breach() -> None:
    assert read_examples([]) == []
    with pytest.raises(ConfigError, match="нет ни одного примера для: superlative"):
        train([Example("хватит мяться", (("pressure", "мяться"),))] * 5)


def test_training_says_which_library_it_needs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "sklearn.linear_model", None)
    with pytest.raises(ConfigError, match=r"streamcheck\[train\]"):
        train([])


LIKE = "[{like: {label: ignoring, least: 0.5}}]"


@pytest.fixture
def asked(write_rules: Callable[..., Path], classifier: Classifier) -> Callable[..., list[str]]:
    """Quotes that the rules of a pack find in a text, with the classifier beside them."""

    def ask(*rules: str, text: str) -> list[str]:
        save_classifier(classifier, write_rules(p=pack(*rules)) / loading.CLASSIFIER)
        return [f"{one.rule.removeprefix('p/')}: {one.quote}" for one in findings(text)]

    return ask


def test_a_rule_can_ask_it(asked: Callable[..., list[str]]) -> None:
    like = rule(LIKE, category="ignoring")
    assert asked(like, text="Это плед. Разуйте глаза, тут всё написано. Он синий.") == ["probe: Разуйте глаза"]
    assert asked(like, text="Это плед, он лежит в коробке.") == []


def test_what_a_phrase_says_of_a_sentence_counts_for_more(asked: Callable[..., list[str]]) -> None:
    like, phrase = rule(LIKE, category="ignoring"), rule("[{lemmas: написать}]", ident="known", category="ignoring")
    text = "Разуйте глаза, тут написано."
    assert asked(like, phrase, text=text) == ["known: Разуйте глаза, тут написано"]
    apart = "Разуйте глаза.\n\nА тут написано."
    assert asked(like, phrase, text=apart) == ["probe: Разуйте глаза", "known: написано"]
    long = "Разуйте глаза, труба вода камень сосна река колесо песок облако, тут написано."
    assert asked(like, phrase, text=long) == ["known: написано"], "too far to be of it"
    other = rule("[{lemmas: написать}]", ident="known", category="deal")
    assert asked(like, other, text=text) == ["probe: Разуйте глаза", "known: написано"]


LASTING = "[{like: {label: ignoring, least: 0.9, lasts: 0.3}}]"


def test_a_breach_that_lasts_over_sentences_is_one_and_whole(asked: Callable[..., list[str]]) -> None:
    phrase = rule("[{lemmas: написать}]", ident="known", category="ignoring")
    like = rule(LASTING, category="ignoring")
    text = "Мяч и плед рядом. Глаза пора разуть! Тут написано. Не разуть глаза вам. Этот плед синий и лёгкий."
    assert asked(phrase, like, text=text) == ["known: Глаза пора разуть! Тут написано. Не разуть глаза вам"]
    cut = utterances_of(["Глаза пора разуть!", "Тут написано. Не разуть глаза вам."])
    found = Checker(compile_rules()).check(cut)
    assert [one.quote for one in found] == ["Глаза пора разуть", "написано. Не разуть глаза вам"]
    other = rule("[{lemmas: написать}]", ident="known", category="deal")
    assert "known: написано" in asked(other, like, text=text), "of another category"


def test_what_follows_belongs_to_a_breach_until_the_host_comes_back(
    write_rules: Callable[..., Path], classifier: Classifier
) -> None:
    like = rule(LASTING.replace("lasts: 0.3", "lasts: 0.9, until: backs"), category="ignoring")
    folder = write_rules(p=pack(like), lists="lists: {backs: [так, 'на чём мы']}")
    save_classifier(classifier, folder / loading.CLASSIFIER)
    aside = "Разуйте глаза! Глаза разуйте сами! Плед."
    assert findings(f"{aside} Мяч и плед рядом.")[0].quote.startswith(aside[:-1])
    assert [one.quote for one in findings(f"{aside} Ну так мяч.")] == [aside[:-1]]
    assert [one.quote for one in findings(f"{aside} На чём мы, мяч.")] == [aside[:-1]]


def test_a_list_of_turns_that_is_not_there_is_named(write_rules: Callable[..., Path], classifier: Classifier) -> None:
    like = rule(LASTING.replace("lasts: 0.3", "lasts: 0.3, until: baks"), category="ignoring")
    folder = write_rules(p=pack(like), lists="lists: {backs: [так]}")
    save_classifier(classifier, folder / loading.CLASSIFIER)
    with pytest.raises(RulesError, match=r"p\.yaml:\d+:\d+: .*baks.*backs"):
        findings("да")


def test_turns_that_end_nothing_are_refused(write_rules: Callable[..., Path]) -> None:
    write_rules(p=pack(rule(LASTING.replace("lasts: 0.3", "until: backs"), category="ignoring")))
    with pytest.raises(RulesError, match=r"p\.yaml:\d+:\d+: .*нужно lasts"):
        findings("да")


def test_a_breach_lasts_for_so_many_words(asked: Callable[..., list[str]]) -> None:
    found = asked(rule(LASTING, category="ignoring"), text=" ".join(["Разуйте глаза сами."] * 100))
    lengths = [len(one.split()) - 1 for one in found]
    assert len(lengths) > 4
    assert all(length <= LONGEST for length in lengths)
    assert sum(lengths) == 300


def test_words_that_two_categories_claim_go_to_the_one_they_are_like(
    write_rules: Callable[..., Path], classifier: Classifier
) -> None:
    ignoring = rule(LIKE, ident="brushed", category="ignoring")
    pressure = rule("[{like: {label: pressure, least: 0.002}}]", ident="pressed", category="pressure")
    phrase = rule("[{lemmas: глаз}]", ident="known", category="pressure")
    other = rule("[{lemmas: глаз}]", ident="obscene", category="profanity")
    save_classifier(classifier, write_rules(p=pack(ignoring, pressure, phrase, other)) / loading.CLASSIFIER)
    dropped: list[Dropped] = []

    def found(text: str) -> list[str]:
        dropped.clear()
        return [one.rule for one in Checker(compile_rules()).check(utterances_of([text]), trace=dropped.append)]

    assert found("Разуйте глаза, тут написано.") == ["p/brushed", "p/obscene"], "nobody asks for its likeness"
    assert [(one.rule, one.guard) for one in dropped] == [("p/known", "more like ignoring")]
    assert found("У вас красивые глаза и мяч.") == ["p/known", "p/obscene"], "nobody else claims it"
    assert found("Хватит мяться, глаза есть.") == ["p/known", "p/obscene"]
    assert dropped == []


@pytest.mark.parametrize("exact", [True, False])
def test_a_figure_or_a_number_gives_way_to_no_likeness(
    write_rules: Callable[..., Path], classifier: Classifier, exact: bool
) -> None:
    ignoring = rule(LIKE, ident="brushed", category="ignoring")
    pressure = rule("[{like: {label: pressure, least: 0.9}}]", ident="pressed", category="pressure")
    save_classifier(classifier, write_rules(p=pack(ignoring, pressure)) / loading.CLASSIFIER)
    checker = Checker(compile_rules())
    passage = checker.read(utterances_of(["Разуйте глаза, тут написано."]))
    claims = [
        Candidate(rule=0, start=0, end=2, severity="warning", certainty=0.8, guessed=True),
        Candidate(rule=1, start=1, end=2, severity="warning", certainty=0.8, exact=exact),
    ]
    merged = Merging(checker.rules).merge(passage, claims, True, lambda *_: None)
    assert [one.rule for one in merged] == ([0, 1] if exact else [0])


def test_a_rule_of_ones_own_does_not_undo_how_breaches_last(asked: Callable[..., list[str]]) -> None:
    phrase = rule("[{lemmas: написать}]", ident="known", category="ignoring")
    own = rule(LIKE.replace("0.5", "0.99"), ident="own", category="ignoring")
    text = "Глаза пора разуть! Тут написано."
    assert asked(phrase, rule(LASTING, category="ignoring"), own, text=text) == [f"known: {text[:-1]}"]


def test_of_two_guesses_the_likelier_stands(write_rules: Callable[..., Path], classifier: Classifier) -> None:
    rules = [
        rule(f"[{{like: {{label: {label}, least: 0.0001}}}}]", ident=label, category=label)
        for label in ("pressure", "ignoring")
    ]
    save_classifier(classifier, write_rules(p=pack(*rules)) / loading.CLASSIFIER)
    assert [one.rule for one in findings("Разуйте глаза.")] == ["p/ignoring"]
    assert [one.rule for one in findings("Хватит мяться.")] == ["p/pressure"]


def test_a_match_that_another_rule_takes_back_is_in_the_trace(write_rules: Callable[..., Path]) -> None:
    taken = rule("[{lemmas: глаз}]", ident="taken", unless="[{rule: taker}]")
    write_rules(p=pack(taken, rule("[{lemmas: красивый глаз}]", ident="taker")))
    dropped: list[Dropped] = []
    found = Checker(compile_rules()).check(utterances_of(["Красивые глаза."]), trace=dropped.append)
    assert [one.rule for one in found] == ["p/taker"]
    assert [(one.rule, one.guard) for one in dropped] == [("p/taken", "taken.unless[0]")]


def test_guards_hold_for_it_as_for_any_match(asked: Callable[..., list[str]]) -> None:
    like = rule(LIKE, category="ignoring", unless="[{before: [просить], scope: 4}]")
    assert asked(like, text="Прошу вас: разуйте глаза, тут написано.") == []


@pytest.mark.parametrize("of_rule", [True, False])
def test_a_match_that_is_unlike_its_category_is_taken_back(
    write_rules: Callable[..., Path], classifier: Classifier, of_rule: bool
) -> None:
    guard = "[{unlike: 0.3}]"
    weak = pack(rule("[{lemmas: глаз}]", category="ignoring", unless=guard if of_rule else "[]"))
    save_classifier(classifier, write_rules(p=weak if of_rule else f"unless: {guard}\n{weak}") / loading.CLASSIFIER)
    assert [one.quote for one in findings("Разуйте глаза, тут написано. У вас красивые глаза и мяч.")] == ["глаза"]
    dropped: list[Dropped] = []
    Checker(compile_rules()).check(utterances_of(["У вас красивые глаза и мяч."]), trace=dropped.append)
    assert [one.guard for one in dropped] == ["unlike"]


def test_a_match_is_judged_in_its_own_utterance_too(write_rules: Callable[..., Path], classifier: Classifier) -> None:
    weak = pack(rule("[{lemmas: глаз}]", category="ignoring", unless="[{unlike: 0.3}]"))
    save_classifier(classifier, write_rules(p=weak) / loading.CLASSIFIER)
    checker = Checker(compile_rules())
    others = ["красивый плед и мяч", "красивый мяч и плед рядом", "плед и мяч"]  # no full stop: all one stretch
    assert [one.quote for one in checker.check(utterances_of([*others, "разуйте глаза тут написано"]))] == ["глаза"]
    assert checker.check(utterances_of([" ".join([*others, "разуйте глаза тут написано"])])) == []


def test_a_rule_that_asks_without_a_classifier_is_refused(write_rules: Callable[..., Path]) -> None:
    write_rules(p=pack(rule(LIKE)))
    with pytest.raises(RulesError, match=r"p\.yaml:\d+:\d+: правило смотрит на классификатор, а рядом"):
        findings("да")


def test_a_named_guard_cannot_be_unlike_a_category(write_rules: Callable[..., Path]) -> None:
    write_rules(p=pack(rule("[{lemmas: глаз}]", unless="[odd]")), g="guards: {odd: {unlike: 0.1}}")
    with pytest.raises(RulesError, match="unlike сравнивает с категорией правила"):
        findings("да")


def test_what_other_rules_find_is_no_proof_of_a_rule_that_asks_it(
    write_rules: Callable[..., Path], classifier: Classifier
) -> None:
    cases = 'tests: ["[разуйте глаза] все", "мяч и плед рядом"]'
    like = rule(LIKE, category="ignoring").rstrip() + f"\n    {cases}\n"
    folder = write_rules(p=pack(like))
    save_classifier(classifier, folder / loading.CLASSIFIER)
    assert run_cases(compile_rules()).failures == []
    write_rules(p=pack(like, rule("[{lemmas: глаз}]", ident="known", category="ignoring")))
    failures = run_cases(compile_rules(), "probe").failures
    assert failures
    assert "разуйте глаза" in failures[0].message


def test_a_label_that_it_does_not_know_is_refused(write_rules: Callable[..., Path], classifier: Classifier) -> None:
    folder = write_rules(p=pack(rule("[{like: {label: deal, least: 0.5}}]")))
    less = Classifier(("ignoring",), np.zeros((SIZE, 1), np.float32), np.zeros(1, np.float32))
    save_classifier(less, folder / loading.CLASSIFIER)
    with pytest.raises(RulesError, match="классификатор не знает метку deal; знает: ignoring"):
        findings("да")


def test_the_command_trains_from_the_tests_of_rules_and_the_examples_beside_them(
    write_rules: Callable[..., Path], capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    folder = write_rules(p=pack(rule("[{lemmas: мяться}]")))
    (folder / "examples").mkdir()
    (folder / "examples" / "some.tsv").write_text("\n".join(example_lines()), encoding="utf-8")
    output = tmp_path / "made.npz"
    assert main(["rules", "train", "--output", str(output)]) == 0
    assert f"классификатор по {len(example_lines())} примерам" in capsys.readouterr().out
    assert said(load_classifier(output), "разуйте глаза тут всё написано", "ignoring") == ["разуйте глаза"]
    assert main(["rules", "train", "--output", str(tmp_path / "no" / "made.npz")]) == 2
    told = capsys.readouterr().err
    assert "made.npz" in told
    assert len(told.splitlines()) == 1


def test_the_shipped_classifier_knows_the_labels_that_the_shipped_rules_ask() -> None:
    shipped = load_classifier(loading.shipped_rules() / loading.CLASSIFIER)
    assert shipped.labels == CATEGORIES
