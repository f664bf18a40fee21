"""Other spellings that one name goes by: what a term is looked for as, beside its own words.

Names come in as pieces: words, and runs of Chinese, Japanese or Korean, without their legal form and without accents.
Nothing here depends on the case of a term, since terms that differ in case only are one wish.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from operator import add

# Each line: one word and its usual abbreviations.
_ABBREVIATED = (
    ("international", "intl"), ("manufacturing", "mfg"), ("brothers", "bros"), ("laboratories", "labs"),
    ("technology", "tech"), ("technologies", "tech"), ("association", "assoc"), ("university", "univ"),
    ("industries", "inds"), ("saint", "st"), ("national", "natl"), ("pharmaceuticals", "pharma"),
    ("communications", "comm"), ("telecommunications", "telecom"), ("department", "dept"),
    ("institute", "inst"), ("engineering", "engg"), ("american", "amer"),
)  # fmt: skip
_SHORT_OF = dict(_ABBREVIATED)
_LONG_OF = {short: tuple(long for long, each in _ABBREVIATED if each == short) for _, short in _ABBREVIATED}
_AND = ("and", "und", "et", "y", "e", "och", "og")
_OWNED = re.compile(r"(?<=\w\w)['’ʼ＇]s\b")
_HYPHEN = re.compile(r"(?<=[^\W\d_])[-‐‑–](?=\w)")
_UMLAUTS = {ord("ä"): "ae", ord("ö"): "oe", ord("ü"): "ue", ord("ø"): "oe", ord("å"): "aa"}
# "ue" for ü stands between consonants of a longer word; "Poet" and "Blue" hold none.
_DIGRAPH = re.compile(r"(?<=[bcdfghjklmnprstvwxz])([aou])e(?=[bcdfghjklmnpqrstvwxz][a-z])")
_DENSE = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]+")

# Municipalities, provinces and cities where most companies that export are registered.
_PLACES = """北京 上海 天津 重庆 广东 浙江 江苏 福建 山东 湖北 湖南 河南 河北 四川 安徽 江西 陕西 辽宁 吉林 黑龙江 山西 云南 贵州 海南 甘肃 青海
深圳 广州 东莞 佛山 惠州 珠海 中山 江门 汕头 杭州 宁波 温州 金华 义乌 嘉兴 绍兴 台州 湖州 南京 苏州 无锡 常州 南通 扬州 徐州 昆山 厦门 福州 泉州
漳州 莆田 晋江 青岛 济南 烟台 潍坊 威海 临沂 武汉 长沙 株洲 郑州 洛阳 石家庄 保定 成都 绵阳 合肥 芜湖 南昌 西安 沈阳 大连 长春 哈尔滨 太原 昆明
贵阳 海口 兰州 西宁 南宁 桂林 柳州 永康 慈溪 余姚 香港 澳门"""
_HEADS = frozenset(place[:2] for place in _PLACES.split())
_PLACE = re.compile(rf"(?:(?:{'|'.join(sorted(_PLACES.split(), key=len, reverse=True))})[市省]?)+")
# Words of a trade say nothing alone: what is left without the place must hold more than these.
_TRADE = re.compile(
    "科技|技术|电子|商务|贸易|实业|工业|网络|信息|智能|创新|制造|生物|医药|制药|汽车|电器|电气|机械|设备|材料|能源|发展|"
    "文化|服饰|服装|食品|饮料|玩具|家居|家具|照明|光电|通信|通讯|软件|数码|化工|钢铁|银行|大学|集团|国际|进出口|投资|股份|工程|建设"
)
_LEAST = 2  # characters that make a name
CHANGING = frozenset(_AND) | frozenset(_SHORT_OF) | frozenset(_LONG_OF)  # words that have another form


def unaccented(letter: str) -> str:
    """Return a Latin letter without its accent, any other character as it is."""
    if letter in "øđłħıæœ":
        return {"ø": "o", "đ": "d", "ł": "l", "ħ": "h", "ı": "i", "æ": "ae", "œ": "oe"}[letter]
    base = unicodedata.normalize("NFD", letter)[0]
    return base if "a" <= base <= "z" else letter


def respelt(term: str) -> Iterator[str]:
    """Yield a case-folded term with umlauts as two letters, possessives and hyphens closed up, where it has any."""
    if not term.isascii() and (other := term.translate(_UMLAUTS)) != term:
        yield other
    # Most terms hold none: a million of them are read at once.
    pairs = "ae" in term or "oe" in term or "ue" in term
    for wanted, sought, instead in (
        (pairs, _DIGRAPH, r"\1"), (not term.isalnum(), _OWNED, "s"), (not term.isalnum(), _HYPHEN, ""),
    ):  # fmt: skip
        if wanted and (other := sought.sub(instead, term)) != term:
            yield other


def reworded(pieces: Sequence[str], ampersand: bool) -> Iterator[list[str]]:
    """Yield the pieces with ``and`` left out, words in short or in full, runs joined, and without the place.

    ``ampersand``: the name was written with one, of which nothing is left in the pieces; it may be written as a word.
    """
    words = list(pieces)
    if len(words) == 1 and not _DENSE.match(words[0]):
        return
    if any(word in _AND for word in words[1:-1]):
        yield [word for n, word in enumerate(words) if word not in _AND or n in (0, len(words) - 1)]
    if ampersand:
        yield from _with_and(words)
    if any(word in _SHORT_OF for word in words[1:]):
        yield words[:1] + [_SHORT_OF.get(word, word) for word in words[1:]]
    yield from _in_full(words)
    if words and all(_DENSE.fullmatch(word) for word in words):
        yield from _dense("".join(words), len(words) > 1)


def _with_and(words: Sequence[str]) -> Iterator[list[str]]:
    """Yield the words with ``and`` and ``und`` at each place; a name has one ampersand, and few words."""
    for place in range(1, min(len(words), 6)):
        for word in ("and", "und", "et"):
            yield [*words[:place], word, *words[place:]]


def _in_full(words: Sequence[str]) -> Iterator[list[str]]:
    for n, word in enumerate(words[1:], 1):
        for long in _LONG_OF.get(word, ()):
            yield [*words[:n], long, *words[n + 1 :]]


def may_name_a_place(name: str) -> bool:
    """Return whether two characters of the name begin the name of a place."""
    return not _HEADS.isdisjoint(map(add, name, name[1:]))


def _dense(name: str, parted: bool) -> Iterator[list[str]]:
    """Yield a Chinese, Japanese or Korean name in one run, its place in brackets, and without its place."""
    if parted:
        yield [name]
    if not may_name_a_place(name):
        return
    found = _PLACE.search(name)
    if found is None:
        return
    before, place, after = name[: found.start()], found[0], name[found.end() :]
    rest = before + after
    if len(_TRADE.sub("", rest)) < _LEAST:
        return
    if before:
        yield [piece for piece in (before, place, after) if piece]
        yield [before, after] if after else [before]
    if len(rest) > _LEAST:
        yield [rest]
