"""Words of other languages: which language it is, and what a word of it can prove."""

import pytest

from watcher.stories.lexicon import language_of, lexicon
from watcher.stories.reading import TITLE_CASE
from watcher.stories.words import Kind, Word, words_of


@pytest.mark.parametrize(
    ("texts", "language"),
    [
        (("Fähre fällt aus", "Die Fähre ist am Dienstag nicht gefahren."), "de"),
        (("Lottozahlen vom Mittwoch",), "de"),
        (("Le ferry reste à quai", "Il n’a pas pris la mer mardi."), "fr"),
        (("Un terremoto sacude Chile", "El norte del país, sin víctimas por ahora."), "es"),
        (("The ferry stays in port", "It did not sail on Tuesday."), "en"),
        (("Le Pen, Los Angeles, El Niño und Die Hard: what they have in common",), "en"),
        (("Flood closes north bridge",), "en"),
        (("Cidade fecha a ponte norte",), "en"),  # what we have no lists of
        (("北海道の研究者",), "en"),
        (("", ""), "en"),
    ],
)
def test_small_words_tell_the_language(texts: tuple[str, ...], language: str) -> None:
    assert language_of(*texts) == language


def test_a_language_is_told_by_the_beginning_of_a_text() -> None:
    assert language_of("", "der und nicht " + "x " * 300 + "the of and to with by") == "de"
    assert language_of("", "x " * 300 + "der die das und nicht") == "en"


def kinds(text: str, language: str) -> dict[str, Kind]:
    return {word.shown: word.kind for word in told(text, language)}


def told(text: str, language: str) -> list[Word]:
    return words_of(text, known=lexicon(language))


def test_in_german_a_capital_makes_no_name_of_an_everyday_noun() -> None:
    found = kinds("Am Abend sprach die Polizei in Bremen von einem Fehler bei Nordwerk.", "de")
    assert {word for word, kind in found.items() if kind is Kind.NAME} == {"Bremen", "Nordwerk"}
    assert found["Polizei"] is found["Fehler"] is Kind.PLAIN


def test_a_german_title_is_no_headline_where_capitals_prove_nothing() -> None:
    title = words_of("Unfall bei Celle: Polizei sucht Radfahrer", TITLE_CASE, lexicon("de"))
    assert title[2].kind is Kind.NAME


def test_a_family_name_is_no_form_of_a_german_noun() -> None:
    assert kinds("Am Abend kam Bauer zum Bau", "de") == {
        "Am": Kind.FUNCTION, "Abend": Kind.PLAIN, "kam": Kind.PLAIN, "Bauer": Kind.NAME,
        "zum": Kind.FUNCTION, "Bau": Kind.PLAIN,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("text", "language"), [("Sie riefen „Heraus“ im Chor", "de"), ("Il dit «Heraus» ici", "fr")]
)
def test_a_quotation_begins_with_a_capital_that_proves_nothing(text: str, language: str) -> None:
    assert kinds(text, language)["Heraus"] is Kind.CAPITAL


def test_one_is_a_number_where_spinners_are_not_at_home() -> None:
    assert kinds("Serie, Teil 1", "de")["1"] is Kind.NUMBER


def test_in_french_what_is_elided_is_a_word_of_its_own() -> None:
    found = [(word.key, word.kind) for word in told("Le séisme d'Iran n'a pas touché l’Irak", "fr")]
    assert ("iran", Kind.NAME) in found
    assert ("irak", Kind.NAME) in found
    assert ("n", Kind.FUNCTION) in found
    assert [word.key for word in told("aujourd'hui", "fr")] == ["aujourd'hui"]


@pytest.mark.parametrize(
    ("one", "other", "language"),
    [
        ("zwölf", "12", "de"),
        ("40.000", "40000", "de"),
        ("Samstag", "Sonnabend", "de"),
        ("zweiten", "zweite", "de"),
        ("deuxième", "2e", "fr"),
        ("août", "Aout", "fr"),
        ("sábado", "Sabado", "es"),
        ("once", "11", "es"),
    ],
)
def test_numbers_and_days_have_one_value_however_they_are_spelt(
    one: str, other: str, language: str
) -> None:
    assert told(one, language)[0].key == told(other, language)[0].key
    assert told(one, language)[0].kind is Kind.NUMBER


@pytest.mark.parametrize("language", ["de", "fr", "es"])
def test_the_decimal_comma_is_none_of_thousands(language: str) -> None:
    assert told("2,5", language)[0].key != told("25", language)[0].key
    assert told("2.500", language)[0].key == told("2500", language)[0].key


@pytest.mark.parametrize(
    ("one", "other", "language"),
    [("steigt", "fällt", "de"), ("augmente", "baisse", "fr"), ("sube", "baja", "es")],
)
def test_what_turns_a_sentence_round_is_known(one: str, other: str, language: str) -> None:
    keys = [told(word, language)[0].key for word in (one, other)]
    assert lexicon(language).are_antonyms(*keys)


@pytest.mark.parametrize("language", ["de", "fr", "es"])
def test_no_word_is_its_own_antonym_or_both_a_number_and_a_function_word(language: str) -> None:
    known = lexicon(language)
    assert not known.closed_words & known.numbers.keys()
    for places in known.sides.values():
        lines = [line for line, _ in places]
        assert len(lines) == len(set(lines))
