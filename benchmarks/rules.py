"""How fast and how right the checker is, beside what else there is; prints ratios.

    python benchmarks/rules.py [--words 200000] [--labelled FILE.jsonl …]

1. Words a second on one core over a long transcript with all packs (loading and first sight of each spelling apart).
2. The same with ten times the rules: nine more copies whose words are turned into words that nobody says (matchers
   without words, such as degree and number, are left out of the copies: there they would be the same rule again).
3. The cost of a live update early in a broadcast and after ten thousand utterances.
4. The slowest live update on hostile text: 20,000 repeats of one thing, in pieces as a recogniser would bring them.
5. Profanity beside other packages (`pip install "streamcheck[bench]"`): recall, false flags, speed, on labelled
   utterances (`{"text", "spans": [{"category"}]}` a line) where given, else on the shipped rules' own tests.

The text is that of `samples/clean` and of the rules' own test sentences, shuffled with a fixed seed.
"""

import argparse
import json
import random
import re
import time
from collections.abc import Callable, Iterator
from datetime import date
from functools import partial
from pathlib import Path
from statistics import median

from streamcheck.checking import Checker, RuleSet, StreamChecker, load_rules
from streamcheck.checking.collection import without_collection
from streamcheck.checking.loading import choose_platform, clean_samples, read_shop, read_sources
from streamcheck.checking.ruleset import Compiler
from streamcheck.checking.selftest import read_case
from streamcheck.events import Hypothesis, Utterance, Word

PLATFORM = "kaspi"
ROUNDS = 7
CLEAN_SHARE = 0.8
"""How much of the text is clean talk: a host breaks a rule now and then, not in every sentence."""
HOSTILE = (
    "а ",
    "самый ",
    "8 ",
    "пишите в ",
    "ну ",
    "вотсап ",
    "не ",
    "собака точка ",
    "б*я ",
    "самый лучший на рынке ",
)


def sentences(rules: RuleSet) -> tuple[list[str], list[str]]:
    """What the text is made of: lines of clean talk, and the test sentences of all rules."""
    clean: list[str] = []
    folder = clean_samples()
    if folder is not None:
        for path in sorted(folder.glob("*.txt")):
            clean.extend(line for line in path.read_text(encoding="utf-8").splitlines() if line.strip())
    tested = []
    for rule in rules.rules:
        for case in rule.spec.tests:
            tested.extend(read_case(case)[0].say)
    return clean or tested, tested


def transcript(lines: tuple[list[str], list[str]], words: int) -> list[Utterance]:
    """A transcript of about so many words, in a fixed random order, 0.4 s a word."""
    chooser = random.Random(7)
    found: list[Utterance] = []
    at, count = 0.0, 0
    while count < words:
        parts = chooser.choice(lines[chooser.random() > CLEAN_SHARE]).split()
        timed = tuple(Word(part, at + 0.4 * n, at + 0.4 * n + 0.35) for n, part in enumerate(parts))
        found.append(Utterance(timed, at, timed[-1].end))
        at += 0.4 * len(parts) + 0.5
        count += len(parts)
    return found


def each_once(lines: tuple[list[str], list[str]]) -> list[Utterance]:
    """Every line, so that none of its words is met for the first time afterwards."""
    return [
        Utterance(tuple(map(Word, line.split())), line=number) for number, line in enumerate([*lines[0], *lines[1]])
    ]


def processor_seconds(work: Callable[[], object]) -> float:
    """Processor time of one call."""
    began = time.process_time()
    work()
    return time.process_time() - began


def ten_times_the_rules() -> RuleSet:
    """The shipped rules and nine copies of each pack and list with other words in their place."""
    sources = read_sources()
    for turn in range(1, 10):
        for name, source in list(sources.lists.items()):
            if "-x" not in name:
                entries = [(canonical, _turned(entry, turn)) for canonical, entry in source.entries]
                sources.lists[f"{name}-x{turn}"] = type(source)(entries, source.language, source.file, source.at, False)
        for name, (pack, file) in list(sources.packs.items()):
            if "-x" not in name:
                copy = pack.model_dump(mode="json", exclude_none=True, exclude_defaults=True)
                for rule in copy.get("rules", ()):
                    rule["any"] = [one for one in rule["any"] if "lemmas" in one or "words" in one]
                    rule["id"] += f"-{turn}"
                    for key in ("any", "near", "unless"):
                        rule[key] = json.loads(_turned(json.dumps(rule.get(key, []), ensure_ascii=False), turn))
                    rule.pop("tests", None)
                copy["rules"] = [rule for rule in copy.get("rules", ()) if rule["any"]]
                copy["pack"] = f"{name}-x{turn}"
                sources.packs[copy["pack"]] = (type(pack).model_validate(copy), file)
    return Compiler(sources, choose_platform(sources, PLATFORM), read_shop(None), date.today()).compile()


