"""The shape of rule files: what keys there are, what each holds. The JSON Schema for editors comes from here.

The anatomy of a rule follows Vale, Semgrep, Sigma and medspaCy's ConText: a rule cites its source, says what to say
instead, explains itself and carries its own tests.
"""

from datetime import date
from typing import Annotated, Any, Literal, get_args

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from streamcheck.events import Severity
from streamcheck.i18n import text

Category = Literal[
    "superlative", "misleading", "contact", "link", "marketplace", "deal", "personal-data", "reviews",
    "profanity", "rudeness", "disparagement", "pressure", "ignoring", "distraction", "literacy",
]  # fmt: skip
CATEGORIES: tuple[Category, ...] = get_args(Category)
MATCHER_KINDS = (
    "words", "lemmas", "degree", "regex", "profane", "number", "address", "name", "density", "silence", "product",
    "like",
)  # fmt: skip


def _as_list(value: Any) -> Any:
    return [value] if isinstance(value, str | dict) else value


Patterns = Annotated[list[str], BeforeValidator(_as_list), Field(min_length=1)]
RuleId = Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=60)]


class Strict(BaseModel):
    """No key that the schema does not know."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)


class Near(Strict):
    """What must stand near a match: patterns within so many words or seconds, on one side or either."""

    lemmas: Patterns | None = None
    words: Patterns | None = None
    within: int | None = Field(None, ge=1, le=60)
    seconds: float | None = Field(None, gt=0, le=60)
    side: Literal["before", "after", "either"] = "either"

    @model_validator(mode="after")
    def _one_kind(self) -> "Near":
        if (self.lemmas is None) == (self.words is None):
            raise ValueError(text("checking.near-kind"))
        return self


class Guard(Strict):
    """What takes a match back. A trigger `before`, `after` or `around` it within `scope` words, or a phrase `over` it;
    or that the classifier gives its sentence a probability below `unlike` of being what the rule says.

    `stop` words between trigger and match end the guard's reach; a trigger inside a `pseudo` phrase does not count.
    `turns` lowers the severity one step instead of dropping; `crosses` lets it reach over a sentence's end.
    """

    before: Patterns | None = None
    after: Patterns | None = None
    around: Patterns | None = None
    over: Patterns | None = None
    quotation: bool = False
    unlike: float | None = Field(None, gt=0, lt=1)
    scope: int = Field(6, ge=0, le=40)
    stop: Patterns | None = None
    pseudo: Patterns | None = None
    turns: Literal["lower"] | None = None
    crosses: bool = False
    rule: str | None = None


class Profane(Strict):
    """Names of obscene `words` and of `roots`: expressions for words that the dictionary does not know."""

    words: str
    roots: str


class Density(Strict):
    """More than `max` words of a list in a stretch of `window` words."""

    words: str
    window: int = Field(30, ge=5, le=500)
    max: int = Field(ge=1)


class Silence(Strict):
    """A pause between words that is longer than so many seconds."""

    longer: float = Field(gt=0)


class Like(Strict):
    """Speech like the examples of a breach: the classifier gives it a probability of `least` or more.

    With `lasts`, a breach of that category goes on through the sentences beside it that have this probability; with
    `until`, a list of turns with which the host comes back to the show, also as long as it is likelier than not
    together with the next sentence, up to one that begins with such a turn.
    """

    label: Category
    least: float = Field(gt=0, lt=1)
    lasts: float | None = Field(default=None, gt=0, lt=1)
    until: str | None = None

    @model_validator(mode="after")
    def _until_it_lasts(self) -> "Like":
        if self.until is not None and self.lasts is None:
            raise ValueError(text("checking.until-without-lasts"))
        return self


class Matcher(Strict):
    """One way to match: exactly one kind, with its own `near` and `unless` besides the rule's."""

    words: Patterns | None = None
    lemmas: Patterns | None = None
    degree: Literal["superlative", "comparative"] | None = None
    regex: str | None = None
    profane: Profane | None = None
    number: Literal["phone", "card", "iin", "short-code"] | None = None
    address: Literal["any", "email", "handle", "domain", "url"] | None = None
    name: str | None = None
    density: Density | None = None
    silence: Silence | None = None
    product: Literal["figure", "price", "text"] | None = None
    like: Like | None = None
    near: Annotated[list[Near], BeforeValidator(_as_list)] = []
    unless: list[str | Guard] = []
    language: Literal["ru", "kk", "en", "any"] | None = None

    @model_validator(mode="after")
    def _one_kind(self) -> "Matcher":
        kinds = [kind for kind in MATCHER_KINDS if getattr(self, kind) is not None]
        if len(kinds) != 1:
            raise ValueError(text("checking.matcher-kind", kinds=", ".join(MATCHER_KINDS)))
        return self

    @property
    def kind(self) -> str:
        """Which of `MATCHER_KINDS` it is."""
        return next(kind for kind in MATCHER_KINDS if getattr(self, kind) is not None)


