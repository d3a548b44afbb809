"""National plans and check digits: which digits are a phone, a personal number, a bank card."""

from functools import lru_cache

PHONE_DIGITS = 11
"""Digits of a Russian or Kazakh phone with its leading 7 or 8."""


@lru_cache(maxsize=4096)
def is_national(digits: str) -> bool:
    """Whether 11 digits are a phone by the plan of Russia or Kazakhstan (Google's libphonenumber)."""
    if len(digits) != PHONE_DIGITS or digits[0] not in "78" or digits[1] not in "345789" or len(set(digits[1:])) == 1:
        return False
    return is_international("7" + digits[1:])


@lru_cache(maxsize=4096)
def is_international(digits: str) -> bool:
    """Whether digits with a plus before them are a phone of any country."""
    import phonenumbers

    try:
        return bool(phonenumbers.is_valid_number(phonenumbers.parse("+" + digits)))
    except phonenumbers.NumberParseException:
        return False


def is_iin(digits: str) -> bool:
    """Whether 12 digits are a Kazakh personal number: a birth date, a century digit and the check digit.

    The check digit: the government's resolution of 11 June 2003 no. 565; weights 1…11, and 3…11, 1, 2 where the
    first sum gives 10.
    """
    if len(digits) != 12 or not digits.isascii() or digits[6] not in "123456":
        return False
    if not (1 <= int(digits[2:4]) <= 12 and 1 <= int(digits[4:6]) <= 31):
        return False
    numbers = [int(digit) for digit in digits]
    ascending = list(range(1, 12))
    for weights in (ascending, ascending[2:] + ascending[:2]):
        rest = sum(weight * number for weight, number in zip(weights, numbers, strict=False)) % 11
        if rest < 10:
            return rest == numbers[11]
    return False


def is_card(digits: str) -> bool:
    """Whether 16 digits are a bank card's: a network's first digit and Luhn's check digit."""
    from stdnum import luhn

    return bool(len(digits) == 16 and digits[0] in "23456" and luhn.is_valid(digits))
