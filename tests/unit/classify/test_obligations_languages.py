"""Dates with their roles in nine languages: sentences in the manner of offices, gazettes and the press."""

from datetime import date

import pytest

from alerts.classify import load
from alerts.classify.obligations import read_obligations
from alerts.classify.reading import passage
from alerts.classify.terms import find

PUBLISHED = date(2026, 3, 2)
LEXICONS = load()

STATED = {
    "en": [
        ("Submit comments by May 18, 2026, through the Federal eRulemaking Portal.", "2026-05-18 comments-close"),
        ("To be assured of consideration, written comments must be received at the Office no later than April 6, 2026.", "2026-04-06 comments-close"),
        ("The consultation closes at 11:45pm on 30 April 2026.", "2026-04-30 comments-close"),
        ("This final rule is effective on July 1, 2026.", "2026-07-01 in-force"),
        ("The amendments will come into force on 6 April 2026.", "2026-04-06 in-force"),
        ("The Regulations commence on 1 May 2026.", "2026-05-01 in-force"),
        ("The pilot programme is extended until 31 December 2026.", "2026-12-31 deadline-extended-to"),
        ("The Office is extending the After Final pilot until September 30, 2026.", "2026-09-30 deadline-extended-to"),
        ("The hearing will be held on May 5-6, 2026, in Washington.", "2026-05-05 hearing"),
        ("The order will expire on June 30, 2026.", "2026-06-30 term-ends"),
        ("Notices of opposition must be filed by 4 May 2026.", "2026-05-04 opposition-ends"),
        ("The new fees take effect on 1 April 2026.", "2026-04-01 fees-change"),
        ("Applicants must use the new form from 1 June 2026.", "2026-06-01 applies-from"),
        ("A reply to the Commission must be filed by March 20.", "2026-03-20 response-due"),
    ],
    "zh": [
        ("本条例自2026年6月1日起施行。", "2026-06-01 in-force"),
        ("新修订的商标法将于二〇二六年七月一日起施行。", "2026-07-01 in-force"),
        ("修正案自公布之日起三十日后即2026年4月1日生效。", "2026-04-01 in-force"),
        ("意见反馈截止时间为2026年4月2日。", "2026-04-02 comments-close"),
        ("公众可于2026年3月31日前将意见发送至邮箱。", "2026-03-31 comments-close"),
        ("请于4月15日前反馈意见。", "2026-04-15 comments-close"),
        ("异议期限至2026年6月2日止。", "2026-06-02 opposition-ends"),
        ("被申请人应于2026年3月20日前提交答辩书。", "2026-03-20 response-due"),
        ("听证会定于2026年4月9日举行。", "2026-04-09 hearing"),
        ("新的专利收费标准自2026年5月1日起执行。", "2026-05-01 fees-change"),
        ("申报期限延长至2026年4月30日。", "2026-04-30 deadline-extended-to"),
        ("试点有效期至2027年12月31日。", "2027-12-31 term-ends"),
        ("修正條文自民國115年5月1日施行。", "2026-05-01 in-force"),
        ("本辦法自中華民國115年7月1日起施行。", "2026-07-01 in-force"),
        ("意見徵詢期將於2026年5月11日截止。", "2026-05-11 comments-close"),
        ("新表格自2026年4月1日起適用。", "2026-04-01 applies-from"),
    ],
    "ja": [
        ("改正特許法は令和8年4月1日から施行されます。", "2026-04-01 in-force"),
        ("本政令は2026年4月1日に施行する。", "2026-04-01 in-force"),
        ("協定は2026年6月1日に発効します。", "2026-06-01 in-force"),
        ("意見募集の締切は2026年4月10日です。", "2026-04-10 comments-close"),
        ("意見は令和8年4月10日まで受け付けます。", "2026-04-10 comments-close"),
        ("新様式は2026年4月1日から適用します。", "2026-04-01 applies-from"),
        ("電子申請の受付を5月1日より開始します。", "2026-05-01 applies-from"),
        ("特許料等の料金を2026年4月1日に改定します。", "2026-04-01 fees-change"),
        ("応募期間を2026年5月29日まで延長します。", "2026-05-29 deadline-extended-to"),
        ("説明会ではなく公聴会を2026年4月20日に開催します。", "2026-04-20 hearing"),
        ("答弁書の提出期限は2026年4月20日です。", "2026-04-20 response-due"),
        ("本措置は2026年9月30日で終了します。", "2026-09-30 term-ends"),
    ],
    "ko": [
        ("개정 상표법이 2026년 7월 22일부터 시행된다.", "2026-07-22 in-force"),
        ("협정은 2026년 5월 1일 발효한다.", "2026-05-01 in-force"),
        ("개정안에 대한 의견을 2026년 4월 13일까지 제출할 수 있다.", "2026-04-13 comments-close"),
        ("의견 제출 기한은 2026. 4. 13.까지이다.", "2026-04-13 comments-close"),
        ("새 심사기준은 2026년 4월 1일부터 적용된다.", "2026-04-01 applies-from"),
        ("특허 수수료가 2026년 4월 1일부터 인상된다.", "2026-04-01 fees-change"),
        ("신청 기한이 2026년 5월 31일까지 연장되었다.", "2026-05-31 deadline-extended-to"),
        ("공청회는 2026년 3월 25일 개최된다.", "2026-03-25 hearing"),
        ("답변서는 2026년 4월 20일까지 제출하여야 한다.", "2026-04-20 response-due"),
        ("이의신청 기간은 2026년 4월 30일까지이다.", "2026-04-30 opposition-ends"),
    ],
    "de": [
        ("Das Gesetz tritt am 1. Januar 2027 in Kraft.", "2027-01-01 in-force"),
        ("Die Verordnung ist am 1. Mai 2026 in Kraft getreten.", "2026-05-01 in-force"),
        ("Inkrafttreten: 01.07.2026", "2026-07-01 in-force"),
        ("Stellungnahmen können bis zum 30. April 2026 eingereicht werden.", "2026-04-30 comments-close"),
        ("Die Frist zur Stellungnahme endet am 15. Mai 2026.", "2026-05-15 comments-close"),
        ("Die neuen Gebühren gelten ab dem 1. April 2026.", "2026-04-01 fees-change"),
        ("Ab dem 1. Juni 2026 werden Anmeldungen nur noch elektronisch angenommen.", "2026-06-01 applies-from"),
        ("Die Frist wurde bis zum 30. Juni 2026 verlängert.", "2026-06-30 deadline-extended-to"),
        ("Die mündliche Verhandlung findet am 12. Mai 2026 statt.", "2026-05-12 hearing"),
        ("Widerspruch kann bis zum 2. Juni 2026 erhoben werden.", "2026-06-02 opposition-ends"),
        ("Das Pilotprojekt läuft am 31. Dezember 2026 aus.", "2026-12-31 term-ends"),
    ],
    "fr": [
        ("Le décret entre en vigueur le 1er juin 2026.", "2026-06-01 in-force"),
        ("La loi entrera en vigueur le 15 avril 2026.", "2026-04-15 in-force"),
        ("Entrée en vigueur : 1er janvier 2027", "2027-01-01 in-force"),
        ("La consultation publique est ouverte jusqu'au 30 avril 2026.", "2026-04-30 comments-close"),
        ("Les contributions doivent être adressées avant le 15/05/2026.", "2026-05-15 comments-close"),
        ("Les nouveaux tarifs s'appliquent à compter du 1er avril 2026.", "2026-04-01 fees-change"),
        ("À compter du 1er juillet 2026, le dépôt se fait uniquement en ligne.", "2026-07-01 applies-from"),
        ("Le délai est prolongé jusqu'au 31 mai 2026.", "2026-05-31 deadline-extended-to"),
        ("L'audience se tiendra le 12 mai 2026.", "2026-05-12 hearing"),
        ("L'opposition peut être formée jusqu'au 4 mai 2026.", "2026-05-04 opposition-ends"),
        ("Le dispositif prend fin le 31 décembre 2026.", "2026-12-31 term-ends"),
    ],
    "es": [
        ("La presente ley entrará en vigor el 1 de julio de 2026.", "2026-07-01 in-force"),
        ("El decreto entra en vigencia el 15 de abril de 2026.", "2026-04-15 in-force"),
        ("El plazo para enviar comentarios finaliza el 30 de abril de 2026.", "2026-04-30 comments-close"),
        ("Se reciben aportes hasta el 08/05/2026 en consulta pública.", "2026-05-08 comments-close"),
        ("Las nuevas tasas se aplicarán a partir del 1 de abril de 2026.", "2026-04-01 fees-change"),
        ("A partir del 1 de junio de 2026 las solicitudes serán electrónicas.", "2026-06-01 applies-from"),
        ("El plazo se prorroga hasta el 31 de mayo de 2026.", "2026-05-31 deadline-extended-to"),
        ("La audiencia se celebrará el 12 de mayo de 2026.", "2026-05-12 hearing"),
        ("La oposición podrá presentarse hasta el 4 de mayo de 2026.", "2026-05-04 opposition-ends"),
        ("El programa vence el 31 de diciembre de 2026.", "2026-12-31 term-ends"),
    ],
    "pt": [
        ("A portaria entra em vigor em 1º de julho de 2026.", "2026-07-01 in-force"),
        ("O decreto-lei entra em vigor no dia 1 de abril de 2026.", "2026-04-01 in-force"),
        ("As contribuições podem ser enviadas até 30 de abril de 2026.", "2026-04-30 comments-close"),
        ("A consulta pública encerra em 10/05/2026.", "2026-05-10 comments-close"),
        ("A nova tabela de retribuições vigora a partir de 1 de abril de 2026.", "2026-04-01 fees-change"),
        ("A partir de 1 de junho de 2026, os pedidos serão apenas eletrônicos.", "2026-06-01 applies-from"),
        ("O prazo foi prorrogado até 31 de maio de 2026.", "2026-05-31 deadline-extended-to"),
        ("A audiência pública será realizada em 12 de maio de 2026.", "2026-05-12 hearing"),
        ("A oposição pode ser apresentada até 4 de maio de 2026.", "2026-05-04 opposition-ends"),
        ("O projeto-piloto termina em 31 de dezembro de 2026.", "2026-12-31 term-ends"),
    ],
}  # fmt: skip
SILENT = {
    "en": [
        "The patent was granted on May 5, 2020.",
        "The rule was published on January 5, 2026.",
        "Section 5 may apply to marks filed by agents.",
        "The rule takes effect on February 30, 2026.",
        "Comments are due 04/05/2026.",
        "On March 1, 2026, the Board issued its decision.",
        "The proposed rule was withdrawn on 2 February 2026.",
    ],
    "zh": [
        "2026年1月5日发布的征求意见稿引发关注。",
        "该法于2025年12月27日经会议审议通过。",
        "本办法自2026年2月30日起施行。",
        "次年1月1日起施行。",
        "原告于2025年3月1日提起诉讼。",
        "据2026年2月28日报道，该公司胜诉。",
    ],
    "ja": [
        "2025年5月1日に公布された改正法について。",
        "翌年4月1日から施行する。",
        "令和7年12月1日に出願された。",
        "令和8年2月30日から施行する。",
    ],
    "ko": ["2026년 2월 3일 발표했다.", "2025년 5월 1일 출원된 특허이다.", "2026년 2월 30일부터 시행된다."],
    "de": [
        "Das Urteil vom 3. Februar 2026 ist rechtskräftig.",
        "Gesetz vom 12. Mai 2025 (BGBl. I S. 100)",
        "Das Patent wurde am 4. März 2020 erteilt.",
        "Die Verordnung tritt am 31. Februar 2026 in Kraft.",
    ],
    "fr": [
        "La loi du 3 mai 2024 relative aux marques.",
        "L'arrêt rendu le 12 février 2026 rejette le pourvoi.",
        "Le décret entre en vigueur le 31 février 2026.",
    ],
    "es": [
        "La sentencia de 3 de febrero de 2026 desestima el recurso.",
        "La marca fue solicitada el 5 de mayo de 2020.",
        "La ley entrará en vigor el 31 de febrero de 2026.",
    ],
    "pt": [
        "A sentença de 3 de fevereiro de 2026 julgou improcedente o pedido.",
        "A marca foi depositada em 5 de maio de 2020.",
        "A lei entra em vigor em 31 de fevereiro de 2026.",
    ],
}


