"""German, where every noun has a capital."""

from tests.stories.languages.telling import Article, Language, Two

LOOKALIKES = (
    Two("Lottozahlen vom {Mittwoch|Samstag}: Das sind die Gewinnzahlen",
        "Gezogen wurden am {Mittwoch|Samstag} die Zahlen {4, 11, 19, 27, 33, 45|2, 9, 18, 25, 38,"
        " 49}. Die Superzahl lautet {7|3}. Alle Angaben sind ohne Gewähr."),
    Two("Lotto: Das sind die Gewinnzahlen",
        "Die Gewinnzahlen der Ziehung am Samstag lauten {4, 11, 19, 27, 33, 45|2, 9, 18, 25, 38,"
        " 49}. Alle Angaben sind ohne Gewähr."),
    Two("Das Wetter am {Montag|Dienstag} in Niedersachsen",
        "Am {Montag|Dienstag} ziehen von Westen her Wolken auf, am Nachmittag fällt im Harz etwas"
        " Regen. Es bleibt mild, der Wind weht schwach bis mäßig aus südlichen Richtungen."),
    Two("Milder Start in die Woche an der Küste",
        "Die Temperaturen erreichen im Norden höchstens {zwölf|neun} Grad, an der Küste weht ein"
        " frischer Wind und über den Inseln zeigt sich am Nachmittag oft die Sonne."),
    Two("Wetter in {Hessen|Sachsen}: Regen und Wind am Wochenende",
        "In {Hessen|Sachsen} wird es am Wochenende nass und windig. Der Wetterdienst rechnet mit"
        " Böen auf den Bergen und mit Regen in allen Landesteilen."),
    Two("{Bremen|Augsburg} gewinnt {2:1|3:0} gegen Mainz",
        "{Bremen|Augsburg} hat am Samstag vor eigenem Publikum {2:1|3:0} gegen Mainz gewonnen und"
        " klettert in der Tabelle um zwei Plätze. Der Trainer lobte nach dem Spiel die Abwehr."),
    Two("Freiburg schlägt {Köln|Bochum} und springt auf Platz vier",
        "Freiburg hat im Heimspiel gegen {Köln|Bochum} verdient gewonnen und steht nun auf Platz"
        " vier. Das entscheidende Tor fiel kurz vor dem Ende nach einer Ecke."),
    Two("Bundesliga: Der {12.|13.} Spieltag im Überblick",
        "Alle Begegnungen, Anstoßzeiten und Übertragungen: Hier finden Sie die Partien des"
        " Spieltags und die Tabelle der Bundesliga auf einen Blick."),
    Two("Das {erste|zweite} Halbfinale steht fest",
        "Im {ersten|zweiten} Halbfinale des Pokals treffen am Abend zwei Mannschaften aufeinander,"
        " die sich in dieser Saison schon einmal gegenüber standen, damals ohne Sieger."),
    Two("Landtagswahl in {Hessen|Thüringen}: So stimmen die Bürger ab",
        "Bei der Landtagswahl in {Hessen|Thüringen} sind die Wahllokale bis zum Abend geöffnet. Die"
        " ersten Prognosen werden kurz nach der Schließung erwartet."),
    Two("Wahlbeteiligung bis zum {Mittag|Nachmittag} höher als zuletzt",
        "Bis {zwölf|sechzehn} Uhr hat rund ein Drittel der Berechtigten abgestimmt, teilte der"
        " Wahlleiter mit. Damit liegt die Beteiligung höher als bei der letzten Wahl."),
    Two("Euro {steigt|fällt} auf {1,0821|1,0794} Dollar",
        "Die Zentralbank setzte den Referenzkurs am Nachmittag auf {1,0821|1,0794} Dollar fest. Der"
        " Euro {steigt|fällt} damit den dritten Tag in Folge."),
    Two("Dax {steigt|fällt} zum Handelsschluss",
        "Der Leitindex {steigt|fällt} am Abend leicht, denn die Anleger warten auf Zahlen aus"
        " Übersee. Im Mittelpunkt standen die Werte der Autobauer und der Chemie."),
    Two("Zahl der Arbeitslosen nimmt {zu|ab}",
        "Die Zahl der Menschen ohne Arbeit nimmt im Norden weiter {zu|ab}, teilte die Agentur am"
        " Morgen mit. Besonders deutlich zeigt sich das bei den jungen Leuten."),
    Two("Preise für Butter {gesunken|gestiegen}",
        "Verbraucher zahlen im Handel {weniger|mehr} für Butter. Die großen Ketten haben die Preise"
        " am Morgen {gesenkt|erhöht}, andere Händler wollen folgen."),
    Two("Inflation liegt bei {2,5|25} Prozent",
        "Die Verbraucherpreise sind im Vergleich zum Vorjahr um {2,5|25} Prozent gestiegen, wie das"
        " Statistikamt nach einer ersten Schätzung mitteilte."),
    Two("Verbraucherpreise im {März|April} gestiegen",
        "Die Preise sind im {März|April} gegenüber dem Vormonat gestiegen. Vor allem Lebensmittel"
        " und Dienstleistungen verteuerten sich, Energie wurde dagegen billiger."),
    Two("{Radfahrer|Motorradfahrer} bei Unfall in {Celle|Peine} verletzt",
        "Bei einem Unfall in {Celle|Peine} ist ein {34|57} Jahre alter {Radfahrer|Motorradfahrer}"
        " verletzt worden. Er kam in ein Krankenhaus, die Straße war zwei Stunden gesperrt."),
    Two("{Mann|Frau} nach Streit in Wohnung festgenommen",
        "Nach einem Streit in einer Wohnung ist {ein Mann|eine Frau} festgenommen worden. Nachbarn"
        " hatten Lärm gehört und die Polizei gerufen, verletzt wurde niemand."),
    Two("{Zwei|Drei} Verletzte nach Brand in Wohnhaus",
        "Bei einem Brand in einem Wohnhaus sind {zwei|drei} Menschen verletzt worden. Die Ursache"
        " ist noch unklar, die Polizei schätzt den Schaden auf eine hohe Summe."),
    Two("Einbruch in Kiosk: Polizei sucht Zeugen",
        "Unbekannte sind in der Nacht zum {Donnerstag|Freitag} in einen Kiosk eingebrochen und"
        " haben Zigaretten gestohlen. Hinweise nimmt die Polizei in Goslar entgegen."),
    Two("Bombe wird am {Montagabend|Freitagabend} entschärft",
        "Anwohner müssen am {Montagabend|Freitagabend} ihre Wohnungen verlassen, weil auf einer"
        " Baustelle eine Bombe aus dem Weltkrieg gefunden wurde."),
    Two("Serie Gartenjahr, {Teil 1|Teil 2}: Was jetzt zu tun ist",
        "In unserer Serie zeigen wir, welche Arbeiten im Garten jetzt anfallen, welche Werkzeuge"
        " man braucht und womit man besser noch ein paar Wochen wartet."),
    Two("Streik im Hafen: Tag {fünf|sechs}",
        "Im Hafen stehen die Kräne still, weil die Beschäftigten mehr Lohn und kürzere Schichten"
        " verlangen. Ein Angebot der Arbeitgeber lehnte die Gewerkschaft ab."),
    Two("Streik bei der Fähre {beginnt|endet}",
        "Der Streik der Besatzungen {beginnt|endet} am Abend. Die Reederei bittet die Fahrgäste,"
        " vor der Reise auf die Anzeigen im Hafen zu achten."),
    Two("Nordwerk-Chef tritt {zurück|doch nicht zurück}",
        "Der Chef von Nordwerk tritt nach der Kritik an seinem Führungsstil {zurück|nicht zurück}."
        " Das teilte das Unternehmen am Abend nach einer Sitzung in Kiel mit."),
    Two("Hallenbad {bleibt geöffnet|bleibt doch nicht geöffnet}",
        "Das Hallenbad in Husum {bleibt|bleibt nicht} über den Winter geöffnet. Der Stadtrat hat am"
        " Abend nach langer Debatte so entschieden."),
    Two("Hallenbad in Husum {öffnet|schließt} im Herbst",
        "Das Hallenbad {öffnet|schließt} im Herbst, beschloss der Stadtrat am Abend nach langer"
        " Debatte. Vereine und Schulen hatten lange darauf gewartet."),
    Two("Gericht {verbietet|erlaubt} Fest am See",
        "Das Gericht {verbietet|erlaubt} das Fest am Ufer des Sees. Der Verein hatte im"
        " Eilverfahren geklagt, die Stadt verwies auf den Schutz der Vögel."),
    Two("Ministerin {Lena Brandt|Anja Vogel} besucht Schule in Emden",
        "Ministerin {Lena Brandt|Anja Vogel} hat am Vormittag eine Schule in Emden besucht und mit"
        " den Kindern über Wattenmeer und Küstenschutz gesprochen."),
    Two("{Nordwerk|Südbau} ruft Ladegeräte zurück",
        "{Nordwerk|Südbau} ruft Ladegeräte zurück, die bei Nässe in Brand geraten können. Kunden"
        " bekommen das Geld auch ohne Quittung im Laden zurück."),
    Two("Erdbeben erschüttert {Chile|Peru}",
        "Ein Erdbeben hat am Morgen den Norden von {Chile|Peru} erschüttert. Berichte über Opfer"
        " gab es zunächst nicht, eine Warnung vor einem Tsunami wurde aufgehoben."),
    Two("Das war das Jahr {2023|2024} im Landkreis",
        "Was die Menschen im Landkreis bewegt hat: ein Rückblick auf Feste, Wahlen, Stürme und auf"
        " manches, worüber man heute lachen kann."),
    Two("Benzinpreise {ziehen an|geben nach}",
        "An den Tankstellen {ziehen|geben} die Preise am Abend {an|nach}, meldet der"
        " Automobilclub. Diesel ist im Süden am teuersten, im Osten dagegen etwas günstiger."),
    Two("Schule in Aurich {bleibt zu|macht wieder auf}",
        "Die Grundschule in Aurich {bleibt nach dem Wasserschaden zu|macht nach dem Wasserschaden"
        " wieder auf}. Eltern wurden am Abend per Nachricht informiert."),
    Two("Regierung {hält an Steuer fest|gibt Steuer auf}",
        "Die Regierung {hält an der Steuer auf Plastik fest|gibt die Steuer auf Plastik auf},"
        " sagte ein Sprecher am Abend in Berlin nach langen Gesprächen mit Verbänden."),
    Two("Zug hat {20|40} Minuten Verspätung",
        "Pendler zwischen Celle und Hannover müssen am Morgen {20|40} Minuten länger warten, weil"
        " an einem Stellwerk gearbeitet wird."),
    Two("Trainer {Müller|Krause} verlängert Vertrag",
        "Der Trainer bleibt dem Verein erhalten: {Müller|Krause} hat seinen Vertrag um zwei Jahre"
        " verlängert, teilte der Klub am Morgen mit."),
    Two("Sperrung der A{7|2} am Wochenende",
        "Autofahrer müssen sich am Wochenende auf Umwege einstellen, weil die A{7|2} für Arbeiten"
        " an einer Brücke gesperrt wird."),
    Two("Heute im Kino: {Der lange Winter|Das rote Boot}",
        "Unser Tipp für den Abend: {Der lange Winter|Das rote Boot} läuft um 20 Uhr im Kino am"
        " Markt, danach gibt es ein Gespräch mit der Regie."),
    Two("Kita-Gebühren {steigen|bleiben stabil}",
        "Eltern zahlen im nächsten Jahr {mehr|gleich viel} für die Betreuung. Die Gebühren"
        " {steigen|bleiben stabil}, beschloss der Rat am Abend nach kurzer Debatte."),
    Two("Arbeitslosenzahl im {Juni|Juli} leicht gestiegen",
        "Im Norden waren im {Juni|Juli} etwas mehr Menschen ohne Arbeit als im Monat zuvor, wie"
        " die Agentur mitteilte."),
    Two("SPD {gewinnt|verliert} in Umfrage",
        "In einer Umfrage {gewinnt|verliert} die SPD einen Punkt. Die anderen Parteien bleiben in"
        " der Gunst der Wähler unverändert."),
)  # fmt: skip

