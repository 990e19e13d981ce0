import pytest

from tests.stories.telling import SPUN_SUMMARY, SPUN_TITLE, SUMMARY, TITLE, beside, item, original
from watcher.model import Verdict

MORE = (
    " Kari Lunde, who teaches at Tromsoe University, wrote that she had told the company in May and"
    " again in August, and that nobody had answered. Northwind disputes that. Its spokesman Per Aas"
    " said that the message had gone to an address that nobody reads, and that the firm had acted"
    " within 24 hours of hearing of it. The regulator in Oslo wants to know why the word, which is"
    " the name of a fish, was in the box at all. Shops in Bergen, Bodoe and Stavanger took the"
    " routers off their shelves. Whoever bought one since 2024 gets a new one without a receipt."
)


def test_a_spun_copy_folds_and_says_what_was_swapped() -> None:
    placed = beside(item(title=SPUN_TITLE, summary=SPUN_SUMMARY), original())
    assert (placed.verdict, placed.of, placed.story) == (Verdict.COPY, "original", "original")
    assert placed.score > 5
    assert placed.because == (
        f"same sentences as “{TITLE}” (feed-original) with 18 of 50 words replaced one for one; "
        "all 4 names and all 2 numbers agree",
    )


@pytest.mark.parametrize(
    ("title", "summary"),
    [
        (TITLE, SUMMARY),
        (TITLE.upper(), SUMMARY),
        (f"{TITLE} - Gadget Herald", SUMMARY),
        (f"Home / Devices / {TITLE}", f"{TITLE} {SUMMARY}"),
        (f"{TITLE} (AFP)", f"OSLO (AFP) - {SUMMARY}"),
        (f"Update 2: {TITLE}", SUMMARY.replace("at once", "immediately")),
        ("Norwegians told to unplug their routers", SUMMARY),
        (TITLE, SUMMARY[:120] + "… Read more"),
        (TITLE, SUMMARY[:140] + " [...]"),
        (TITLE, f"{SUMMARY} The post {TITLE} appeared first on Gadget Herald."),
        (TITLE, f"By Kari Lunde OSLO, March 3 (Reuters) - {SUMMARY}"),
        (TITLE, f"TROMSOE, Norway (AP) -- {SUMMARY}"),
        (TITLE, f"OSLO: {SUMMARY}"),
        (TITLE.replace("Northwind", "Northwind &amp;amp; Sons"), SUMMARY),
    ],
)
def test_the_same_text_in_another_guise_folds(title: str, summary: str) -> None:
    assert beside(item(title=title, summary=summary), original()).verdict is Verdict.COPY


@pytest.mark.parametrize("start", [0, 3, 5])
def test_a_headline_of_words_from_the_text_takes_nothing_from_it(start: int) -> None:
    summary = "A code red was called on Tuesday in Tromsoe Harbour because of the storm at sea."
    headline = " ".join(summary.split()[start : start + 6]).capitalize()
    first = original(title="Boats told to stay at the quay", summary=summary)
    assert beside(item(title=headline, summary=summary), first).verdict is Verdict.COPY


def test_a_title_that_is_the_beginning_of_the_text_there_is_part_of_it_here() -> None:
    """A shop window shows the first words as a title, and then the text from its start."""
    title = "Harbour master Kari Lunde of Bodoe shut the quay"
    text = f"{title}. Nobody was hurt, she said."
    earlier = item("earlier", title="Boats stay in port as the storm comes nearer", summary=text)
    assert beside(item(title=title, summary=text), earlier).verdict is Verdict.COPY


def test_titles_of_which_no_word_answers_another_change_nothing_of_the_same_text() -> None:
    text = (
        "Bodoe home Friday morning after flames spread through a kitchen and up the stairs,"
        " said Kari Lunde of the county."
    )
    title = "Bodoe firefighters rescue pets; 3 people displaced after home fire"
    retitled = item(title="Bodoe home Friday morning after flames spread through a", summary=text)
    assert beside(retitled, item("earlier", title=title, summary=text)).verdict is Verdict.COPY


def test_a_summary_is_compared_with_the_beginning_of_an_article() -> None:
    whole = original(summary="", content=SUMMARY + MORE)
    assert beside(item(title=SPUN_TITLE, summary=SPUN_SUMMARY), whole).verdict is Verdict.COPY
    teaser = item(title=TITLE, summary=SUMMARY)
    assert beside(item("x", title=SPUN_TITLE, content=SPUN_SUMMARY + MORE), teaser).verdict is (
        Verdict.COPY
    )


def test_whole_articles_that_differ_outweigh_summaries_that_agree() -> None:
    teaser = "Everything you need to know about home routers in Norway and how to keep Bodoe safe."
    other = (
        "Fishermen from Hammerfest met in a hall at the harbour to talk about quotas for cod. They"
        " want the minister, Ola Berg, to come north and to listen for once. Nobody from Oslo"
        " has been seen there since 2019, says Grete Moe, who owns four boats and rents out two."
    )
    one = item("one", title="What to know about routers", summary=teaser, content=SUMMARY + MORE)
    two = item("two", title="What to know about routers", summary=teaser, content=teaser + other)
    assert beside(two, one).verdict is not Verdict.COPY


