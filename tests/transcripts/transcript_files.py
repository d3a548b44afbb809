"""Transcripts of one short broadcast in every form that streamcheck reads, whole and damaged, made on the fly.

`WHOLE` holds (bytes, whether timed); `DAMAGED` holds (bytes, the phrases that can still be read) or None where the file
is to be refused.
"""

import io
import json
import random
import zipfile

SAID = (
    (0.5, 3.0, "Доброе утро, друзья!"),
    (3.5, 7.0, "Пишите мне в вотсап, номер 87012345678."),
    (7.5, 11.25, "Это самая низкая цена на рынке."),
)
PHRASES = tuple(text for _, _, text in SAID)


def clock(seconds: float, mark: str = ",") -> str:
    whole, milliseconds = divmod(round(seconds * 1000), 1000)
    return f"{whole // 3600:02}:{whole // 60 % 60:02}:{whole % 60:02}{mark}{milliseconds:03}"


def words(start: float, end: float, text: str, name: str = "word", blank: str = " ") -> list[dict[str, object]]:
    parts = text.split()
    step = (end - start) / len(parts)
    return [
        {name: blank + part, "start": round(start + i * step, 3), "end": round(start + (i + 1) * step, 3)}
        for i, part in enumerate(parts)
    ]


def dumped(data: object) -> str:
    return json.dumps(data, ensure_ascii=False, indent=1)


