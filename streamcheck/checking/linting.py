"""What the schema lets pass but an author should look at: thin tests, silent gaps, texts that do not fit."""

from collections.abc import Iterator

import regex

from streamcheck.checking.ruleset import CompiledRule, RuleSet
from streamcheck.checking.selftest import read_case
from streamcheck.i18n import text

TEMPLATE = """\
pack: {pack}
title: Мои правила

sources:
  own: {{title: "Внутренние правила магазина"}}

rules:
  - id: {id}
    title: Короткое название
    category: {category}
    severity: warning
    status: draft            # draft не тревожит; stable, когда примеры проходят
    any:
      - lemmas: ["пример {{слово|два слова}} ..2 ещё"]
    unless: [negated, quoted]
    message: "«{{match}}»: что не так, одним предложением."
    advice:
      say: Что сделать сейчас.
      instead: []
    why: Два-три предложения о том, почему так говорить нельзя и чем это грозит.
    source: own
    tests:
      - здесь [пример слово ещё] должно найтись
      - а здесь должно быть тихо
"""

_PLACEHOLDER = regex.compile(r"\{([^{}]*)\}")
_KNOWN_PLACEHOLDERS = {"match", "canonical", "near", "said", "card", "attribute", "product", "seconds", "count"}


def lint_rules(rules: RuleSet) -> list[str]:
    """One line for each remark, by rule."""
    found: list[str] = []
    for rule in rules.rules:
        found.extend(f"{rule.name}: {remark}" for remark in _remarks(rule))
    used = {key for rule in rules.rules for key in rule.spec.source}
    for pack, _ in rules.sources.packs.values():
        for key in pack.sources:
            if key not in used:
                found.append(f"{pack.pack}: " + text("checking.lint-unused-source", name=key))
    return found


def _remarks(rule: CompiledRule) -> Iterator[str]:
    spec = rule.spec
    for part in _PLACEHOLDER.findall(spec.message):
        if part not in _KNOWN_PLACEHOLDERS:
            yield text("checking.lint-placeholder", name=part)
    cases = [read_case(case)[1] for case in spec.tests]
    fires, silent = sum(map(bool, cases)), sum(not wanted for wanted in cases)
    if spec.status == "stable" and (fires < 2 or silent < 2):
        yield text("checking.lint-thin", fires=fires, silent=silent)
    if not spec.advice.instead and spec.category not in ("profanity", "distraction"):
        yield text("checking.lint-no-instead")
    if len(spec.why.split()) < 6:
        yield text("checking.lint-why")
    if spec.status == "retired" and not spec.replaced_by:
        yield text("checking.lint-retired")