def _turned(text: str, turn: int) -> str:
    text = re.sub(r"[^\W\d_a-zA-Z]+", lambda match: f"{match.group()}щъ{'абвгдежзи'[turn - 1]}", text)
    return re.sub(
        r"@([\w-]+)", lambda match: match.group() if match[1] == "own-platform" else f"@{match[1]}-x{turn}", text
    )


def hypotheses(utterance: Utterance, number: int) -> Iterator[Hypothesis]:
    """The passes that a recogniser would make over an utterance: every three words, then the end."""
    words = utterance.words
    for size in range(3, len(words), 3):
        end = words[size - 1].end or 0.0
        yield Hypothesis(number, words[:size], size - 3, False, end, end)
    end = words[-1].end or 0.0
    yield Hypothesis(number, words, len(words), True, end, end)


def update_times(checker: Checker, utterances: list[Utterance]) -> list[float]:
    """Processor seconds of every live update over a broadcast."""
    stream = StreamChecker(checker)
    times = []
    for number, utterance in enumerate(utterances):
        for hypothesis in hypotheses(utterance, number):
            times.append(processor_seconds(partial(stream.update, hypothesis, hypothesis.heard_to)))
    return times


def slowest_hostile(checker: Checker) -> tuple[float, str]:
    """The slowest update when somebody says one thing 20,000 times, in utterances of 25 words."""
    worst = (0.0, "")
    for sample in HOSTILE:
        parts = (sample * 20_000).split()[:20_000]
        utterances = transcript_of([parts[at : at + 25] for at in range(0, 1000, 25)])
        worst = max(worst, (max(update_times(checker, utterances)), sample))
        whole = Hypothesis(0, tuple(Word(part, 0.0, 0.1) for part in parts), len(parts), False, 0.1, 0.1)
        bounded = Hypothesis(0, whole.words[:400], 400, False, 0.1, 0.1)
        stream = StreamChecker(checker)
        worst = max(worst, (processor_seconds(partial(stream.update, bounded, 0.1)), sample + "x400"))
    return worst


def transcript_of(lines: list[list[str]]) -> list[Utterance]:
    """Utterances of these words, 0.4 s each."""
    found, at = [], 0.0
    for parts in lines:
        words = tuple(Word(part, at + 0.4 * n, at + 0.4 * n + 0.35) for n, part in enumerate(parts))
        found.append(Utterance(words, at, words[-1].end))
        at += 0.4 * len(parts) + 0.5
    return found


def labelled(paths: list[Path], rules: RuleSet) -> list[tuple[str, bool]]:
    """Sentences and whether they hold profanity."""
    found = []
    for path in paths:
        for line in path.read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            found.append((row["text"], any(span["category"] == "profanity" for span in row["spans"])))
    if not found:
        for rule in rules.rules:
            for case in rule.spec.tests:
                full, wanted = read_case(case)
                found.append((" ".join(full.say), bool(wanted) and rule.spec.category == "profanity"))
    return found


def profanity_alone() -> RuleSet:
    """The rules that look for profanity, which is all that the others look for."""
    sources = read_sources()
    for name, (pack, file) in sources.packs.items():
        rules = [rule for rule in pack.rules if rule.category == "profanity"]
        sources.packs[name] = pack.model_copy(update={"rules": rules}), file
    for name, (platform, file) in sources.platforms.items():
        sources.platforms[name] = platform.model_copy(update={"override": {}}), file  # of rules that are gone
    return Compiler(sources, choose_platform(sources, PLATFORM), read_shop(None), date.today()).compile()


def judged_by(checker: Checker) -> "Judge":
    """Whether a sentence holds profanity, by a rule set."""

    def judge(text: str) -> bool:
        words = text.split()
        if checker.is_harmless(words):
            return False
        found = checker.candidates(checker.read([Utterance(tuple(map(Word, words)))]))
        return any(checker.rules.rules[one.rule].spec.category == "profanity" for one in found)

    return judge


Judge = Callable[[str], bool]


def _glin() -> Judge:
    from glin_profanity import Filter

    judge: Judge = Filter({"languages": ["russian", "english"], "detect_leetspeak": True}).is_profane
    return judge


def _detected() -> Judge:
    from detected_profanity import contains_profanity

    judge: Judge = contains_profanity
    return judge


def _badwords_py() -> Judge:
    from badwords import ProfanityFilter

    lists = ProfanityFilter()
    lists.init(languages=["ru", "en"])
    judge: Judge = lists.is_profane
    return judge