SRT = "\n".join(f"{i}\n{clock(a)} --> {clock(b)}\n{text}\n" for i, (a, b, text) in enumerate(SAID, 1))
VTT = (
    "WEBVTT\nKind: captions\nLanguage: ru\n\nSTYLE\n::cue { color: red }\n\nNOTE редактору: пишите в телеграм\n\n"
    + "\n".join(
        f"intro-{i}\n{clock(a, '.')} --> {clock(b, '.')} align:start\n<v Ирина><i>{text}</i></v>\n"
        for i, (a, b, text) in enumerate(SAID, 1)
    )
)
SBV = "\n".join(f"{clock(a, '.')[1:]},{clock(b, '.')[1:]}\n{text}\n" for a, b, text in SAID)
ASS = (
    "[Script Info]\nScriptType: v4.00+\n\n[V4+ Styles]\nFormat: Name\nStyle: Default,Arial,20\n\n[Events]\n"
    "Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text\n"
    "Comment: 0,0:00:00.00,0:00:01.00,Default,,0,0,0,,заметка оператору\n"
    + "".join(
        f"Dialogue: 0,{clock(a, '.')[1:-1]},{clock(b, '.')[1:-1]},Default,Ирина,0,0,0,,{{\\i1}}{text}{{\\i0}}\n"
        for a, b, text in SAID
    )
)
WHISPER = {
    "text": " ".join(PHRASES),
    "language": "ru",
    "segments": [
        {"id": i, "seek": 0, "start": a, "end": b, "text": " " + text, "avg_logprob": -0.2, "words": words(a, b, text)}
        for i, (a, b, text) in enumerate(SAID)
    ],
}
WHISPERX = {
    "segments": [
        {"start": a, "end": b, "text": text, "speaker": "SPEAKER_00", "words": words(a, b, text, blank="")}
        for a, b, text in SAID
    ],
    "word_segments": [],
}
WHISPER_CPP = {
    "systeminfo": "AVX",
    "result": {"language": "ru"},
    "transcription": [
        {
            "timestamps": {"from": clock(a), "to": clock(b)},
            "offsets": {"from": round(a * 1000), "to": round(b * 1000)},
            "text": " " + text,
            "tokens": [
                {"text": "[_BEG_]", "offsets": {"from": 0, "to": 0}, "id": 50364, "p": 0.9},
                *(
                    {
                        "text": word["word"],
                        "offsets": {"from": int(word["start"] * 1000), "to": int(word["end"] * 1000)},
                        "id": 7,
                        "p": 0.8,
                    }  # type: ignore[call-overload]
                    for word in words(a, b, text)
                ),
            ],
        }
        for a, b, text in SAID
    ],
}
TRANSFORMERS = {"text": " ".join(PHRASES), "chunks": [{"timestamp": [a, b], "text": text} for a, b, text in SAID]}
OPENAI = {
    "task": "transcribe",
    "text": " ".join(PHRASES),
    "words": [w for a, b, t in SAID for w in words(a, b, t, blank="")],
}
JSON3 = {
    "wireMagic": "pb3",
    "events": [
        event
        for a, b, text in SAID
        for event in (
            {
                "tStartMs": round(a * 1000),
                "dDurationMs": round((b - a) * 1000),
                "segs": [
                    {"utf8": f" {word}" if i else word, "tOffsetMs": i * 300} for i, word in enumerate(text.split())
                ],
            },
            {"tStartMs": round(b * 1000), "aAppend": 1, "segs": [{"utf8": "\n"}]},
        )
    ],
}
JSONL = "".join(
    json.dumps({"id": f"u{i}", "text": text, "start": a, "end": b}, ensure_ascii=False) + "\n"
    for i, (a, b, text) in enumerate(SAID)
)
LIVE = (
    json.dumps({"type": "status", "state": "listening", "lag": 0.1}) + "\n"
    + "".join(
        json.dumps(
            {"type": "transcript", "text": text, "start": a, "end": b, "words": words(a, b, text, "text", "")},
            ensure_ascii=False,
        )
        + "\n"
        for a, b, text in SAID
    )
    + json.dumps({"type": "finding", "id": "f1", "quote": "вотсап", "text": "не речь"}, ensure_ascii=False) + "\n"
)  # fmt: skip
TSV = "start\tend\ttext\n" + "".join(f"{round(a * 1000)}\t{round(b * 1000)}\t{text}\n" for a, b, text in SAID)
CSV = "start,end,text\n" + "".join(f'{round(a * 1000)},{round(b * 1000)}," {text}"\n' for a, b, text in SAID)
EXCEL = "Начало;Конец;Спикер;Текст\r\n" + "".join(f'{clock(a)};{clock(b)};Ирина;"{text}"\r\n' for a, b, text in SAID)
TXT = "\n".join(PHRASES) + "\n"
STAMPED = "".join(f"[{clock(a)[:8]}] {text}\n" for a, b, text in SAID)
WHISPER_OUTPUT = "".join(f"[{clock(a, '.')[3:]} --> {clock(b, '.')[3:]}]  {text}\n" for a, b, text in SAID)
YOUTUBE_PANEL = "".join(f"{int(a) // 60}:{int(a) % 60:02}\n{text}\n" for a, b, text in SAID)
ROLLING = "WEBVTT\nKind: captions\n\n" + "".join(
    f"{clock(a, '.')} --> {clock(b, '.')} align:start position:0%\n{SAID[i - 1][2] if i else ' '}\n"
    + "".join(
        word if n == 0 else f"<{clock(a + n * 0.3, '.')}><c> {word}</c>" for n, word in enumerate(text.split())
    )
    + f"\n\n{clock(b, '.')} --> {clock(b + 0.01, '.')} align:start position:0%\n{text}\n \n\n"
    for i, (a, b, text) in enumerate(SAID)
)  # fmt: skip
LIT = "\n".join(
    f"{clock(word['start'])} --> {clock(word['end'])}\n"  # type: ignore[arg-type]
    + " ".join(f"<u>{part}</u>" if n == place else part for n, part in enumerate(text.split()))
    + "\n"
    for a, b, text in SAID
    for place, word in enumerate(words(a, b, text))
)

MD = (
    "- Доброе утро, **друзья!**\n- Пишите мне в *вотсап*, номер `87012345678`.\n- Это самая __низкая__ цена на рынке.\n"
)


def word(*paragraphs: str) -> bytes:
    """A Word file with each text as a paragraph of two runs, the second inserted as a tracked change."""
    schema = "http://schemas.openxmlformats.org"
    body = "".join(
        f'<w:p><w:r><w:t xml:space="preserve">{text[:9]}</w:t></w:r>'
        f'<w:ins w:id="1"><w:r><w:rPr><w:b/></w:rPr><w:t xml:space="preserve">{text[9:]}</w:t></w:r></w:ins></w:p>'
        for text in paragraphs
    )
    kind = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{schema}/package/2006/content-types">'
        f'<Override PartName="/word/document.xml" ContentType="{kind}"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{schema}/package/2006/relationships"><Relationship Id="r1" '
        f'Type="{schema}/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/>'
        "</Relationships>",
        "word/document.xml": f'<w:document xmlns:w="{schema}/wordprocessingml/2006/main"><w:body>{body}</w:body>'
        "</w:document>",
    }
    return _archive(parts)


