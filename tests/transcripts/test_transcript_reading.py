"""What the formats know beyond the text: times of words, speakers, lines, doubt."""

import json
from pathlib import Path

import pytest

from streamcheck.errors import TranscriptError
from streamcheck.events import Utterance, Word
from streamcheck.transcripts import is_transcript, parse_transcript, read_transcript
from tests.transcripts.transcript_files import ASS, LIT, ROLLING, SAID, SRT, VTT, WHISPER_CPP, WHISPERX, dumped


def read(text: str, name: str) -> list[Utterance]:
    return parse_transcript(text.encode(), name)


def times(one: Utterance) -> list[tuple[str, float | None, float | None]]:
    return [(word.text, word.start, word.end) for word in one.words]


def test_words_share_a_cue_by_their_letters() -> None:
    (one,) = read("1\n00:00:10,000 --> 00:00:11,000\nда, дорогие\n", "a.srt")
    assert times(one) == [("да,", 10.0, 10.333), ("дорогие", 10.333, 11.0)]


def test_inline_times_of_webvtt_are_the_times_of_words() -> None:
    second = read(ROLLING, "a.vtt")[1]
    assert [start for _, start, _ in times(second)] == pytest.approx([3.5 + 0.3 * n for n in range(6)])


def test_a_word_cut_by_an_inline_time_stays_whole() -> None:
    (one,) = read("WEBVTT\n\n00:01.000 --> 00:03.000\nна 200<00:01.500>%<00:02.000> точно\n", "a.vtt")
    assert one.text == "на 200% точно"
    assert one.words[2].start == 2.0


def test_lit_words_give_their_times_and_the_sentence_once() -> None:
    first = read(LIT, "a.srt")[0]
    assert times(first)[1] == ("утро,", 1.333, 2.167)


@pytest.mark.parametrize(("text", "name"), [(SRT, "a.srt"), (VTT, "a.vtt"), (LIT, "a.srt")])
def test_cues_know_their_line_in_the_file(text: str, name: str) -> None:
    lines = text.split("\n")
    for one in read(text, name):
        assert one.line is not None
        assert one.words[0].text in lines[one.line - 1]


def test_links_of_a_script_show_their_addresses() -> None:
    (one,) = read("Пишите [сюда](https://t.me/shop), <a@b.kz> и на [x.kz](https://x.kz).\n", "a.md")
    assert one.text == "Пишите сюда https://t.me/shop , a@b.kz и на x.kz https://x.kz ."


def test_a_hard_wrapped_paragraph_is_one_utterance_on_its_first_line() -> None:
    first, second = read("# Эфир\n\nсамая\nнизкая\nцена\n", "a.md")
    assert (first.text, first.line, second.text, second.line) == ("Эфир", 1, "самая низкая цена", 3)


def test_cells_of_a_script_stay_on_their_line() -> None:
    rows = read("| Товар | Текст |\n|---|---|\n| Чайник | самый **лучший** |\n", "a.md")
    assert [(one.text, one.line) for one in rows] == [("Товар Текст", 1), ("Чайник самый лучший", 3)]


def test_voices_and_actors_are_speakers() -> None:
    assert {one.speaker for one in read(VTT, "a.vtt") + read(ASS, "a.ass")} == {"Ирина"}
    assert {one.speaker for one in read(dumped(WHISPERX), "a.json")} == {"SPEAKER_00"}


def test_two_voices_in_a_cue_are_two_utterances_in_its_time() -> None:
    cue = "WEBVTT\n\n00:00.000 --> 00:04.000\n<v Ирина>Сколько?</v>\n<v Олег>Три тысячи</v>\n"
    asked, answered = read(cue, "a.vtt")
    assert (asked.speaker, asked.text, answered.speaker, answered.text) == ("Ирина", "Сколько?", "Олег", "Три тысячи")
    assert asked.start == 0.0
    assert asked.end == answered.start
    assert answered.end == 4.0


def test_whisper_cpp_tokens_become_words_with_their_probability() -> None:
    first = read(dumped(WHISPER_CPP), "a.json")[0]
    assert first.words[1] == Word("утро,", 1.333, 2.167, 0.8)


def test_pieces_without_a_blank_belong_to_the_word_before() -> None:
    pieces = [(" кое", 0.0, 0.2), ("-что", 0.2, 0.4), (" есть", 0.5, 0.9)]
    words = [{"word": word, "start": a, "end": b, "probability": 0.5} for word, a, b in pieces]
    (one,) = read(dumped({"segments": [{"start": 0, "end": 1, "text": " кое-что есть", "words": words}]}), "a.json")
    assert times(one) == [("кое-что", 0.0, 0.4), ("есть", 0.5, 0.9)]
    assert one.words[0].probability == 0.5


