import pytest

from streamcheck.events import Word
from streamcheck.speech.phantom import compression, is_looping, remove_phantoms, without_loop


def left(text: str, *, doubtful: bool = False) -> str:
    return " ".join(word.text for word in remove_phantoms([Word(said) for said in text.split()], doubtful=doubtful))


@pytest.mark.parametrize(
    "text",
    [
        "Редактор субтитров А.Синецкая Корректор А.Егорова",
        "Редактор субтитров А. Семкин Корректор А. Егорова",
        "Субтитры сделал DimaTorzok",
        "Субтитры создавал DimaTorzok",
        "Субтитры делал Дима Торжок",
        "Субтитры подготовила Иванова И.",
        "Субтитры подогнал «Симон»!",
        "Субтитры предоставлены сообществом Amara.org",
        "Subtitles by the Amara.org community",
        "ДИНАМИЧНАЯ МУЗЫКА",
        "МУЗЫКАЛЬНАЯ ЗАСТАВКА",
        "АПЛОДИСМЕНТЫ",
        "СТУК В ДВЕРЬ",
        "[музыка]",
        "♪♪♪",
        "you",
        "Thank you.",
        "Субтитры",
    ],
)
def test_what_nobody_says_goes_anywhere(text: str) -> None:
    assert left(text) == ""
    assert left(f"Чайник стоит три тысячи. {text}").startswith("Чайник стоит три тысячи.")


@pytest.mark.parametrize(
    "text",
    [
        "Включи субтитры к этому видео",
        "И продолжение следует завтра",
        "Редактор А.Иванов проверил описание",
        "Корректор фигуры из плотной ткани",
        "Сделано в США, ГОСТ и ОТК",
        "А В ПОДАРОК НОСКИ",
        "Музыка из этой колонки играет громко",
        "Аплодисменты нашему Олегу!",
    ],
)
def test_what_a_host_says_stays(text: str) -> None:
    assert left(text) == text
    assert left(text, doubtful=True) == text


def test_credits_go_from_the_end_of_a_true_line() -> None:
    assert left("Беру два. Субтитры сделал DimaTorzok") == "Беру два."
    assert left("АПЛОДИСМЕНТЫ Здравствуйте, друзья") == "Здравствуйте, друзья"


@pytest.mark.parametrize(
    "text",
    ["Продолжение следует...", "Спасибо за просмотр!", "Подписывайтесь на наш канал", "До новых встреч!", "Всем пока."],
)
def test_farewells_go_only_where_the_sound_is_doubtful(text: str) -> None:
    assert left(text) == text
    assert left(text, doubtful=True) == ""
    assert left(f"Друзья, {text}", doubtful=True) == f"Друзья, {text}"


@pytest.mark.parametrize("text", ["да да да да", "очень-очень вкусно", "раз два три, раз два три", "тысяча тысяча"])
def test_a_speaker_may_say_it_again(text: str) -> None:
    assert not is_looping(text)
    assert " ".join(word.text for word in without_loop([Word(said) for said in text.split()])) == text


@pytest.mark.parametrize(
    ("text", "once"),
    [
        ("и тебе и тебе и тебе", "и тебе"),
        ("ну сегодня у нас чайник У нас, чайник у нас чайник", "ну сегодня у нас чайник"),
        ("да да да да да", "да"),
        ("а потом раз раз раз раз раз раз и всё", "а потом раз и всё"),
    ],
)
def test_a_loop_is_known_and_cut_down(text: str, once: str) -> None:
    assert is_looping(text)
    assert " ".join(word.text for word in without_loop([Word(said) for said in text.split()])) == once


def test_much_compressible_text_loops() -> None:
    assert is_looping("ахаха" * 40)
    assert compression("") == 0.0
    assert compression("Сегодня разберём электрический чайник и термос") < 1.2
