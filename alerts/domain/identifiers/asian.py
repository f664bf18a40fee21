"""Chinese, Japanese and Korean numbers of laws, notices, orders and cases.

Chinese document numbers: 党政机关公文处理工作条例 (2012), article 9 (issuer, year in 〔〕, number). Numbers of notices and orders
come in Chinese numerals too; what is written with or without 第 is one to :func:`alerts.domain.identifiers.identifier_key`.
"""

import re

from alerts.domain.han import simplified
from alerts.domain.identifiers.form import Form, form, tight

_DIGITS = {mark: value for value, mark in enumerate("〇一二三四五六七八九")} | {"零": 0, "两": 2}
_UNITS = {"十": 10, "百": 100, "千": 1000}
_NUMERAL = r"(?:[0-9]{1,5}|[〇零一二三四五六七八九十百千]{1,7})"
_HAN = r"[\u4e00-\u9fff]"
_END = "[号號]"
_YEAR = r"[\[(〔【] ?(\d{4}) ?[\])〕】]"
_OFFICES = (
    "国家知识产权局|国家知識產權局|海关总署|商务部|国家市场监督管理总局|市场监管总局|国家版权局|财政部|农业农村部|国家林业和草原局"
    "|最高人民法院|最高人民检察院|国家药监局|国家药品监督管理局|工业和信息化部|国务院关税税则委员会|国务院|司法部|公安部|文化和旅游部"
)
_ERAS = "明治|大正|昭和|平成|令和"
_JAPANESE = r"法律|政令|府令|省令|告示|規則|条約|訓令"
_KOREAN_CASE = "허|후|다|나|가합|가단|카합|구합|두|마"


def number(numeral: str) -> int:
    """Return 612, 六一二, 六百一十二 or 元 as a number."""
    if numeral.isascii():
        return int(numeral)
    if numeral == "元":
        return 1
    if not any(mark in _UNITS for mark in numeral):
        return int("".join(str(_DIGITS[mark]) for mark in numeral))
    total, pending = 0, 0
    for mark in numeral:
        if mark in _UNITS:
            total, pending = total + (pending or 1) * _UNITS[mark], 0
        else:
            pending = _DIGITS[mark]
    return total + pending


def _document(match: re.Match[str]) -> str:
    """Return 国发〔2026〕12号, whatever the brackets and whether 第 stands before the number."""
    return f"{simplified(match[1])}〔{match[2]}〕{number(match[3])}号"


def _notice(match: re.Match[str]) -> str:
    office, year, counted = match[1] or "", match[2], number(match[3])
    return f"{office}公告{year + '年' if year else ''}第{counted}号"


def _behind(match: re.Match[str]) -> str:
    """Return 公告2026年第12号 for 2026年第12号公告."""
    office, year, counted, kind = match[1] or "", match[2], number(match[3]), match[4]
    return f"{office}{kind}{year + '年' if year else ''}第{counted}号"


def _order(match: re.Match[str]) -> str:
    """Return an order with the name of who gave it; 第 stands where the text has it."""
    return f"{match[1] or ''}令{match[2] or ''}{number(match[3])}号"


def _japanese(match: re.Match[str]) -> str:
    era, year, kind, counted = match.groups()
    return f"{era}{number(year)}年{kind}第{number(counted)}号"


FORMS: tuple[Form, ...] = (
    form("号", r"指导(?:性)?案例 ?\d{1,4} ?号", tight),
    form("号", rf"(?<!{_HAN})({_HAN}{{1,8}}) ?{_YEAR} ?第? ?({_NUMERAL}) ?{_END}", _document),
    form("号", rf"((?:法释|法釋|法发|国发|国發|國發|国办发|国办函|国知发{_HAN}{{0,4}}|国知办{_HAN}{{0,5}})) ?{_YEAR} ?第? ?({_NUMERAL}) ?{_END}", _document),
    form("号", rf"[（(]\d{{4}}[）)] ?{_HAN}{{1,4}} ?\d{{0,4}} ?{_HAN}{{1,4}} ?\d{{1,6}} ?号", tight),
    form("令", rf"(国务院|主席|(?:国家)?{_HAN}{{0,6}}局|海关总署|{_HAN}{{1,4}}部|總統|总统)?(?<![口命指法密司政省府訓条勅])令 ?\(? ?(?:\d{{4}} ?年 ?)?(第)? ?({_NUMERAL}) ?{_END}", _order),
    form("号令", rf"({_OFFICES})?((?:19|20)\d\d)年第 ?({_NUMERAL}) ?{_END}(令)(?!{_HAN}牌)", _behind),
    form("公告", rf"({_OFFICES})?公告 ?\(? ?(?:(20\d\d) ?年 ?)?第? ?({_NUMERAL}) ?{_END}", _notice),
    form("公告", rf"({_OFFICES})?(20\d\d)? ?年? ?第 ?({_NUMERAL}) ?{_END}(公告)", _behind),
    form("字第", rf"(?<!{_HAN})({_HAN}{{1,6}})字第 ?(\d{{6,12}}) ?{_END}", tight),
    form("商标", r"第 ?(\d{7,8}) ?号.{0,40}?商标", lambda m: f"第{m[1]}号商标"),
    form("年", rf"({_ERAS}) ?(元|\d{{1,2}}|[一二三四五六七八九十]{{1,3}})年 ?({_HAN}{{0,10}}?(?:{_JAPANESE})) ?第 ?({_NUMERAL}) ?{_END}", _japanese),
    form("年", rf"(?:{_ERAS}) ?\d{{1,2}}年 ?[（(][\u30a0-\u30ff\u4e00-\u9fff]{{1,2}}[）)] ?第 ?\d{{3,6}} ?{_END}", tight),
    form("特", r"特(?:願|開|許出願)(?:20\d\d|平\d{1,2}|昭\d{1,2})-\d{3,6}(?!\d)", tight),
    form("登録", r"(?:意匠|商標|実用新案)登録 ?第 ?\d{6,7} ?号", tight),
    form("호", r"(법률|대통령령|총리령|[가-힣]{2,8}부령|[가-힣]{2,8}(?:고시|훈령|예규|공고)) ?제 ?([\d,]+(?:-\d+)?) ?호", lambda m: f"{m[1]} 제{m[2].replace(',', '')}호"),
    form("허|후|다|나|가합|가단|카합|구합|두|마", rf"(?<!\d)(20\d\d) ?({_KOREAN_CASE}) ?(\d{{2,7}})(?![\d년월일])", tight),
)  # fmt: skip