ARTICLES = (
    Article("Fähre nach Juist fällt wegen Niedrigwassers aus",
            "Die Fähre von Norddeich nach Juist ist am Dienstag nicht gefahren, weil anhaltender"
            " Ostwind das Wasser aus dem Watt gedrückt hat. Rund 300 Gäste blieben auf dem Festland"
            " und wurden in einer Turnhalle versorgt, wie die Reederei mitteilte.",
            "300 Gäste übernachten in einer Turnhalle", "BERLIN (dpa) – "),
    Article("Forscherin aus Jena findet Geheimwort in 40.000 Routern",
            "Der Hersteller Nordwind ruft 40.000 Geräte zurück, die seit dem Frühjahr in Thüringen"
            " verkauft wurden. Die Informatikerin Kerstin Aue von der Universität Jena hatte"
            " entdeckt, dass jeder mitlesen kann, der ein einziges Wort kennt.",
            "Nordwind holt seine Geräte aus den Läden", "Erfurt (dpa/th) - "),
    Article("Wolf reißt zwölf Schafe bei Gifhorn",
            "Auf einer Weide bei Gifhorn hat ein Wolf in der Nacht zwölf Schafe gerissen. Der"
            " Halter Jürgen Thies fordert einen besseren Zaun und schnelle Hilfe vom Land, während"
            " der Wolfsberater davor warnt, voreilig von einem Rudel zu sprechen.",
            "Schäfer fordert schnelle Hilfe vom Land", "GIFHORN (AFP) - "),
)  # fmt: skip

