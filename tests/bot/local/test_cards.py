"""Everything a card or form can hold, as HTML; and that nobody's words become markup."""

import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest

from bot.local.cards import message
from bot.local.forms import form
from bot.local.markup import plain, seen_by, words
from handlers.kit.cards import (
    Bullets,
    Button,
    Buttons,
    Card,
    Chart,
    ChoiceField,
    DateField,
    Divider,
    Facts,
    Field,
    Form,
    Line,
    Link,
    Look,
    Mention,
    Moment,
    Note,
    NumberField,
    Option,
    Paragraph,
    Part,
    PeopleField,
    Quote,
    Row,
    Strong,
    Style,
    TextField,
    TimeField,
    Tone,
    ToType,
)
from handlers.kit.delivery import Reader
from handlers.kit.people import Address
from tests.bot.local.fakes import FORM, GALLERY, HOSTILE, NOON, FakeTeam

ENGLISH = seen_by(Reader("en", "Europe/Riga"))
LATVIAN = seen_by(Reader("lv", "Europe/Riga"))
BUTTON = Button(("Go",), "case.go", {"case": "1"})
GO = (
    '<button type="button" class="button plain" data-does="case.go"'
    ' data-values="{&quot;case&quot;: &quot;1&quot;}">Go</button>'
)


@pytest.mark.parametrize(
    ("part", "html"),
    [
        (
            Paragraph(("a ", Strong("b"), " ", Mention("Jānis"))),
            '<p dir="auto">a <strong>b</strong> <span class="mention">Jānis</span></p>',
        ),
        (
            Paragraph((Moment(NOON),)),
            f'<p dir="auto"><time datetime="{NOON.isoformat()}" data-style="time">12:00</time></p>',
        ),
        (
            Paragraph((Link("112", "tel:112"), " ", Link("more", "https://example.org/?a=1&b"))),
            (
                '<p dir="auto"><a href="tel:112">112</a> <a href="https://example.org/?a=1&amp;b"'
                ' target="_blank" rel="noreferrer">more</a></p>'
            ),
        ),
        (Paragraph((Link("press me", "javascript:alert(1)"),)), '<p dir="auto">press me</p>'),
        (Quote(("said",)), '<blockquote dir="auto">said</blockquote>'),
        (
            Facts(((("Topic",), ("bills",)),)),
            '<dl class="facts"><div><dt>Topic</dt><dd dir="auto">bills</dd></div></dl>',
        ),
        (
            Bullets((("one",), ("two",))),
            '<ul class="bullets"><li dir="auto">one</li><li dir="auto">two</li></ul>',
        ),
        (
            Bullets((("one",),), numbered=True),
            '<ol class="bullets"><li dir="auto">one</li></ol>',
        ),
        (Row(("line",), BUTTON), f'<div class="row"><p dir="auto">line</p>{GO}</div>'),
        (
            Buttons((BUTTON, replace(BUTTON, look=Look.DANGER, confirm=("Sure?",)))),
            (
                f'<div class="buttons">{GO}'
                '<button type="button" class="button danger" data-does="case.go"'
                ' data-values="{&quot;case&quot;: &quot;1&quot;}" data-confirm="Sure?">Go</button>'
                "</div>"
            ),
        ),
        (Note(("small",)), '<p class="note" dir="auto">small</p>'),
        (Divider(), "<hr>"),
        (
            Chart(("Hands",), (("Mon", 2), ("Tue", 4)), ("2, then 4.",)),
            (
                '<figure class="chart"><figcaption>Hands</figcaption><dl class="bars">'
                '<div class="bar"><dt>Mon</dt><dd><svg viewBox="0 0 100 10"'
                ' preserveAspectRatio="none"'
                ' aria-hidden="true"><rect width="50.0" height="10" rx="1"></rect></svg>'
                "<span>2</span></dd></div>"
                '<div class="bar"><dt>Tue</dt><dd><svg viewBox="0 0 100 10"'
                ' preserveAspectRatio="none"'
                ' aria-hidden="true"><rect width="100.0" height="10" rx="1"></rect></svg>'
                "<span>4</span></dd></div></dl>"
                '<p class="note">2, then 4.</p></figure>'
            ),
        ),
        (
            Chart(("Nothing yet",), (("Mon", 0),), ("No hands.",)),
            (
                '<figure class="chart"><figcaption>Nothing yet</figcaption><dl class="bars">'
                '<div class="bar"><dt>Mon</dt><dd><svg viewBox="0 0 100 10"'
                ' preserveAspectRatio="none"'
                ' aria-hidden="true"><rect width="0.0" height="10" rx="1"></rect></svg>'
                '<span>0</span></dd></div></dl><p class="note">No hands.</p></figure>'
            ),
        ),
    ],
)
def test_each_part(part: Part, html: str) -> None:
    assert message(Card(("T",), (part,)), ENGLISH) == (
        f'<div class="card tone-calm"><h3 class="title">T</h3>{html}</div>'
    )


