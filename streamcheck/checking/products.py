"""Product cards: `products.yaml` read strictly, each card's figures understood.

    products:
      - name: Чайник электрический ТД-17
        price: 2990
        currency: RUB
        card: {Объём: "1,7 л", Мощность: 2200 Вт, Корпус: нержавеющая сталь}

JSON is YAML, so a marketplace's export will do. What was said about a product is held against its card in
`contradictions`.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any

import regex
from pydantic import BeforeValidator, Field, field_validator

from streamcheck.checking.schema import Strict
from streamcheck.checking.yamlfile import Problem, YamlFile, load_yaml, near_name, refuse, validate
from streamcheck.events import Word
from streamcheck.i18n import text
from streamcheck.text.morphology import form
from streamcheck.text.quantities import Quantity, quantities
from streamcheck.text.tokens import Token, tokenise

_CURRENCIES = {
    "RUB": "RUB", "RUR": "RUB", "₽": "RUB", "руб": "RUB", "руб.": "RUB", "р.": "RUB", "KZT": "KZT", "₸": "KZT",
    "тг": "KZT", "тенге": "KZT", "USD": "USD", "$": "USD", "EUR": "EUR", "€": "EUR",
}  # fmt: skip
_QUOTED = regex.compile(r"[«“„\"][^«»“”„\"]*[»”“\"]")


def _as_text(value: Any) -> Any:
    """A card's value as its words: numbers and lists are written out, a truth value as yes or no."""
    if isinstance(value, bool):
        return "да" if value else "нет"
    if isinstance(value, list):
        return ", ".join(str(_as_text(item)) for item in value)
    return f"{value:g}" if isinstance(value, float) else str(value) if isinstance(value, int) else value


def _currency(value: Any) -> Any:
    if isinstance(value, str) and value.strip() in _CURRENCIES:
        return _CURRENCIES[value.strip()]
    raise ValueError(
        text("products.unknown-currency", name=value) + near_name(str(value), ("RUB", "KZT", "USD", "EUR"))
    )


class ProductSpec(Strict):
    """One product as its file describes it; the price in whole units of the currency."""

    name: str = Field(min_length=2)
    price: Decimal | None = Field(None, gt=0)
    currency: Annotated[str, BeforeValidator(_currency)] | None = None
    card: dict[str, Annotated[str, BeforeValidator(_as_text)]] = Field(default_factory=dict)

    @field_validator("price", mode="before")
    @classmethod
    def _price(cls, value: Any) -> Any:
        if not isinstance(value, str):
            return value
        found = quantities(_tokens(value))
        if len(found) != 1:
            raise ValueError(text("products.bad-price", price=value))
        return found[0].value


class ProductFile(Strict):
    """The whole of a products file."""

    products: list[ProductSpec] = Field(min_length=1)


@dataclass(frozen=True, slots=True)
class Attribute:
    """One line of a card: the lemmas of its name, of the name's nouns and of its value; what the value measures."""

    name: str
    value: str
    lemmas: frozenset[str]
    nouns: frozenset[str]
    figures: tuple[Quantity, ...]
    value_lemmas: frozenset[str]


@dataclass(frozen=True, slots=True)
class Product:
    """A product with the words that it is known by."""

    name: str
    words: frozenset[str]
    mentions: frozenset[str]
    """Lemmas of every word of the name, the shop's or maker's own among them."""
    figures: tuple[Quantity, ...]
    price: Decimal | None
    currency: str | None
    attributes: tuple[Attribute, ...]

    def figures_of(self, dimension: str | None) -> list[tuple[Attribute | None, Quantity]]:
        """Every figure of a dimension on the card, and those of the name (without an attribute)."""
        found: list[tuple[Attribute | None, Quantity]] = [(None, one) for one in self.figures if _is_of(one, dimension)]
        for attribute in self.attributes:
            found += [(attribute, one) for one in attribute.figures if _is_of(one, dimension)]
        return found


def _is_of(figure: Quantity, dimension: str | None) -> bool:
    return (figure.unit.dimension if figure.unit else None) == dimension


