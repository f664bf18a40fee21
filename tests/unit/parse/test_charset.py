"""Bytes become the characters their author typed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.domain.errors import ParseError
from alerts.parse.charset import decode

CHINESE = "国家知识产权局公告：商标审查指南修订"


@given(st.text(max_size=100), st.sampled_from(["utf-8", "utf-16", "utf-32", "utf-8-sig"]))
def test_what_carries_a_mark_or_is_utf8_comes_back_whole(text: str, codec: str) -> None:
    plain = f"<r>{text}</r>"
    raw = plain.encode(codec, "ignore")
    assert decode(raw, None) == raw.decode(codec)


@pytest.mark.parametrize(
    ("raw", "content_type", "text"),
    [
        (CHINESE.encode("gb18030"), "text/html; charset=gb2312", CHINESE),
        (b'<?xml version="1.0" encoding="GB2312"?>' + CHINESE.encode("gbk"), "text/xml", None),
        (b"<meta charset=gbk>" + CHINESE.encode("gbk"), "text/html", None),
        ("特許庁ニュース".encode("cp932"), "text/html; charset=Shift_JIS", "特許庁ニュース"),
        ("Gebühren".encode("latin-1"), "text/xml; charset=iso-8859-1", "Gebühren"),
        ("Gebühren “neu”".encode("cp1252"), "text/xml; charset=iso-8859-1", "Gebühren “neu”"),
        ("Gebühren".encode(), "text/xml; charset=iso-8859-1", "Gebühren"),
        ("\ufeffGebühren".encode(), "text/xml; charset=iso-8859-1", "Gebühren"),
        ("Роспатент".encode("cp1251"), "text/html; charset=windows-1251", "Роспатент"),
        ("<r>é</r>".encode("utf-16-le"), "application/xml", "<r>é</r>"),
        (b"plain", "text/html; charset=nonsense", "plain"),
        (("知识产权" * 30).encode()[:-1], "text/html; charset=utf-8", "知识产权" * 29 + "知识产\ufffd"),
    ],
)
def test_a_document_is_decoded_as_marked_declared_or_true(
    raw: bytes, content_type: str, text: str | None
) -> None:
    decoded = decode(raw, content_type)
    assert decoded == text if text else CHINESE in decoded


def test_the_word_of_the_admin_goes_before_the_header() -> None:
    assert decode("Роспатент".encode("koi8-r"), "text/html; charset=windows-1251", "koi8-r") == "Роспатент"


def test_undeclared_bytes_are_guessed() -> None:
    raw = ("Федеральная служба по интеллектуальной собственности сообщает о новых пошлинах. " * 5).encode(
        "cp1251"
    )
    assert "интеллектуальной" in decode(raw, None)


def test_one_broken_byte_leaves_a_text_of_few_characters_in_utf_8() -> None:
    assert decode("<r>’<>”".encode() + b"\xa9</r>", None) == "<r>’<>”\ufffd</r>"
    assert decode("<r>é à ê ç</r>".encode("cp1252"), "text/xml; charset=utf-8") == "<r>é à ê ç</r>"


def test_where_several_readings_fit_alike_the_one_of_the_web_is_taken() -> None:
    text = "Relatório do governo acusa militares; simulações de 2º turno e inquérito sobre a prisão. " * 20
    assert decode(text.encode("cp1252"), None) == text


@pytest.mark.parametrize("name", ["utf-7", "unicode_escape", "punycode"])
def test_a_charset_that_hides_markup_is_refused(name: str) -> None:
    with pytest.raises(ParseError, match="can hide markup"):
        decode(b"+ADw-script+AD4-", f"text/xml; charset={name}")
