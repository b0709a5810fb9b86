# ruff: noqa: E501, SIM905  the lists are read and changed as text
"""The words that the rules know. Short lists of what the reports of a town hall contain; add what you meet."""

from typing import NamedTuple


class Easier(NamedTuple):
    """`hint` is what the finding says; `swap` may stand in the same place without changing another word, or is ""."""

    hint: str
    swap: str = ""


NUMBERS = {
    "zwei": "2", "drei": "3", "vier": "4", "fünf": "5", "sechs": "6", "sieben": "7", "acht": "8", "neun": "9",
    "zehn": "10", "elf": "11", "zwölf": "12", "zwanzig": "20", "dreißig": "30", "vierzig": "40", "fünfzig": "50",
    "hundert": "100", "zweimal": "2 Mal", "dreimal": "3 Mal", "viermal": "4 Mal",
}  # fmt: skip

# As they are typed; spaces between the letters may be missing. Empty: there is no one right expansion.
# Not in the list: what is also the last word of a sentence ("Art.", "So.").
ABBREVIATIONS = {
    "z. B.": "zum Beispiel", "d. h.": "das heißt", "u. a.": "unter anderem", "i. d. R.": "meistens",
    "o. Ä.": "oder Ähnliches", "u. Ä.": "und Ähnliches", "z. T.": "zum Teil", "s. o.": "", "s. u.": "", "i. A.": "",
    "usw.": "und so weiter", "etc.": "und so weiter", "ca.": "ungefähr", "bzw.": "oder", "ggf.": "vielleicht",
    "evtl.": "vielleicht", "inkl.": "mit", "max.": "höchstens", "mind.": "mindestens", "bspw.": "zum Beispiel",
    "vgl.": "", "sog.": "", "insb.": "besonders", "Nr.": "Nummer", "Str.": "Straße", "Tel.": "Telefon",
    "Std.": "Stunden", "Mio.": "Millionen", "Mrd.": "Milliarden", "Abs.": "Absatz", "Jh.": "Jahrhundert",
}  # fmt: skip
# Part of a name: left alone, but no end of a sentence.
TITLES = ("Dr.", "Prof.", "St.")

ALLOWED_CAPITALS = {"WC", "PC", "TV", "USA", "PDF", "CD", "DVD", "SMS", "ICE", "LKW", "PKW", "VHS", "OK"}
CAPITALS = {
    "KIV": "Inklusions-Vermittler",
    "UN-BRK": "",
    "DGS": "Deutsche Gebärden-Sprache",
    "ÖPNV": "Bus und Bahn",
    "EU": "Europäische Union",
    "LRA": "Landrats-Amt",
    "AK": "Arbeits-Kreis",
}