def _obscene() -> Judge:
    from obscene_words_filter.default import get_default_filter

    judge = get_default_filter()
    return lambda text: any(judge.find_bad_word_matches_without_good_words(text))


def _notpotty() -> Judge:
    from notpotty import NotPotty

    judge: Judge = NotPotty().sensor
    return judge


def _badwords_r() -> Judge:
    from badwords_r import badwrds

    return lambda text: any(word in badwrds for word in re.findall(r"\w+", text.lower()))


def _badwords_r_as_set() -> Judge:
    from badwords_r import badwrds

    listed = frozenset(badwrds)
    return lambda text: not listed.isdisjoint(re.findall(r"\w+", text.lower()))


PEERS = {
    "glin-profanity": _glin,
    "detected-profanity": _detected,
    "badwords-py (Rust)": _badwords_py,
    "python-obscene-words-filter": _obscene,
    "notpotty": _notpotty,
    "badwords-r (its list)": _badwords_r,
    "(the same as our set)": _badwords_r_as_set,
}
"""What PyPI has for Russian and starts offline. badwords-r is a list of words and no code: looked up as it is, and, to
know what any lookup costs, as a set that we make of it. (check-swear and slaviclean load models from the net.)"""


def judges(checker: Checker) -> dict[str, Judge]:
    """Profanity judges by name: ours, beside all other rules and alone, and those that are installed."""
    found = {
        "streamcheck (all packs)": judged_by(checker),
        "streamcheck (profanity)": judged_by(Checker(profanity_alone())),
    }
    for name, load in PEERS.items():
        try:
            found[name] = load()
        except ImportError:
            print(f"{name} is not installed: left out")
    return found


def compare_profanity(checker: Checker, rows: list[tuple[str, bool]]) -> None:
    """Recall, false flags and words a second of each judge on the same sentences: the first time that it sees them,
    and the median of rounds in which all take turns.
    """
    texts = [text for text, _ in rows]
    words = sum(len(text.split()) for text in texts)
    print(f"profanity on {len(rows)} sentences, {sum(bad for _, bad in rows)} with profanity:")
    print(f"  {'':27} recall  false flags  words/s (at first sight)")
    known = judges(checker)
    verdicts: dict[str, list[bool]] = {name: [] for name in known}
    first = {
        name: processor_seconds(partial(verdicts[name].extend, map(judge, texts))) for name, judge in known.items()
    }
    spent: dict[str, list[float]] = {name: [] for name in known}
    for _ in range(ROUNDS):
        for name, judge in known.items():
            spent[name].append(processor_seconds(partial(list, map(judge, texts))))
    for name, given in verdicts.items():
        hits = sum(verdict and bad for verdict, (_, bad) in zip(given, rows, strict=True))
        false = sum(verdict and not bad for verdict, (_, bad) in zip(given, rows, strict=True))
        recall = hits / max(1, sum(bad for _, bad in rows))
        speed, once = words / median(spent[name]), words / first[name]
        print(f"  {name:27}  {recall:.3f}  {false:11}  {speed:9.0f} ({once:.0f})")


def main() -> None:
    """Run all five measurements and print them."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--words", type=int, default=200_000)
    options.add_argument("--labelled", type=Path, nargs="*", default=[])
    given = options.parse_args()
    rules = load_rules(platform=PLATFORM)
    checker = Checker(rules)
    lines = sentences(rules)
    warm, long = transcript(lines, 30_000) + each_once(lines), transcript(lines, given.words)
    count = sum(len(one.words) for one in long)
    checker.check(warm)
    once = processor_seconds(lambda: checker.check(long))
    print(f"{len(rules.rules)} rules, {count} words: {count / once:.0f} words a second on one core")
    with without_collection(keep=True):  # as rules are loaded: else the next update looks through them for garbage
        many = ten_times_the_rules()
    tenfold = Checker(many)
    tenfold.check(warm)
    more = processor_seconds(lambda: tenfold.check(long))
    print(f"{len(many.rules)} rules: {more / once:.2f} times the time")
    times = update_times(checker, long[:11_000])
    early, late = sum(times[:1000]) / len(times[:1000]), sum(times[-1000:]) / len(times[-1000:])
    print(f"live update: {early * 1e3:.2f} ms early, {late * 1e3:.2f} ms late, ratio {late / early:.2f}")
    slow, sample = slowest_hostile(checker)
    print(f"slowest live update on hostile text: {slow * 1e3:.1f} ms ({sample.strip()!r})")
    compare_profanity(checker, labelled(given.labelled, rules))


if __name__ == "__main__":
    main()
