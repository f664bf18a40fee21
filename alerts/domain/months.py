"""The names of the months as official sources write them, folded to lower case without accents.

Data only. A name that means different months in different languages (Polish and Czech *listopad* is
November, Croatian *listopad* October) stands in ``AMBIGUOUS`` and is read only with its language.
"""

import unicodedata
from collections.abc import Mapping

_NAMES = """
january jan januar janner janvier janv enero ene janeiro gennaio gen ianuarie ian januari styczen stycznia sty leden ledna
 siječanj siječnja januara ocak январь января янв січень січня januarius januárius tammikuu tammikuuta jaanuar sausio sausis
 januāris janvāris yanvar tháng1 มกราคม ม.ค. يناير ژانویه ιανουαριος ιανουαριου ינואר जनवरी қаңтар студзень студзеня
february feb februar fevrier fevr febrero fevereiro fev febbraio februarie februari luty lutego únor února veljača veljače
 februara şubat февраль февраля фев февр лютий лютого február helmikuu helmikuuta veebruar vasario vasaris februāris fevral
 กุมภาพันธ์ ก.พ. فبراير φεβρουαριος φεβρουαριου פברואר फरवरी ақпан люты лютага
march mar marz maerz mrz mars marzo março martie maart mrt marzec marca březen března ožujak ožujka marts mart март марта
 березень березня március maaliskuu maaliskuuta märts kovo kovas มีนาคม มี.ค. مارس μαρτιος μαρτιου מרץ मार्च наурыз сакавік сакавіка
april apr avril avr abril abr aprile aprilie kwiecień kwietnia duben dubna travanj travnja aprila nisan апрель апреля апр
 квітень квітня április huhtikuu huhtikuuta aprill balandžio balandis aprīlis aprel เมษายน เม.ย. ابريل أبريل απριλιος απριλιου אפריל अप्रैल
 сәуір красавік красавіка
may mai mayo maio maggio mag mei maj maja květen května svibanj svibnja mayıs май мая травень травня május toukokuu toukokuuta gegužės
 gegužė maijs พฤษภาคม พ.ค. مايو μαιος μαιου מאי मई мамыр
june jun juni juin junio junho giugno giu iunie czerwiec czerwca červen června lipanj lipnja juna haziran июнь июня июн
 червень червня június kesäkuu kesäkuuta juuni birželio birželis jūnijs iyun มิถุนายน มิ.ย. يونيو ιουνιος ιουνιου יוני जून маусым чэрвень чэрвеня
july jul juli juillet juil julio julho luglio lug iulie lipiec lipca červenec července srpanj srpnja jula temmuz июль июля июл
 липень липня július heinäkuu heinäkuuta juuli liepos liepa jūlijs iyul กรกฎาคม ก.ค. يوليو ιουλιος ιουλιου יולי जुलाई шілде ліпень ліпеня
august aug août agosto ago augustus sierpień sierpnia srpen kolovoz kolovoza avgust avgusta ağustos август августа авг
 серпень серпня augusztus elokuu elokuuta rugpjūčio rugpjūtis augusts สิงหาคม ส.ค. أغسطس اغسطس αυγουστος αυγουστου אוגוסט अगस्त тамыз
 жнівень жніўня augusti
september sep sept septembre septiembre setiembre setembro set settembre septembrie wrzesień września září rujan rujna septembra
 septembar eylül сентябрь сентября сен сент вересень вересня szeptember syyskuu syyskuuta rugsėjo rugsėjis septembris sentyabr
 กันยายน ก.ย. سبتمبر σεπτεμβριος σεπτεμβριου ספטמבר सितंबर қыркүйек верасень верасня
october oct oktober okt octobre octubre outubro out ottobre ott octombrie październik października říjen října oktobra oktobar ekim
 октябрь октября окт жовтень жовтня október lokakuu lokakuuta oktoober spalio spalis oktobris oktyabr ตุลาคม ต.ค. أكتوبر اكتوبر
 οκτωβριος οκτωβριου אוקטובר अक्टूबर қазан кастрычнік кастрычніка
november nov novembre noviembre novembro noiembrie studeni studenoga studenog novembra novembar kasım ноябрь ноября ноя нояб
 листопада marraskuu marraskuuta lapkričio lapkritis novembris noyabr พฤศจิกายน พ.ย. نوفمبر νοεμβριος νοεμβριου נובמבר नवंबर қараша
 лістапад лістапада
december dec dezember dez decembre diciembre dic dezembro dicembre decembrie grudzień grudnia prosinec prosince prosinac prosinca
 decembra decembar aralık декабрь декабря дек грудень грудня joulukuu joulukuuta detsember gruodžio gruodis decembris dekabr
 ธันวาคม ธ.ค. ديسمبر δεκεμβριος δεκεμβριου דצמבר दिसंबर желтоқсан снежань снежня
"""


def fold(word: str) -> str:
    """Return ``word`` in lower case without accents and final dots, as the table is keyed."""
    plain = unicodedata.normalize("NFKD", word.casefold())
    # Only Latin, Greek and Cyrillic accents: Thai and Indic vowel signs tell months apart.
    return "".join(c for c in plain if not "\u0300" <= c <= "\u036f").replace("ı", "i").rstrip(".")


def _table() -> dict[str, int]:
    table: dict[str, int] = {}
    month = 0
    for line in _NAMES.strip().splitlines():
        month += not line.startswith(" ")
        table.update((fold(name), month) for name in line.split())
    return table


MONTHS: Mapping[str, int] = _table()
AMBIGUOUS: Mapping[str, Mapping[str, int]] = {
    name: {"hr": 10, "bs": 10, "pl": 11, "cs": 11, "uk": 11} for name in ("listopad", "listopada", "листопад")
}
