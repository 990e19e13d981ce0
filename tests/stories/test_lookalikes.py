import pytest

from tests.stories.telling import SUMMARY, TITLE, beside, item, original
from watcher.model import Verdict


@pytest.mark.parametrize(
    ("earlier", "later", "because"),
    [
        (
            ("Northwind to leave Norway over access to routers",
             "Northwind today said it would end its business in Norway by June after the ministry"
             " in Oslo asked for open access to its routers."),
            ("Northwind will stay in Norway after ministry drops demand for access",
             "Northwind today said it would keep its business in Norway after the ministry in Oslo"
             " dropped the demand for open access to its routers."),
            "“stay” stands where",
        ),
        (
            (TITLE, SUMMARY),
            (TITLE.replace("Northwind", "Contoso"), SUMMARY.replace("Northwind", "Contoso")),
            "the name Contoso stands where it had Northwind",
        ),
        (
            (TITLE, SUMMARY),
            (TITLE, SUMMARY.replace("Norway", "Sweden")),
            "the name Sweden stands where it had Norway",
        ),
        (
            (TITLE, SUMMARY),
            (TITLE, SUMMARY.replace("in Norway", "all over Sweden")),
            "the name Sweden stands where it had Norway",
        ),
        (
            (TITLE, SUMMARY),
            (TITLE, SUMMARY.replace("Tuesday", "Friday")),
            "the number or day Friday stands where it had Tuesday",
        ),
        (
            ("Apple recalls chargers after fire",
             "Apple said it would recall a charger that can burst into flames when it is wet."),
            ("Samsung recalls chargers after fire",
             "Samsung said it would recall a charger that can burst into flames when it is wet."),
            "“Samsung” stands where it had “Apple”, and hardly a word else changed",
        ),
        (
            ("Patch Tuesday June: what to install first",
             "The fixes of this month close holes in the kernel, the browser and the mail server,"
             " three of which are used by attackers already."),
            ("Patch Tuesday July: what to install first",
             "The fixes of this month close holes in the kernel, the browser and the mail server,"
             " three of which are used by attackers already."),
            "the number or day July stands where it had June",
        ),
        (
            ("Quilber's new app", "Quilber's new app is now available for macOS and Windows."),
            ("Ardour 9.0 released", "Ardour 9.0 is now available for Linux, macOS and Windows."
             " It is a major release for its makers, with many things that musicians asked for."),
            "“Ardour” stands where it had “Quilber's”, which is no word but a name",
        ),
        (
            ("Winning lottery numbers", "The numbers drawn on Saturday were 4, 8, 15, 16, 23."),
            ("Winning lottery numbers", "The numbers drawn on Saturday were 3, 9, 11, 30, 41."),
            "the number or day 3 stands where it had 4",
        ),
        (
            ("Strike at the harbour: Day 5", "Nothing moves at the harbour, where the crane drivers"
             " want more pay and shorter shifts from the port authority."),
            ("Strike at the harbour: Day 6", "Nothing moves at the harbour, where the crane drivers"
             " want more pay and shorter shifts from the port authority."),
            "the number or day 6 stands where it had 5",
        ),
        (
            ("Strike at the harbour", "Nothing moves at the harbour, where the crane drivers"
             " want more pay and shorter shifts from the port authority."),
            ("Strike at the harbour: Day 6", "Nothing moves at the harbour, where the crane drivers"
             " want more pay and shorter shifts from the port authority."),
            "only one of the two like titles says 6",
        ),
    ],
)  # fmt: skip
def test_what_only_looks_alike_is_new_and_says_why(
    earlier: tuple[str, str], later: tuple[str, str], because: str
) -> None:
    is_new_because(earlier, later, because)


def is_new_because(earlier: tuple[str, str], later: tuple[str, str], because: str) -> None:
    one = item("one", title=earlier[0], summary=earlier[1])
    placed = beside(item(title=later[0], summary=later[1]), one)
    assert placed.verdict is Verdict.NEW
    assert placed.story == "later"
    assert placed.of is None
    assert because in placed.because[0]


def test_an_independent_report_of_the_same_event_is_no_copy() -> None:
    report = item(
        title="Hidden word opens Northwind boxes; 40,000 Norwegian homes affected",
        summary="A lecturer in Tromsoe says she warned Northwind twice. On Tuesday the firm gave in"
        " and called its routers back from shops all over Norway.",
    )
    placed = beside(report, original())
    assert placed.verdict is not Verdict.COPY
    assert "of 100 words in common" in placed.because[0]


def test_a_denial_in_the_title_alone_counts_against_a_copy() -> None:
    one = item("one", title="Northwind sells its plant in Bodoe")
    denied = item("two", title="Northwind never sells its plant in Bodoe")
    assert beside(denied, one).verdict is not Verdict.COPY


