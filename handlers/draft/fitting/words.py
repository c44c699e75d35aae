"""Words by which a draft counts, dates and promises, without case and diacritics: what stands for a
number or a day, and what a customer hears as a promise."""


def _listed(words: str) -> tuple[str, ...]:
    return tuple(words.split())


STEMS = _listed(
    """
    nulle div tris trij cetr piec sesi sesu sesa sest septin aston devin desmit simt tukstos miljon
    dubult puse pusi pusg pusot divkart triskar ceturtdal procent ducis
    thirteen fourteen fifteen sixteen seventeen eighteen nineteen twenty thirty forty fifty sixty
    seventy eighty ninety hundred thousand million billion percent doubl tripl twice dozen
    два две двух дву тр три трех четыр пять пяти шест семь семи восем восьм девят десят сто сот
    двадц тридц сорок тысяч миллион половин вдвое процент
    janvar februar aprili aprila maija maijs junij julij august septemb oktobr novemb decemb octob
    january february march april june july
    pirmdien otrdien tresdien ceturtdien piektdien sestdien svetdien brivdien
    monday tuesday wednesday thursday friday saturday sunday
    sodien parit vakar ritdien nedel menes stund minut
    week fortnight month year hour minute today tomorrow tonight yesterday
    январ феврал март апрел мая июн июл август сентябр октябр ноябр декабр
    понедельник вторник сред четверг пятниц суббот воскресен
    сегодня завтра вчера недел месяц час минут
    eiro euro евро цент рубл dolar dollar
    """
)
"""How such words begin, in Latvian, English and Russian."""

WHOLE = {
    one: one
    for one in _listed(
        "zero two three four five six seven eight nine ten eleven twelve half quarter couple "
        "thrice rit eur usd cents cent centi centu centus centiem gada gadu gadiem год года"
    )
}
"""Such words that others begin with."""

ONE = ("vien", "one", "одн", "один")
COUNTED = _listed(
    """
    eir eur cent dien nedel menes gad stund minut darb day week month year hour minute working
    percent procent евро день дня дней недел месяц год час
    """
)
"""What "one" is a number before."""

PROMISES = _listed(
    """
    garant apsol solam solij piesol kompens atmaks atlaid atlidz norakst bezmaks dzesis dzesam
    davan davin apnem gratis atcels atcelam atdos atdod atgriezis pagarinas pagarinam nemaksa
    samaksasim apmaksasim noteikti
    guarant promis compens refund discount reimburs waiv rebate voucher pledg undertak cancel
    assure certain definitely credit
    гарант обеща компенс возмест возврат верне верну скидк бесплат спиш подар отмен
    """
)
"""What a promise is told by, wherever it stands in a word."""

PROMISING = _listed(
    "bez_maksas par_brivu par_velti nebus_jamaksa nav_jamaksa netiks_piemerot nepiemeros "
    "sanemsiet_atpakal sanemsit_atpakal esam_dros esam_parliecinat dodam_vardu goda_vards "
    "free_of for_free pay_back pay_you give_you money_back no_charge no_cost not_have_to_pay "
    "need_not_pay need_not_be_paid no_need_to_pay owe_nothing dont_owe not_owe our_word on_us_ "
    "write_off writing_off gift_card не_нужно_плат за_наш_счет"
)
PROMISING = tuple(one.replace("_", " ") for one in PROMISING)
"""The same in several words."""

SECRETS = frozenset(
    _listed(
        "parole paroli paroles password passwords pin cvc cvv iban kartes card cards "
        "пароль пароля карты"
    )
)
"""What a customer is asked for by who wants to rob them."""

DENYING = frozenset(
    _listed("not no never cannot cant dont wont nor nav ne nevar nevaram bez не нет нельзя без")
)
"""What takes a promise back, shortly before it."""

POLITE = frozenset(
    _listed(
        "the a an please your already unfortunately hello ludzu jau jusu diemzel labdien sveiki "
        "пожалуйста ваш ваша ваше ваши вашего вашей ваших вашу здравствуйте"
    )
)
"""What a sentence may have more or less without saying anything else."""

CONDITIONS = frozenset(
    _listed("if when once until unless before after while ja kad kamer lidz pirms lai если когда")
)
"""How a clause begins on which another depends."""

LIMITING = tuple(
    f" {one.replace('_', ' ')} "
    for one in _listed(
        "but however only except otherwise unless if_not if_it_is_not though yet still "
        "bet tacu tomer tikai iznemot citadi preteja ja_ne savukart "
        "но однако только кроме иначе если_нет зато"
    )
)
"""How a sentence begins that takes something back of the one before."""

LATVIAN_POINTING = frozenset(_listed("tas ta tie tam tai sis si sie"))
POINTING = LATVIAN_POINTING | set(_listed("this that it these they это этот эта он они"))
"""How a sentence begins that speaks of the one before."""