def stated(language: str, text: str) -> set[str]:
    read = passage("summary", text)
    index = LEXICONS.index_for(frozenset({"en", language}))
    return {
        f"{each.date} {each.role}"
        for each in read_obligations([read], find(index, read), PUBLISHED, language)
    }


@pytest.mark.parametrize(
    ("language", "text", "wanted"),
    [(language, *pair) for language, pairs in STATED.items() for pair in pairs],
)
def test_a_stated_day_is_found_with_its_role_and_no_other(language: str, text: str, wanted: str) -> None:
    assert stated(language, text) == {wanted}


@pytest.mark.parametrize(
    ("language", "text"), [(language, text) for language, texts in SILENT.items() for text in texts]
)
def test_days_of_earlier_steps_and_days_that_are_none_ask_nothing(language: str, text: str) -> None:
    assert stated(language, text) == set()


def test_the_order_of_numbers_is_that_of_the_language_or_the_day_is_refused() -> None:
    assert stated("es", "La ley entrará en vigor el 03/04/2026.") == {"2026-04-03 in-force"}
    assert stated("en", "The law takes effect on 03/04/2026.") == set()


def test_of_a_day_that_is_moved_the_new_one_counts() -> None:
    text = "This action changes the effective date from May 1, 2026, to June 1, 2026."
    assert stated("en", text) == {"2026-06-01 in-force"}
    ended = "The comment period, which ended on March 1, 2026, is extended until April 1, 2026."
    assert stated("en", ended) == {"2026-04-01 comments-close"}


def test_a_day_of_years_ago_belongs_to_an_earlier_measure() -> None:
    assert stated("fr", "Les dispositions entrées en vigueur le 8 février 1997 sont abrogées.") == set()
    assert stated("zh", "该办法自2010年2月1日起施行。") == {"2010-02-01 in-force"}


def test_two_days_that_contradict_each_other_both_stand() -> None:
    text = "Comments are due on or before May 4, 2026. Comments close on May 6, 2026."
    assert stated("en", text) == {"2026-05-04 comments-close", "2026-05-06 comments-close"}


@pytest.mark.slow
def test_a_text_of_a_megabyte_is_read_to_a_bound() -> None:
    text = "Comments close on May 6, 2026. " * 40_000
    assert stated("en", text) == {"2026-05-06 comments-close"}
    assert stated("zh", "自2026年6月1日起施行。" * 2_000) == {"2026-06-01 in-force"}