def test_nothing_alike_is_new() -> None:
    placed = beside(
        item(title="Cod is dear", summary="In Hammerfest a kilo costs more."), original()
    )
    assert placed.verdict is Verdict.NEW
    assert placed.because == ("no earlier story shares enough of its words",)
    assert beside(item(title=TITLE)).verdict is Verdict.NEW


@pytest.mark.parametrize("summary", ["", SUMMARY])
def test_items_without_any_text_are_new(summary: str) -> None:
    assert beside(item(), item("other", summary=summary)).verdict is Verdict.NEW
    assert beside(item(summary=summary), item("other")).verdict is Verdict.NEW


def test_a_name_made_of_words_tells_apart_where_hardly_a_word_else_differs() -> None:
    summary = "Morning tours return on Saturday at the Hidden {} Animal Park, the county said."
    title = "Tours of the county's animal park return on Saturday"
    valley, vale = (
        item(name, title=title, summary=summary.format(name)) for name in ("Valley", "Harbour")
    )
    assert beside(vale, valley).verdict is not Verdict.COPY


def test_the_first_day_of_a_series_is_not_the_series() -> None:
    summary = "Voters choose who fills the seat of the senator who became mayor of Northam in May."
    first = item("a", title="Special election: Day 1 early voting total", summary=summary)
    later = item("b", title="Special election: early voting total", summary=summary)
    assert beside(later, first).verdict is not Verdict.COPY


def test_the_day_of_a_dateline_tells_the_instalments_of_a_report_apart() -> None:
    told = "OSLO, March {} (Reuters) - Shares in Oslo closed higher, with fish and oil in demand."
    first = item("a", title="Oslo shares close higher", summary=told.format(3))
    later = item("b", title="Oslo shares close higher", summary=told.format(4))
    assert beside(later, first).verdict is not Verdict.COPY


PARTS = (
    "There were a number of {} in the old harbour hall over the years. Take a look at five of them."
)


@pytest.mark.parametrize(
    ("earlier", "later", "because"),
    [
        (
            ("Farewell to the harbour hall: boxing nights", PARTS.format("boxing nights")),
            ("Farewell to the harbour hall: 5 concerts to remember", PARTS.format("concerts")),
            "“5 concerts to remember” stands under the same heading as “boxing nights”",
        ),
        (
            ("Bodoe: the fiddles of the north", "Two reporters tell of music in Bodoe, in Tromsoe"
             " and in Hammerfest, where people dance until the morning comes."),
            ("Tromsoe: a drum and its maker", "Two reporters tell of music in Bodoe, in Tromsoe"
             " and in Hammerfest, where people dance until the morning comes."),
            "it is headed “Tromsoe”, not “Bodoe”",
        ),
        (
            ("Los Ángeles: los tambores del puerto", "Dos reporteros cuentan la música de Los"
             " Ángeles y de Bodoe, donde la gente baila hasta que llega la mañana."),
            ("Bodoe: una casa de los violines", "Dos reporteros cuentan la música de Los"
             " Ángeles y de Bodoe, donde la gente baila hasta que llega la mañana."),
            "it is headed “Bodoe”, not “Los Ángeles”",
        ),
        (
            ("Some ferries keep burning", "Most managers would not question that safety matters,"
             " but this priority has been sliding down the list of what firms care about."),
            ("How spoofed buoys could mislead whole fleets", "Most managers would not question that"
             " safety matters, but this priority has been sliding down the list of what firms care"
             " about."),
            "“How spoofed buoys could mislead whole fleets” and its title tell of different things",
        ),
        (
            ("Council will close the north bridge in May",
             "The council said that it had talked with the builders for most of the night."),
            ("Council will not close the north bridge in May",
             "The council said that it had talked with some builders for most of the week."),
            "only one of the two like titles says “not”",
        ),
    ],
)  # fmt: skip
def test_titles_that_tell_of_different_things_outweigh_bodies_that_agree(
    earlier: tuple[str, str], later: tuple[str, str], because: str
) -> None:
    is_new_because(earlier, later, because)


@pytest.mark.parametrize(
    ("earlier", "later"),
    [
        ("Your money: power of attorney", "Your money: superpower of lawyer"),  # spun
        ("Building bridges through boxing", "Constructing spans through fisticuffs"),
        ("Routers called back", "Norwegians told to unplug the boxes at once"),  # of the text
        ("Ferries keep burning", "What you need to know today"),  # of any text
        ("Northwind: never mind", "Recall: what to know about Northwind's routers"),
    ],
)
def test_other_titles_over_the_same_body_are_copies_all_the_same(earlier: str, later: str) -> None:
    one = item("one", title=earlier, summary=SUMMARY)
    assert beside(item(title=later, summary=SUMMARY), one).verdict is Verdict.COPY