@dataclass(frozen=True, slots=True)
class Catalogue:
    """All products of a shop, and which of them a lemma names."""

    products: tuple[Product, ...]
    by_word: Mapping[str, int]


def read_products(path: Path) -> Catalogue:
    """The catalogue of a products file. Raises RulesError with every problem and its place."""
    file, problems = load_yaml(path)
    if file is None:
        raise refuse(problems)
    content, problems = validate(file, ProductFile)
    if content is None:
        raise refuse(problems)
    if problems := _doubles(file, content):
        raise refuse(problems)
    return catalogue_of(content.products)


def _doubles(file: YamlFile, content: ProductFile) -> list[Problem]:
    counts = Counter(spec.name.casefold() for spec in content.products)
    return [
        file.problem(("products", number, "name"), text("products.twice", name=spec.name))
        for number, spec in enumerate(content.products)
        if counts[spec.name.casefold()] > 1
    ]


def catalogue_of(specs: Iterable[ProductSpec]) -> Catalogue:
    """The catalogue of some products: a word that several of them bear names none."""
    specs = list(specs)
    names = [_name_words(spec.name) for spec in specs]
    heads = Counter(word for nouns, _ in names for word in nouns)
    others = Counter(word for _, rest in names for word in rest)
    products, by_word = [], {}
    for number, (spec, (nouns, rest)) in enumerate(zip(specs, names, strict=True)):
        own = frozenset(word for word in nouns if heads[word] == 1)
        own = own or frozenset(word for word in rest if others[word] == 1)
        by_word.update(dict.fromkeys(own, number))
        attributes = tuple(_attribute(name, value) for name, value in spec.card.items())
        figures = tuple(one for one in quantities(_tokens(spec.name)) if one.unit)
        mentions = frozenset(lemma for token in _tokens(spec.name) for lemma in form(token.text).lemmas)
        products.append(Product(spec.name, own, mentions, figures, spec.price, spec.currency, attributes))
    return Catalogue(tuple(products), by_word)


def _tokens(said: str) -> list[Token]:
    return tokenise([Word(word) for word in said.split()])


def _name_words(name: str) -> tuple[frozenset[str], frozenset[str]]:
    """Lemmas of the nouns that name a product (no quotation, nothing after «для», «с»), and of its other words."""
    nouns: set[str] = set()
    rest: set[str] = set()
    described = counted = False
    for token in _tokens(_QUOTED.sub(" ", name) if _QUOTED.sub("", name).strip() else name):
        parses = form(token.text).parses
        described = described or bool(parses and "PREP" in parses[0].tags)
        if token.text.isalpha() and len(token.text) > 2:
            named = {parse.lemma for parse in parses if {"NOUN", "nomn"} <= parse.tags} if parses else {token.text}
            nouns |= set() if described or counted else named
            rest |= {parse.lemma for parse in parses if parse.tags & {"ADJF", "NOUN"}} | {token.text}
        described = described and token.text != "+" and "," not in token.after
        counted = token.text.isdigit()
    return frozenset(nouns), frozenset(rest)


def _attribute(name: str, value: str) -> Attribute:
    lemmas: set[str] = set()
    nouns: set[str] = set()
    for token in _tokens(name):
        parses = [one for one in form(token.text).parses if one.tags & {"NOUN", "ADJF", "VERB", "INFN", "PRTF", "ADVB"}]
        lemmas |= {one.lemma for one in parses} if parses else {token.text} if len(token.text) > 2 else set()
        if parses and "NOUN" in parses[0].tags:
            nouns.add(parses[0].lemma)
    tokens = _tokens(value)
    said = frozenset(lemma for token in tokens for lemma in form(token.text).lemmas)
    return Attribute(name, value, frozenset(lemmas), frozenset(nouns), tuple(quantities(tokens)), said)


def named_products(catalogue: Catalogue, tokens: Sequence[Token]) -> list[tuple[int, int]]:
    """Where products are named: token and number of the product, in order."""
    found = []
    for i, token in enumerate(tokens):
        for lemma in form(token.text).lemmas:
            if lemma in catalogue.by_word:
                found.append((i, catalogue.by_word[lemma]))
                break
    return found