class Advice(Strict):
    """What to do now, and what to say instead; the rewordings are checked against the rules themselves."""

    say: str
    instead: Annotated[list[str], BeforeValidator(_as_list)] = []


class Case(Strict):
    """A test of a rule: what is said (a list: one item an utterance) and what must be found."""

    say: Annotated[list[str], BeforeValidator(_as_list), Field(min_length=1)]
    want: str = "nothing"
    severity: Severity | None = None
    platform: str | None = None
    evidence: list[dict[str, Any]] = []
    products: list[dict[str, Any]] = []
    state: Literal["confirmed", "supported"] | None = None
    times: Annotated[list[list[float]], Field(description="start and end of each utterance, seconds")] | None = None
    todo: str | None = None


class Rule(Strict):
    """One rule of a pack."""

    id: RuleId
    title: str = Field(max_length=60)
    category: Category
    severity: Severity = "violation"
    status: Literal["draft", "stable", "retired"] = "stable"
    replaced_by: str | None = None
    language: Literal["ru", "kk", "en", "any"] = "ru"
    platforms: list[str] | None = None
    any: list[Matcher] = Field(min_length=1)
    near: Annotated[list[Near], BeforeValidator(_as_list)] = []
    unless: list[str | Guard] = []
    evidence: str | None = Field(None, description="topic under which the evidence register may back the claim")
    message: str
    advice: Advice
    why: str
    source: Annotated[list[str], BeforeValidator(_as_list), Field(min_length=1)]
    known_false: list[str] = []
    confidence: Literal["high", "medium", "low"] = "high"
    tests: list[str | Case] = []


class SourceText(Strict):
    """A document that a rule rests on."""

    title: str
    url: str | None = None
    checked: date | None = None


class Pack(Strict):
    """A file of rules."""

    pack: str
    title: str = ""
    sources: dict[str, SourceText] = {}
    unless: Annotated[list[str | Guard], Field(description="guards of all its rules")] = []
    rules: list[Rule] = []


class Override(Strict):
    """What a platform changes in a rule."""

    severity: Severity | None = None
    source: Annotated[list[str], BeforeValidator(_as_list)] = []
    evidence: bool = Field(True, description="false where no proof excuses the claim on this platform")
    off: bool = False


class Platform(Strict):
    """A platform's profile: its own names are never "another marketplace", its own domains never a foreign site."""

    platform: str
    title: str
    country: Literal["kz", "ru"] | None = None
    own_names: list[str] = []
    allowed_domains: list[str] = []
    override: dict[str, Override] = {}
    sources: dict[str, SourceText] = {}


class Lists(Strict):
    """Named lists of patterns, lists of names (canonical name: how people say it), named guards.

    `words` and `roots` are plain words and regular expressions for the matchers that look for themselves: no patterns
    come of them, and what was misheard is never read as one of them.
    """

    lists: dict[str, list[str] | dict[str, list[str]]] = {}
    words: dict[str, list[str]] = {}
    roots: dict[str, list[str]] = {}
    guards: dict[str, Guard] = {}
    language: Literal["ru", "kk", "en", "any"] = "ru"


class Ignore(Strict):
    """A finding that a person has judged: by rule or by fingerprint, with a reason."""

    rule: str | None = None
    fingerprint: str | None = None
    reason: str = Field(min_length=3)
    until: date | None = None

    @model_validator(mode="after")
    def _one_kind(self) -> "Ignore":
        if (self.rule is None) == (self.fingerprint is None):
            raise ValueError(text("checking.ignore-kind"))
        return self


class Shop(Strict):
    """What a shop says of itself: its own names, which never break a rule, and findings to ignore."""

    vocabulary: list[str] = []
    ignore: list[Ignore] = []