FOREIGN = {
    "kommune": Easier("Stadt oder Gemeinde", "Gemeinde"),
    "kommunen": Easier("Städte und Gemeinden", "Gemeinden"),
    "kommunal": Easier("in der Stadt oder in der Gemeinde"),
    "partizipation": Easier("Mit-Bestimmung", "Mit-Bestimmung"),
    "integration": Easier("Zusammen-Leben"),
    "ressource": Easier("Geld, Zeit oder Hilfe"),
    "ressourcen": Easier("Geld, Zeit oder Hilfe"),
    "kooperation": Easier("Zusammen-Arbeit", "Zusammen-Arbeit"),
    "kooperieren": Easier("zusammen arbeiten", "zusammen arbeiten"),
    "kooperationspartner": Easier("Menschen, mit denen man zusammen arbeitet"),
    "koordination": Easier("Planung", "Planung"),
    "koordinieren": Easier("planen", "planen"),
    "konzept": Easier("Plan"),
    "konzepte": Easier("Pläne", "Pläne"),
    "evaluation": Easier("Prüfung", "Prüfung"),
    "evaluieren": Easier("prüfen", "prüfen"),
    "sensibilisierung": Easier("Menschen etwas erklären"),
    "sensibilisieren": Easier("auf etwas hinweisen"),
    "implementieren": Easier("einführen", "einführen"),
    "initiieren": Easier("anfangen", "anfangen"),
    "initiative": Easier("Idee", "Idee"),
    "aktivität": Easier("Aufgabe", "Aufgabe"),
    "aktivitäten": Easier("Aufgaben", "Aufgaben"),
    "priorität": Easier("Das ist besonders wichtig"),
    "prioritäten": Easier("Das ist besonders wichtig"),
    "infrastruktur": Easier("Straßen, Wege und Gebäude"),
    "mobilität": Easier("von Ort zu Ort kommen"),
    "qualifizierung": Easier("Schulung", "Schulung"),
    "qualifikation": Easier("Ausbildung", "Ausbildung"),
    "kompetenz": Easier("Das kann jemand gut"),
    "kompetenzen": Easier("Das kann jemand gut"),
    "administration": Easier("Verwaltung", "Verwaltung"),
    "administrativ": Easier("in der Verwaltung"),
    "institution": Easier("Einrichtung", "Einrichtung"),
    "institutionen": Easier("Einrichtungen", "Einrichtungen"),
    "informieren": Easier("etwas sagen oder erklären"),
    "diskutieren": Easier("sprechen über"),
    "diskussion": Easier("Gespräch"),
    "realisieren": Easier("machen", "machen"),
    "realisierung": Easier("Umsetzung", "Umsetzung"),
    "reduzieren": Easier("weniger machen"),
    "optimieren": Easier("besser machen", "besser machen"),
    "finanzieren": Easier("bezahlen", "bezahlen"),
    "finanziell": Easier("mit Geld"),
    "aktuell": Easier("jetzt", "jetzt"),
    "kontinuierlich": Easier("immer weiter"),
    "individuell": Easier("für jeden Menschen anders"),
    "effektiv": Easier("gut"),
    "relevant": Easier("wichtig", "wichtig"),
    "positiv": Easier("gut", "gut"),
    "negativ": Easier("schlecht", "schlecht"),
    "adäquat": Easier("passend", "passend"),
    "temporär": Easier("für kurze Zeit", "für kurze Zeit"),
    "primär": Easier("zuerst", "zuerst"),
    "workshop": Easier("Kurs", "Kurs"),
    "workshops": Easier("Kurse", "Kurse"),
    "feedback": Easier("Das sagen andere dazu"),
    "flyer": Easier("Zettel", "Zettel"),
    "meeting": Easier("Treffen", "Treffen"),
    "meetings": Easier("Treffen", "Treffen"),
    "event": Easier("Fest oder Treffen"),
    "events": Easier("Feste oder Treffen"),
    "website": Easier("Internet-Seite", "Internet-Seite"),
    "homepage": Easier("Internet-Seite", "Internet-Seite"),
    "genehmigen": Easier("erlauben", "erlauben"),
    "genehmigung": Easier("Erlaubnis", "Erlaubnis"),
    "thematisieren": Easier("sprechen über"),
    "sanktion": Easier("Strafe", "Strafe"),
    "option": Easier("Möglichkeit", "Möglichkeit"),
    "optionen": Easier("Möglichkeiten", "Möglichkeiten"),
    "resultat": Easier("Ergebnis", "Ergebnis"),
    "resultate": Easier("Ergebnisse", "Ergebnisse"),
    "faktor": Easier("Grund", "Grund"),
    "aspekt": Easier("Punkt", "Punkt"),
    "aspekte": Easier("Punkte", "Punkte"),
}