@pytest.mark.parametrize(
    ("tone", "word"),
    [(Tone.URGENT, "Steidzami"), (Tone.GOOD, "Laba ziņa"), (Tone.CAREFUL, "Uzmanību")],
)
def test_a_tone_has_a_picture_and_a_word(tone: Tone, word: str) -> None:
    assert message(Card(("T",), (), tone), LATVIAN) == (
        f'<div class="card tone-{tone}"><p class="tone"><svg class="icon" aria-hidden="true">'
        f'<use href="#icon-{tone}"></use></svg>{word}</p><h3 class="title">T</h3></div>'
    )


def test_a_chart_is_drawn_in_the_pages_own_colours() -> None:
    chart = Chart(('A "title"',), (("Mon", 2), ("<Tue>", 4)), ('Two "hands", then four.',))

    def bar(name: str, width: float, count: int) -> str:
        return (
            f'<div class="bar"><dt>{name}</dt><dd>'
            '<svg viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">'
            f'<rect width="{width}" height="10" rx="1"></rect></svg><span>{count}</span></dd></div>'
        )

    assert message(Card(("T",), (chart,)), ENGLISH) == (
        '<div class="card tone-calm"><h3 class="title">T</h3>'
        '<figure class="chart"><figcaption>A &quot;title&quot;</figcaption><dl class="bars">'
        f"{bar('Mon', 50.0, 2)}{bar('&lt;Tue&gt;', 100.0, 4)}"
        '</dl><p class="note">Two &quot;hands&quot;, then four.</p></figure></div>'
    )


def test_moments_are_in_the_readers_zone_and_language() -> None:
    line: Line = ("until ", Moment(NOON, Style.DATETIME))
    assert plain(line, LATVIAN) == "until 2026. gada 2. marts 12:00"
    assert plain(line, seen_by(Reader("en", "America/New_York"))) == "until 2 Mar 2026, 05:00"


def test_what_to_type_is_in_the_readers_own_words() -> None:
    line: Line = ("Type ", ToType("hand", "<b>"))
    assert message(Card(line), LATVIAN) == (
        '<div class="card tone-calm"><h3 class="title">Type <code>/roka &lt;b&gt;</code></h3></div>'
    )
    assert plain(line, ENGLISH) == "Type /hand <b>"


