from streamcheck.events import Status
from streamcheck.overlay.board import Board
from tests.overlay.events import finding, hypothesis


def test_a_later_pass_takes_the_place_of_an_earlier_one() -> None:
    board = Board()
    board.hear(hypothesis("самый луч", stable=1, final=False))
    board.hear(hypothesis("а это другое", number=1, start=5.0))
    board.hear(hypothesis("самый лучший халат"))
    assert [" ".join(word.text for word in line.words) for line in board.lines] == [
        "самый лучший халат",
        "а это другое",
    ]
    assert board.lines[0].stable == 3


def test_counts_follow_confirmed_findings_only() -> None:
    board = Board()
    board.find(finding(state="tentative"))
    assert board.counts.total() == 0
    board.find(finding(state="confirmed"))
    assert board.counts["superlative"] == 1
    board.find(finding(state="withdrawn"))
    assert board.counts.total() == board.severities.total() == 0


def test_repeats_of_one_phrase_are_folded() -> None:
    board = Board()
    board.find(finding("самый лучший", id="1"))
    board.find(finding("пишите в вотсап", id="2", category="contact"))
    board.find(finding("Самый лучший!", id="3", start=9.0, end=10.0))
    assert [card.standing for card in board.cards] == [1, 2]
    newest = board.newest()
    assert newest is not None
    assert newest.finding.id == "3"
    assert board.counts == {"superlative": 2, "contact": 1}


def test_an_update_neither_moves_nor_repeats_a_card() -> None:
    board = Board()
    board.find(finding(id="1", state="tentative"))
    board.find(finding("пишите в вотсап", id="2", category="contact", state="tentative"))
    board.find(finding(id="1"))
    newest = board.newest()
    assert newest is not None
    assert newest.finding.id == "2"
    assert len(board.cards) == 2


def test_a_withdrawn_card_stays_a_moment_then_gives_way() -> None:
    board = Board()
    board.find(finding(id="1"))
    board.find(finding("пишите в вотсап", id="2", category="contact", state="tentative", emitted=10.0))
    board.find(finding("пишите в вотсап", id="2", category="contact", state="withdrawn", emitted=11.0))
    board.status = Status("listening", received=12.0)
    newest = board.newest()
    assert newest is not None
    assert (newest.finding.id, newest.state) == ("2", "withdrawn")
    board.status = Status("listening", received=20.0)
    newest = board.newest()
    assert newest is not None
    assert newest.finding.id == "1"


def test_supported_and_ignored_findings_are_no_alarm() -> None:
    board = Board()
    board.find(finding(id="1", state="supported"))
    board.find(finding("иное", id="2", ignored="решено"))
    assert board.newest() is None
    assert len(board.cards) == 1
    assert board.counts.total() == 0


def test_marks_find_the_quote_nearest_to_its_time() -> None:
    board = Board()
    line = hypothesis("лучший чайник, да, Лучший чайник", start=0.0)
    board.hear(line)
    board.find(finding("лучший чайник", start=1.5, end=2.4))
    assert sorted(board.marks(board.lines[0])) == [3, 4]


def test_marks_fall_back_on_times_and_leave_other_lines_alone() -> None:
    board = Board()
    board.hear(hypothesis("восемь семьсот один", start=0.0))
    board.hear(hypothesis("совсем другое", number=1, start=60.0))
    board.find(finding("8 701", start=0.5, end=1.4))
    assert sorted(board.marks(board.lines[0])) == [1, 2]
    assert board.marks(board.lines[1]) == {}


def test_memory_stays_bounded_over_a_long_day() -> None:
    board = Board()
    for number in range(1000):
        board.hear(hypothesis("слово", number=number, start=number * 5.0))
        board.find(finding(f"слово{number}", id=str(number), start=number * 5.0, end=number * 5.0 + 1))
    assert len(board.lines) <= 100
    assert len(board.cards) <= 200
    assert len(board._card_of) <= 200
    assert board.counts["superlative"] == 1000