# Nouns whose genitive is seen often: "des Landkreises" → "von dem Landkreis".
GENITIVES = {
    "Landkreises": "Landkreis", "Kreises": "Kreis", "Landratsamtes": "Landratsamt", "Landratsamts": "Landratsamt",
    "Rathauses": "Rathaus", "Gemeinderates": "Gemeinderat", "Gemeinderats": "Gemeinderat", "Bürgermeisters": "Bürgermeister",
    "Vereins": "Verein", "Vereines": "Verein", "Programms": "Programm", "Projekts": "Projekt", "Projektes": "Projekt",
    "Berichts": "Bericht", "Berichtes": "Bericht", "Ortes": "Ort", "Bahnhofs": "Bahnhof", "Marktplatzes": "Marktplatz",
    "Spielplatzes": "Spielplatz", "Landes": "Land", "Gebäudes": "Gebäude", "Hauses": "Haus", "Bauamts": "Bauamt",
    "Bauamtes": "Bauamt", "Arbeitskreises": "Arbeitskreis", "Inklusionsvermittlers": "Inklusionsvermittler",
}  # fmt: skip
# "die Halle der Gemeinde": after another noun this is nearly always a genitive.
OWNERS_SINGULAR = (
    "Stadt", "Gemeinde", "Kommune", "Verwaltung", "Stadtverwaltung", "Gemeindeverwaltung", "Schule", "Grundschule", "Bahn",
    "Bürgermeisterin", "Oberbürgermeisterin", "Inklusionsvermittlung", "Inklusionsvermittlerin", "Kirche", "Volkshochschule",
)  # fmt: skip
OWNERS_PLURAL = {
    "Menschen": "Menschen", "Bürger": "Bürgern", "Bürgerinnen": "Bürgerinnen", "Kinder": "Kindern", "Eltern": "Eltern",
    "Vereine": "Vereinen", "Schüler": "Schülern", "Städte": "Städten", "Gemeinden": "Gemeinden", "Kommunen": "Kommunen",
}  # fmt: skip

SUBJUNCTIVES = (
    "würde würden würdest könnte könnten könntest hätte hätten wäre wären müsste müssten dürfte dürften käme kämen gäbe"
    " ginge gingen bräuchte bräuchten bliebe ließe ließen fände fänden sei seien"
).split()
NEGATIONS = (
    "nicht nichts nie niemals niemand niemanden niemandem kein keine keinen keinem keiner keines weder ohne"
).split()
SUBORDINATORS = (
    "dass weil obwohl damit wenn ob während nachdem bevor sodass falls indem sobald solange sofern obgleich wodurch wobei"
    " womit weshalb weswegen"
).split()

# Verbs whose infinitive looks like a participle: "wir werden gehen" is no passive.
NO_PARTICIPLES = (
    "gehen geben gehören gelten gewinnen gestalten genießen gelingen geschehen gebären genesen gedenken gewöhnen gefährden"
    " gewähren gestehen gebieten geleiten gelangen geraten gefallen genügen getrauen gebrauchen gerecht geeignet gesamten"
    " genannten bekannt bereit beliebt berühmt bewusst vertraut"
).split()
PREFIXES = (
    "ab an auf aus bei dar durch ein empor entgegen fertig fest fort frei gegenüber heraus herein her hinaus hinein hin los mit"
    " nach rück statt teil um unter voran voraus vorbei vor weg weiter wieder zurück zusammen zu über bereit bekannt kennen"
    " sicher gut hoch nahe bloß still offen"
).split()
STRONG_PARTICIPLES = (
    "besprochen beschlossen entschieden verboten versprochen begonnen vergessen verloren betroffen empfohlen verschoben"
    " verbunden verstanden beworben erfunden übernommen unternommen unterschrieben beschrieben bewiesen überwiesen entworfen"
    " entzogen bezogen erzogen verliehen verschlossen erschlossen vermieden übertragen bewogen verwiesen verschrieben"
    " widersprochen beantragt beauftragt benachrichtigt"
).split()