def test_a_word_without_times_fills_the_gap_between_its_neighbours() -> None:
    words = [{"word": "за", "start": 0.0, "end": 0.2}, {"word": "2990"}, {"word": "рублей", "start": 1.0, "end": 1.5}]
    (one,) = read(dumped({"segments": [{"start": 0, "end": 2, "text": "за 2990 рублей", "words": words}]}), "a.json")
    assert times(one)[1] == ("2990", 0.2, 1.0)


def test_the_text_counts_where_the_words_hold_less() -> None:
    words = [{"word": "пишите", "start": 0.0, "end": 0.5}]
    (one,) = read(dumped({"segments": [{"start": 0, "end": 2, "text": "пишите в вотсап", "words": words}]}), "a.json")
    assert one.text == "пишите в вотсап"
    assert one.words[-1].end == 2.0


def test_untimed_utterances_know_their_lines() -> None:
    assert [one.line for one in read("первая\n\nтретья\n", "a.txt")] == [1, 3]
    assert [one.line for one in read('\n{"id": "d1", "text": "вторая"}\n', "a.jsonl")] == [2]
    assert [one.line for one in read("text\nвторая\n", "a.csv")] == [2]


@pytest.mark.parametrize(
    "speech", ["12:30 розыгрыш\n", "10:00 открываемся\n12:30 розыгрыш\n", "цена 10:15\n", "1:0 в нашу пользу\n"]
)
def test_times_of_day_in_speech_are_speech(speech: str) -> None:
    assert "\n".join(one.text for one in read(speech, "a.txt")) + "\n" == speech
    assert all(one.start is None for one in read(speech, "a.txt"))


def test_a_stamped_line_ends_when_its_words_do_not_when_the_next_begins() -> None:
    first, second = read("[00:00] Привет всем\n[10:00] Пока\n", "a.txt")
    assert first.end == pytest.approx(11 / 7, abs=0.001)
    assert second.start == 600.0


def test_milliseconds_and_seconds_are_told_apart_by_the_speed_of_speech() -> None:
    in_seconds = "start,end,text\n" + "".join(f"{round(a)},{round(b)},{text}\n" for a, b, text in SAID)
    assert read(in_seconds, "a.csv")[2].start == 8.0


def test_cues_out_of_order_are_put_in_order() -> None:
    late_first = "00:00:09,000 --> 00:00:10,000\nвторая\n\n00:00:01,000 --> 00:00:02,000\nпервая\n"
    assert [one.text for one in read(late_first, "a.srt")] == ["первая", "вторая"]


@pytest.mark.parametrize(
    ("text", "start"),
    [
        (SRT, 0.5),
        (VTT, 0.5),
        (ASS, 0.5),
        (dumped(WHISPERX), 0.5),
        (json.dumps({"text": "привет", "start": 0.5}) + "\n" + json.dumps({"text": "пока", "start": 9}), 0.5),
        ("[00:01] привет\n", 1.0),
        ("просто речь\n", None),
    ],
    ids=["srt", "vtt", "ass", "json", "jsonl", "stamped", "txt"],
)
def test_standard_input_is_told_by_its_text(text: str, start: float | None) -> None:
    assert read(text, "-")[0].start == start


def test_live_text_still_in_doubt_is_not_read() -> None:
    lines = [
        {"type": "transcript", "text": "при", "final": False},
        {"type": "transcript", "text": "привет", "start": 1},
    ]
    assert [one.text for one in read("\n".join(map(json.dumps, lines)), "a.jsonl")] == ["привет"]


def test_damage_that_was_read_around_is_told() -> None:
    notes: list[str] = []
    parse_transcript(b'{"text": "a", "start": 1}\n{"text": "b', "live.jsonl", note=notes.append)
    parse_transcript(dumped(WHISPERX).encode()[:-200], "x.json", note=notes.append)
    assert [note.partition(":")[0] for note in notes] == ["live.jsonl", "x.json"]


@pytest.mark.parametrize("empty", ["WEBVTT\n", '{"segments": []}', "start,end,text\n"], ids=["vtt", "json", "csv"])
def test_a_transcript_of_silence_is_no_error(empty: str) -> None:
    name = {"W": "a.vtt", "{": "a.json", "s": "a.csv"}[empty[0]]
    assert read(empty, name) == []


@pytest.mark.parametrize("name", ["absent.srt", "folder.srt"])
def test_what_cannot_be_opened_is_refused_in_one_line(name: str, tmp_path: Path) -> None:
    (tmp_path / "folder.srt").mkdir()
    with pytest.raises(TranscriptError, match=name) as refusal:
        read_transcript(tmp_path / name)
    assert "\n" not in str(refusal.value)


def test_names_that_are_transcripts() -> None:
    names = ["a.SRT", "b.jsonl", "эфир.txt", "c.mp4", "d.wav", "e"]
    assert [is_transcript(Path(name)) for name in names] == [True, True, True, False, False, False]
