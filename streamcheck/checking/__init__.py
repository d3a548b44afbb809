"""Tokens → findings: rule packs, matchers, guards, evidence, product cards, and the engine that runs them."""

from streamcheck.checking.engine import Checker
from streamcheck.checking.ruleset import RuleSet, load_rules
from streamcheck.checking.stream import StreamChecker

__all__ = ["Checker", "RuleSet", "StreamChecker", "load_rules"]