# Parts of the long words of our subject. A hyphen is proposed only where a word is made of these alone.
PARTS = (
    "abend akustik alltag ampel amt anfrage angebot anlage ansprech antrag apotheke arbeit arbeitskreis "
    "arzt assistenz auf aufenthalt aufgabe aufwand aufzug aufzüge ausflug ausschuss ausstellung ausweis "
    "bahn bahnhof barriere barrieren basis bau beauftragte beauftragten beauftragter bedarf begegnung "
    "begehung begleit begleiter begleitung behinderten behinderung behörde berater beratung bericht beruf "
    "beschluss besuch betreuer betreuung betrieb bevölkerung bewegung bewerber bewerbung bibliothek bild "
    "bildung blinden boden bord brief brücke bund bus börse bücherei bürger büro chor computer dach "
    "dialog dienst dolmetscher dolmetscherin dorf ehe ehren eingang einkauf einrichtung einstieg "
    "einwohner eltern entschädigung erfahrung erholung fach fahr fahrer fahrrad fahrt familie feld ferien "
    "fest feuerwehr film finanz flucht fortbildung forum frage frau frei freiheit freiwilligen freizeit "
    "fuß fußgänger fähigkeit förder förderung führer führung gang garten gebiet gebärden gebäude gehweg "
    "gehör gehörlosen geld gemeinde gemeinschaft gericht geschäft gesellschaft gesetz gespräch gesundheit "
    "gleichstellung grund grundschule gruppe gruppen gärten halle halt halte handlung haupt hauptamt haus "
    "haushalt heim helfer hilfe hinweis hoch hof hund hunde häuser höfe hör induktion information "
    "ingenieur inklusion integration interesse jahr jugend kanten karte kasse kinder kindergarten kirche "
    "klasse klinik konferenz konzept konzert kooperation kosten kranken krankenhaus kreis kreuzung kultur "
    "kunden kurs küche laden land landkreis landrat leben lehrer lehrkräfte leistung leit leitung lern "
    "lese leute lift linie liste lokal lotse lotsen mappe markt material maßnahme maßnahmen medien "
    "meister minister ministerium mitarbeiter mitarbeiterin mitglied mittags mittel mobilität monat "
    "museum musik nachbar nachbarschaft nachmittag nacht netz netzwerk neubau not notfall nummer nutzer "
    "ober orientierung ort park parkplatz partner person personal pflege plan planung platz plätze "
    "polizei praxis preis programm projekt prüfung punkt qualifizierung quartier quer rad rampe rat "
    "rathaus raum recht regel reise renten rettung rolli rollstuhl rund räume saal sach schild schilder "
    "schleife schnell schrift schritt schul schule schulung schutz schwer schwimm schüler selbst senioren "
    "service sicherheit sitz sitzung sommer sonder sonn sozial spiel spielplatz sport sprach sprache "
    "sprech sprechstunde stadt stadtfest stadtrat stand standort stelle stellung stellungnahme steuer "
    "stiftung straße streifen struktur stufe stuhl stunde städte stühle system tag tausch taxi technik "
    "teil teilhabe teilnahme teilnehmer telefon termin text theater tiefbau tisch toilette training "
    "treffen treppe tätigkeit tür umbau umfrage umstieg umwelt unfall unterricht unterstützung urlaub "
    "veranstaltung verband verein vereinbarung verkehr vermittler vermittlerin vermittlung versammlung "
    "versicherung vertrag vertreter vertretung verwaltung vielfalt volk vorlage vorlese vorschlag wahl "
    "wald wand warte wasser weg wege wegweiser weihnacht weiter werbung werk werkstatt werkstätten wett "
    "wettbewerb winter wirtschaft wissen woche wohn wohnung wunsch wünsche zeit zeitung zentrum ziel "
    "zimmer zug zugang zugänge zukunft zusammen zuschuss zustand zwischen züge ärzte öffentlichkeit "
    "übergang"
).split()
LINKS = ("", "s", "n", "en", "es", "er")
ENDINGS = (*LINKS, "e", "ern", "in", "innen")
# Long names, which stay as they are.
LONG_NAMES = {"hochschwarzwald"}