@pytest.mark.parametrize(
    ("field", "html"),
    [
        (
            TextField("line", ("Line",), 'a "b"', limit=300, hint=("Short.",)),
            (
                '<div class="field" data-field="line"><label for="field-line">Line</label>'
                '<p class="field-hint" id="field-line-hint">Short.</p>'
                '<input type="text" value="a &quot;b&quot;" id="field-line"'
                ' name="line" maxlength="300"'
                ' autocomplete="off" dir="auto"'
                ' aria-describedby="field-line-hint field-line-error" required>'
                '<p class="counter" aria-hidden="true">5 / 300</p>'
                '<p class="field-error" id="field-line-error"></p></div>'
            ),
        ),
        (
            TextField("more", ("More",), "\nx</textarea>", multiline=True, required=False),
            (
                '<div class="field" data-field="more"><label for="field-more">More'
                ' <span class="optional">(optional)</span></label>'
                '<p class="field-hint" id="field-more-hint"></p>'
                '<textarea rows="4" id="field-more" name="more" maxlength="200"'
                ' autocomplete="off" dir="auto"'
                ' aria-describedby="field-more-hint field-more-error">'
                "\n\nx&lt;/textarea&gt;</textarea>"
                '<p class="counter" aria-hidden="true">13 / 200</p>'
                '<p class="field-error" id="field-more-error"></p></div>'
            ),
        ),
        (
            NumberField("n", ("How many",), 3, 1, 9),
            (
                '<div class="field" data-field="n"><label for="field-n">How many</label>'
                '<p class="field-hint" id="field-n-hint"></p>'
                '<input type="number" inputmode="numeric" step="1" id="field-n" name="n" value="3"'
                ' min="1" max="9" aria-describedby="field-n-hint field-n-error" required>'
                '<p class="field-error" id="field-n-error"></p></div>'
            ),
        ),
        (
            DateField("day", ("First day",), "2026-11-24"),
            (
                '<div class="field" data-field="day"><label for="field-day">First day</label>'
                '<p class="field-hint" id="field-day-hint"></p>'
                '<input type="date" id="field-day" name="day" value="2026-11-24"'
                ' aria-describedby="field-day-hint field-day-error" required>'
                '<p class="field-error" id="field-day-error"></p></div>'
            ),
        ),
        (
            TimeField("at", ("Begins",), hint=("In Riga",)),
            (
                '<div class="field" data-field="at"><label for="field-at">Begins</label>'
                '<p class="field-hint" id="field-at-hint">In Riga</p>'
                '<input type="time" id="field-at" name="at" value=""'
                ' aria-describedby="field-at-hint field-at-error" required>'
                '<p class="field-error" id="field-at-error"></p></div>'
            ),
        ),
        (
            ChoiceField("c", ("Pick",), (Option("a", ("A",), ("why",)),), value=("a",)),
            (
                '<fieldset class="field" data-field="c" data-required'
                ' aria-describedby="field-c-hint field-c-error"><legend>Pick</legend>'
                '<p class="field-hint" id="field-c-hint"></p><div class="boxes">'
                '<label class="box"><input type="radio" name="c" value="a" checked>'
                "<span>A<small>why</small></span></label></div>"
                '<p class="field-error" id="field-c-error"></p></fieldset>'
            ),
        ),
        (
            ChoiceField("c", ("Pick",), (Option("a", ("A",), ("why",)),), required=False),
            (
                '<div class="field" data-field="c"><label for="field-c">Pick'
                ' <span class="optional">(optional)</span></label>'
                '<p class="field-hint" id="field-c-hint"></p>'
                '<select id="field-c" name="c" aria-describedby="field-c-hint field-c-error">'
                '<option value="">Choose…</option><option value="a">A (why)</option></select>'
                '<p class="field-error" id="field-c-error"></p></div>'
            ),
        ),
        (
            ChoiceField(
                "c", ("Pick",), tuple(Option(o, (o,)) for o in "abc"), most=2, hint=("Or none.",)
            ),
            (
                '<fieldset class="field" data-field="c" data-most="2" data-required'
                ' aria-describedby="field-c-hint field-c-error"><legend>Pick</legend>'
                '<p class="field-hint" id="field-c-hint">Or none. At most 2.</p><div class="boxes">'
                '<label class="box"><input type="checkbox" name="c" value="a">'
                "<span>a</span></label>"
                '<label class="box"><input type="checkbox" name="c" value="b">'
                "<span>b</span></label>"
                '<label class="box"><input type="checkbox" name="c" value="c">'
                "<span>c</span></label>"
                '</div><p class="field-error" id="field-c-error"></p></fieldset>'
            ),
        ),
    ],
)
def test_each_field(field: Field, html: str) -> None:
    assert form(Form(("Ask",), "case.ask", ("Send",), (field,), {"case": "1"}), ENGLISH) == (
        '<form data-does="case.ask" data-values="{&quot;case&quot;: &quot;1&quot;}" novalidate>'
        '<h2 class="form-title" id="form-title">Ask</h2><div class="form-body">'
        f'{html}</div><div class="form-foot">'
        '<button type="button" class="button" data-close>Close</button>'
        '<button type="submit" class="button primary">Send</button></div></form>'
    )