def _archive(parts: dict[str, str]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return file.getvalue()


WHOLE: dict[str, tuple[bytes, bool]] = {
    "srt/utf8.srt": (SRT.encode(), True),
    "srt/bom-crlf.srt": (b"\xef\xbb\xbf" + SRT.replace("\n", "\r\n").encode(), True),
    "srt/cp1251.srt": (SRT.encode("cp1251"), True),
    "srt/utf16.srt": (SRT.encode("utf-16"), True),
    "srt/utf16-unmarked-be.srt": (SRT.encode("utf-16-be"), True),
    "srt/koi8.srt": (SRT.encode("koi8-r"), True),
    "srt/old-mac-line-ends.srt": (SRT.replace("\n", "\r").encode(), True),
    "srt/decomposed.srt": (SRT.replace("й", "и\u0306").encode(), True),
    "srt/invisible.srt": (SRT.replace("вотсап", "вот\u200bс\u00adап").encode(), True),
    "srt/lit-words.srt": (LIT.encode(), True),
    "vtt/voices.vtt": (VTT.encode(), True),
    "vtt/rolling.vtt": (ROLLING.encode(), True),
    "vtt/entities.vtt": (VTT.replace(", ", ",&nbsp;").encode(), True),
    "sbv/youtube.sbv": (SBV.encode(), True),
    "ass/aegisub.ass": (b"\xef\xbb\xbf" + ASS.encode(), True),
    "json/whisper.json": (dumped(WHISPER).encode(), True),
    "json/faster-whisper-list.json": (dumped(WHISPER["segments"]).encode(), True),
    "json/whisperx.json": (dumped(WHISPERX).encode(), True),
    "json/whisper-cpp.json": (dumped(WHISPER_CPP).encode(), True),
    "json/transformers.json": (dumped(TRANSFORMERS).encode(), True),
    "json/openai-words.json": (dumped(OPENAI).encode(), True),
    "json/youtube.json3": (dumped(JSON3).encode(), True),
    "json/utf16.json": (dumped(WHISPER).encode("utf-16"), True),
    "json/escaped.json": (json.dumps(WHISPER).encode(), True),
    "json/really-lines.json": (JSONL.encode(), True),
    "jsonl/utterances.jsonl": (JSONL.encode(), True),
    "jsonl/live.jsonl": (LIVE.encode(), True),
    "tsv/whisper.tsv": (TSV.encode(), True),
    "csv/whisper-cpp.csv": (CSV.encode(), True),
    "csv/excel.csv": (EXCEL.encode("cp1251"), True),
    "csv/no-heading.csv": (CSV.split("\n", 1)[1].encode(), True),
    "txt/plain.txt": (TXT.encode(), False),
    "txt/cp866.txt": (TXT.encode("cp866"), False),
    "txt/blank-lines.txt": (TXT.replace("\n", "\n\n").encode(), False),
    "txt/stamped.txt": (STAMPED.encode(), True),
    "txt/whisper-output.txt": (WHISPER_OUTPUT.encode(), True),
    "txt/youtube-panel.txt": (YOUTUBE_PANEL.encode(), True),
    "md/script.md": (MD.encode(), False),
    "docx/script.docx": (word(*PHRASES), False),
    "docx/really-text.docx": (TXT.encode("cp1251"), False),
    "txt/really-word.txt": (word(*PHRASES), False),
    "txt/really-srt.txt": (SRT.encode(), True),
}

_NOISE = random.Random(5).randbytes(4096)
_CUT = SRT.encode()[: SRT.encode().index("рынке".encode()) - 2]

DAMAGED: dict[str, tuple[bytes, tuple[str, ...] | None]] = {
    "srt/cut-in-a-letter.srt": (_CUT[:-1], (*PHRASES[:2], "Это самая низкая цена")),
    "srt/cut-in-a-time.srt": (SRT[: SRT.rindex("-->") - 4].encode(), PHRASES[:2]),
    "srt/head-cut-off.srt": (SRT[SRT.index("утро") :].encode(), ("утро, друзья!", *PHRASES[1:])),
    "srt/no-blank-lines.srt": (SRT.replace("\n\n", "\n").encode(), PHRASES),
    "srt/no-numbers.srt": ("\n".join(line for line in SRT.split("\n") if not line.isdigit()).encode(), PHRASES),
    "srt/blank-inside.srt": (SRT.replace("вотсап, ", "вотсап,\n\n").encode(), PHRASES),
    "srt/backwards.srt": (SRT.replace("00:00:07,000", "00:00:01,000").encode(), PHRASES),
    "srt/odd-times.srt": (SRT.replace("00:00:03,500", "0:3").replace("00:00:07,000", "").encode(), PHRASES),
    "srt/zero-filled.srt": (SRT.encode() + bytes(4096), PHRASES),
    "srt/mixed-encodings.srt": (
        SRT.encode() + ("\n4\n00:00:12,000 --> 00:00:14,000\n" + TXT).encode("cp1251"),
        PHRASES * 2,
    ),
    "srt/phone-on-its-own-line.srt": (
        SRT.encode() + "4\n00:00:12,000 --> 00:00:14,000\nзвоните\n87012345678".encode(),
        (*PHRASES, "звоните 87012345678"),
    ),
    "srt/angle-brackets.srt": (
        SRT.replace("номер", "цена <5000 и >3000, номер").encode(),
        (PHRASES[0], "Пишите мне в вотсап, цена <5000 и >3000, номер 87012345678.", PHRASES[2]),
    ),
    "srt/plain-text.srt": (TXT.encode(), None),
    "srt/binary.srt": (b"OggS\0\2" + _NOISE, None),
    "srt/empty.srt": (b"", None),
    "srt/only-a-mark.srt": (b"\xff\xfe", None),
    "vtt/no-heading.vtt": (VTT.partition("intro-1\n")[2].encode(), PHRASES),
    "vtt/no-blank-lines.vtt": (
        VTT.replace("</v>\n\n", "</v>\n").replace("intro-2\n", "").replace("intro-3\n", "").encode(),
        PHRASES,
    ),
    "vtt/unclosed-tags.vtt": (VTT.replace("</i></v>", "").encode(), PHRASES),
    "ass/bad-style-and-time.ass": (
        ASS.replace(",20\n", ",огромный\n").replace("0:00:03.50", "0:00:0x").encode(),
        PHRASES,
    ),
    "ass/cut.ass": (ASS[: ASS.index("рынке")].encode(), (*PHRASES[:2], "Это самая низкая цена на")),
    "ass/plain-text.ass": (TXT.encode(), None),
    "json/cut-in-a-text.json": (
        dumped(WHISPER)[: dumped(WHISPER).rindex('рынке.",\n   "avg')].encode(),
        (*PHRASES[:2], "Это самая низкая цена на"),
    ),
    "json/cut-in-words.json": (dumped(WHISPER_CPP)[:-200].encode(), PHRASES),
    "json/hole.json": (dumped(WHISPERX).replace('"end": 7.0', '"end": ', 1).encode(), PHRASES),
    "json/wrong-types.json": (
        dumped(
            {"segments": [None, 5, {"text": 7}, {"start": "x", "end": [], "text": PHRASES[1], "words": "?"}]}
        ).encode(),
        PHRASES[1:2],
    ),
    "json/not-a-number.json": (dumped(WHISPER).replace("3.5", "NaN").replace("11.25", "1e999").encode(), PHRASES),
    "json/deep.json": (b'{"a":' * 200_000, None),
    "json/no-transcript.json": (b'{"name": "x", "version": 3}', None),
    "json/binary.json": (_NOISE, None),
    "jsonl/cut.jsonl": (JSONL[: JSONL.index(" на рынке")].encode(), (*PHRASES[:2], "Это самая низкая цена")),
    "jsonl/broken-middle.jsonl": (JSONL.replace('"start": 3.5', '"start": oops').encode(), PHRASES),
    "jsonl/prose.jsonl": (TXT.encode(), None),
    "tsv/quotes-and-tabs.tsv": (
        TSV.replace("мне", '"мне').replace("вотсап, ", "вотсап,\t").encode(),
        (PHRASES[0], 'Пишите "мне в вотсап, номер 87012345678.', PHRASES[2]),
    ),
    "csv/open-quote.csv": (CSV.replace('друзья!"', "друзья!").encode(), PHRASES),
    "csv/bare-commas.csv": (CSV.replace('"', "").encode(), PHRASES),
    "csv/short-row.csv": ((CSV + "12000\n").encode(), PHRASES),
    "csv/other-table.csv": ("товар,цена\nчайник,2990\n".encode(), None),
    "md/hard-wrapped.md": (TXT.replace(" ", "\n").encode(), (" ".join(PHRASES),)),
    "md/unclosed.md": (("```\n" + TXT + "**[").encode(), PHRASES),
    "docx/cut.docx": (word(*PHRASES)[:-40], None),
    "docx/other-archive.docx": (_archive({"a.txt": TXT}), None),
    "docx/broken-xml.docx": (_archive({"word/document.xml": "<w:document><w:body>"}), None),
    "docx/no-word.docx": (_archive({"word/document.xml": "<html/>"}), None),
    "docx/huge.docx": (_archive({"word/document.xml": "x" * (17 << 20)}), None),
    "docx/old-word.docx": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + _NOISE, None),
    "srt/utf16-cut-in-a-letter.srt": (SRT.encode("utf-16")[:-5], (*PHRASES[:2], "Это самая низкая цена на")),
    "srt/gone-hours.srt": (SRT.replace("00:00:03,500 -->", "99:99:99,999 -->").encode(), PHRASES),
    "vtt/binary.vtt": (b"WEBVTT\n\n" + _NOISE, None),
    "vtt/cut-in-a-tag.vtt": (VTT[: VTT.rindex("</i>") + 2].encode(), PHRASES),
    "sbv/cut-in-a-time.sbv": (SBV[: SBV.rindex("0:00:07") + 5].encode(), PHRASES[:2]),
    "sbv/end-before-start.sbv": (SBV.replace("0:00:07.000", "0:00:01.000").encode(), PHRASES),
    "ass/no-dialogue-times.ass": (ASS.replace("0:00:03.50,0:00:07.00", ",").encode(), PHRASES),
    "json/youtube-cut.json3": (
        dumped(JSON3)[: dumped(JSON3).rindex('" рынке.')].encode(),
        (*PHRASES[:2], "Это самая низкая цена на"),
    ),
    "json/mixed-encodings.json": (
        dumped(WHISPERX["segments"][:2])[:-1].encode()  # type: ignore[index]
        + b",\n"
        + dumped(WHISPERX["segments"][2]).encode("cp1251")  # type: ignore[index]
        + b"]",
        PHRASES,
    ),
    "json/times-as-text.json": (
        dumped({"segments": [{"start": str(a), "text": t} for a, _, t in SAID]}).encode(),
        PHRASES,
    ),
    "jsonl/huge-line.jsonl": (
        JSONL.encode() + dumped({"text": "слово " * 200_000}).replace("\n", "").encode(),
        PHRASES,
    ),
    "tsv/times-backwards.tsv": (TSV.replace("3500\t7000", "7000\t3500").encode(), PHRASES),
    "tsv/cut.tsv": (TSV[: TSV.index(" рынке")].encode(), (*PHRASES[:2], "Это самая низкая цена на")),
    "csv/negative.csv": (CSV.replace("3500,", "-3500,").encode(), PHRASES),
    "csv/binary.csv": (b"start,end,text\n" + _NOISE, None),
    "txt/huge-line.txt": ((" ".join(PHRASES) + " слово" * 200_000).encode(), PHRASES),
    "txt/image.txt": (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + _NOISE, None),
    "txt/zeros.txt": (bytes(4096), None),
    "txt/few-controls.txt": (TXT.replace("друзья", "\x07друзья\x1b[31m").encode(), (PHRASES[1], PHRASES[2])),
}