EDITED = (
    Two("Fähre nach Juist fällt wegen Niedrigwassers {|am Dienstag} aus",
        "Die Fähre von Norddeich nach Juist {ist am Dienstag|konnte am Dienstag} nicht {gefahren|"
        "fahren}, weil anhaltender Ostwind das Wasser aus dem Watt gedrückt hat. Rund 300 Gäste"
        " blieben auf dem Festland und wurden in einer Turnhalle versorgt{, wie die Reederei"
        " mitteilte|}."),
    Two("Wolf reißt zwölf Schafe bei Gifhorn",
        "Auf einer Weide bei Gifhorn hat ein Wolf in der Nacht {zwölf|12} Schafe gerissen."
        " {Der|Ein} Halter Jürgen Thies {fordert|verlangt} einen besseren Zaun und"
        " {schnelle|rasche} Hilfe vom Land, während der Wolfsberater davor warnt, voreilig von"
        " einem Rudel zu sprechen."),
    Two("Neue Brücke über die Aller {kostet mehr als gedacht|wird teurer als gedacht}",
        "Die neue Brücke über die Aller wird rund vier Millionen Euro teurer als geplant. Die"
        " {Verwaltung|Behörde} in Verden nennt {vor allem|besonders} die {Preise|Kosten} für Stahl"
        " als Grund, gebaut werden soll trotzdem ab dem Herbst."),
)  # fmt: skip

GERMAN = Language(
    name="german",
    lookalikes=LOOKALIKES,
    articles=ARTICLES,
    edited=EDITED,
    site="Heidekurier",
    more="Weiterlesen",
    first_on="Der Beitrag {title} erschien zuerst auf Heidekurier.",
)