def test_people_are_chosen_from_the_team() -> None:
    team = [(user, person) for user, person in FakeTeam().members.items() if user < "b"]
    field = PeopleField("who", ("Who",), (Address("local", "demo", "anna"),))
    assert (
        '<select id="field-who" name="who" aria-describedby="field-who-hint field-who-error"'
        ' required><option value="">Izvēlēties…</option>'
        '<option value="anna" selected>Anna Kalniņa</option></select>'
    ) in form(Form(("T",), "x", ("S",), (field,)), replace(LATVIAN, team=team))


def test_who_fills_it_in_is_not_offered_where_a_colleague_is_meant() -> None:
    team = list(FakeTeam().members.items())
    field = PeopleField("who", ("Who",), without=(Address("local", "demo", "anna"),))
    shown = form(Form(("T",), "x", ("S",), (field,)), replace(LATVIAN, team=team))
    offered = [user for user, _ in team if f'value="{user}"' in shown]
    assert offered == [user for user, _ in team if user != "anna"]


def test_several_may_be_chosen_where_the_limit_is_above_what_there_is() -> None:
    field = ChoiceField("c", ("Pick",), tuple(Option(o, (o,)) for o in "ab"), most=10)
    html = form(Form(("T",), "x", ("S",), (field,)), ENGLISH)
    assert 'data-field="c" data-most="10"' in html
    assert "At most" not in html


def test_an_error_stands_at_its_field_and_the_words_stay() -> None:
    asked = replace(
        FORM,
        fields=(TextField("line", ("Line",), "typed before"), NumberField("n", ("N",))),
        errors={"line": ("Too <b>bold</b>.",)},
    )
    html = form(asked, ENGLISH)
    assert re.findall(r'<(\w+)[^>]*name="(\w+)"[^>]*aria-invalid="true"', html) == [
        ("input", "line")
    ]
    assert 'value="typed before"' in html
    assert '<p class="field-error" id="field-line-error">Too &lt;b&gt;bold&lt;/b&gt;.</p>' in html
    assert 'role="alert">Please look at the marked fields.</p>' in html


def test_a_long_list_opens_instead_of_filling_the_screen() -> None:
    options = tuple(Option(str(number), (f"n{number}",)) for number in range(8))
    few = form(Form(("T",), "x", ("S",), (ChoiceField("c", ("C",), options[:7]),)), ENGLISH)
    many = form(Form(("T",), "x", ("S",), (ChoiceField("c", ("C",), options),)), ENGLISH)
    assert (few.count('type="radio"'), few.count("<select")) == (7, 0)
    assert (many.count('type="radio"'), many.count("<select")) == (0, 1)


def test_nobodys_words_become_markup() -> None:
    line: Line = (HOSTILE, Strong(HOSTILE), Mention(HOSTILE), Link(HOSTILE, f"https://{HOSTILE}"))
    button = Button(line, HOSTILE, {HOSTILE: HOSTILE}, confirm=line)
    card = Card(
        line,
        (
            Paragraph(line),
            Quote(line),
            Facts(((line, line),)),
            Bullets((line,)),
            Row(line, button),
            Buttons((button,)),
            Note(line),
            Chart(line, ((HOSTILE, 1),), line),
        ),
    )
    asked = Form(
        line,
        HOSTILE,
        line,
        (
            TextField(HOSTILE, line, HOSTILE, hint=line),
            TextField("m", line, HOSTILE, multiline=True),
            ChoiceField("c", line, (Option(HOSTILE, line, line),), (HOSTILE,)),
            ChoiceField("d", line, (Option(HOSTILE, line, line),), (HOSTILE,), most=2),
            ChoiceField("e", line, (Option(HOSTILE, line, line),), required=False),
        ),
        values={HOSTILE: HOSTILE},
        intro=card.parts,
        errors={HOSTILE: line, "m": line},
    )
    html = message(card, ENGLISH) + form(asked, ENGLISH) + words(HOSTILE)
    read = _Tags()
    read.feed(html)
    assert "img" not in read.tags
    assert {name for name in read.attributes if name.startswith("on")} == set()
    assert HOSTILE in read.text


def test_the_gallery_has_every_part() -> None:
    assert {type(part) for part in GALLERY.parts} == set(Part.__args__)
    assert {type(field) for field in FORM.fields} == set(Field.__args__)


class _Tags(HTMLParser):
    """Which tags and attributes a browser would see, and all the text."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes.update(name for name, _ in attrs)

    def handle_data(self, data: str) -> None:
        self.text += data