def test_long_articles_may_differ_in_one_name_by_an_accident() -> None:
    one = item("one", title=TITLE, content=SUMMARY + MORE)
    two = item("two", title=TITLE, content=(SUMMARY + MORE).replace("Per Aas", "Per Ness"))
    three = item("three", title=TITLE, content=(SUMMARY + MORE).replace("Norway", "Sweden")
                 .replace("Oslo", "Malmoe").replace("Bergen", "Lund"))  # fmt: skip
    assert beside(two, one).verdict is Verdict.COPY
    assert beside(three, one).verdict is Verdict.NEW


def test_within_one_source_only_the_same_text_folds() -> None:
    again = item("again", feed="feed-original", title=TITLE, summary=SUMMARY, days=1)
    edited = item("edited", feed="feed-original", title=TITLE + " again", summary=SUMMARY + " Now.")
    spun = item("spun", feed="feed-original", title=SPUN_TITLE, summary=SPUN_SUMMARY)
    short = item("short", feed="feed-original", title="Open thread", summary="Talk here please")
    assert beside(again, original()).verdict is Verdict.COPY
    assert beside(edited, original()).verdict is Verdict.COPY
    assert beside(spun, original()).verdict is Verdict.NEW
    other_short = item("other", feed="feed-original", title="Open thread", summary=short.summary)
    assert beside(short, other_short).verdict is Verdict.NEW


def test_a_title_alone_folds_only_onto_the_same_title() -> None:
    alone = item("alone", title=TITLE)
    assert beside(item(title=TITLE.lower()), alone).verdict is Verdict.COPY
    assert beside(item(title=TITLE), original()).verdict is Verdict.COPY
    spun = "Northwind recalls 40,000 routers after technicians find hidden entrance in the box"
    longer = item("longer", title="Northwind recalls 40,000 routers after engineers find hidden"
                  " access in the box")  # fmt: skip
    related = beside(item(title=spun), longer)
    assert related.verdict is Verdict.RELATED
    assert (related.of, related.story) == ("longer", "later")


@pytest.mark.parametrize(
    "text",
    [
        "北海道の研究者は火曜日に家庭用ルーターの秘密の入口を発見したと発表した。会社は回収を始める。",
        "Норвежская компания отзывает сорок тысяч маршрутизаторов из-за тайного входа в дом",
        "شركة الشبكات تسحب أربعين ألف جهاز توجيه منزلي بعد اكتشاف مدخل سري في هذه الأجهزة القديمة",
        "कंपनी ने मंगलवार को चालीस हजार घरेलू राउटर वापस लेने की घोषणा की उनमें गुप्त रास्ता मिला",
        "Η εταιρεία ανακαλεί σαράντα χιλιάδες οικιακούς δρομολογητές λόγω μιας κρυφής εισόδου",
        "חברת הרשתות מחזירה ארבעים אלף נתבים ביתיים לאחר שמהנדסים מצאו דלת נסתרת בתוך המכשירים",
        "บริษัทเครือข่ายเรียกคืนเราเตอร์บ้านสี่หมื่นเครื่องหลังวิศวกรพบทางเข้าลับ",
        "네트워크 회사는 숨겨진 입구가 발견된 뒤 공유기 사만 대를 회수한다고 밝혔다",
        "Die Firma ruft vierzigtausend Router zurück, weil ein Ingenieur eine Hintertür fand",
        "La société rappelle quarante mille routeurs, car un ingénieur y trouva une porte",
    ],
)
def test_the_same_text_folds_in_any_script_and_another_does_not(text: str) -> None:
    one = item("one", title=text[:20], summary=text)
    assert beside(item(title=text[:20], summary=text), one).verdict is Verdict.COPY
    other = item(title=text[:20], summary=text[::-1])
    assert beside(other, one).verdict is not Verdict.COPY


def test_a_script_without_capitals_folds_no_text_with_a_word_exchanged() -> None:
    text = "شركة الشبكات تسحب أربعين ألف جهاز توجيه منزلي بعد اكتشاف مدخل سري في النرويج"
    one = item("one", title="شركة الشبكات", summary=text)
    other = item("other", title="شركة الشبكات", summary=text.replace("النرويج", "السويد"))
    assert beside(other, one).verdict is Verdict.NEW


def test_a_name_made_of_words_is_swapped_like_words_where_many_are() -> None:
    title = "Look at the wild animals of the county at last"
    summary = (
        "Tours come back on Saturday at the Hidden Valley Animal Park near Tromsoe, and Kari Lunde"
        " hopes that more people than in the year before will take a ride to see the moose."
    )
    spun_title = "Glance at the untamed beasts of the county finally"
    spun_summary = (
        "Trips return on Saturday at the Hidden Vale Beast Park near Tromsoe, and Kari Lunde"
        " trusts that more folk than in the year before will take a drive to see a elk."
    )
    copied = item(title=spun_title, summary=spun_summary)
    assert beside(copied, original(title=title, summary=summary)).verdict is Verdict.COPY


def test_spinners_write_small_and_round_numbers_either_way() -> None:
    title = "1 million people flood the streets of Tromsoe to see one fish"
    spun = "1 1000000 folk flood the roads of Tromsoe to see 1 fish"
    assert beside(item(title=spun, summary=SUMMARY), original(title=title)).verdict is Verdict.COPY
