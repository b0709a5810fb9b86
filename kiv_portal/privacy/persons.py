"""Whether a sentence speaks about one human being, about people in general, or about a thing."""

from __future__ import annotations

import re

# Who is somebody's relative or neighbour is one person, however it is said.
RELATIVE = (
    r"(?:(?:Ehe|Schwieger|Groß|Stief|Pflege|Enkel|Ur|Adoptiv)?(?:[Mm]utter|[Vv]ater|[Ss]ohn|[Tt]ochter"
    r"|[Ss]ohnes|[Mm]ann|[Ff]rau|[Kk]ind)"
    r"|[Mm]ama|[Pp]apa|Bruder|Schwester|Schwager|Schwägerin|Tante|Onkel|Oma|Opa|Enkel|Enkelin|Neffe|Nichte"
    r"|Cousin|Cousine"
    r"|Nachbarin|Nachbarn?|Partnerin|Lebensgefährtin|Lebensgefährte)"
)
# "Frau", "Mann" and "Kind" alone say nothing of a family: so people in office are addressed, too.
FAMILY = re.compile(
    r"\b(?:(?:Ehe|Schwieger|Groß|Stief|Pflege|Enkel|Ur|Adoptiv)?(?:[Mm]utter|[Vv]ater|[Ss]ohn|[Tt]ochter)"
    r"|Ehe(?:mann|frau)|(?:Pflege|Adoptiv|Enkel|Stief)kind|Mama|Papa|Bruder|Schwester|Schwager|Schwägerin"
    r"|Tante|Onkel|Oma|Opa|Enkel|Enkelin|Neffe|Nichte|Cousin|Cousine|Lebensgefährt(?:in|en?))\b"
)
ONE_PERSON = re.compile(
    rf"(?:\b|(?=,))(?:{RELATIVE}|Junge|Mädchen|Herrn?|Dame|Person|Jugendliche[rn]?|Baby|Kleinkind|Bub"
    rf"|Witwe|Witwer"
    r"|(?:Mit)?[Bb]ürgerin|(?:Mit)?[Ss]chülerin|(?:An|Be)wohnerin|Patientin|Rentnerin|Seniorin|Klientin"
    r"|Besucherin"
    r"|Betroffener|Kollegin|Freundin|Rollstuhlfahrerin|Mieterin|Mitarbeiterin|Studentin|Lehrerin"
    r"|Erzieherin|Verkäuferin"
    r"|Frührentnerin|Geflüchteter|Blinder|Gehörloser"
    r"|(?i:ein|einem|einen|eines|eine|einer|dem|des|diesem|diesen|dieser|unser|ihrem|seinem)\s"
    r"(?:(?:\w{2,20}|\d{1,3}-?\w{5,10})\s){0,2}"
    r"(?:Mitbürgers?|Bürgers?|Mitschülers?|Schülers?|Bewohners?|Anwohners?|Patienten?|Rentners?|Seniors?"
    r"|Klienten?|Besuchers?"
    r"|Kollegen?|Freund(?:es)?|Mieters?|Menschen?|Autist(?:in|en)?|Diabetiker(?:in)?|Epileptiker(?:in)?"
    r"|Alkoholiker(?:in)?"
    r"|Betroffenen?|Rollstuhlfahrers?|Frührentners?|Studenten?|Mitarbeiters?)"
    r"|Der\s(?:\w{3,20}\s)?\w*(?:[Ss]chüler|[Bb]ewohner|[Bb]ürger|[Pp]atient|[Rr]entner|[Ss]enior"
    r"|[Kk]lient|[Bb]esucher|[Kk]ollege|[Ff]reund"
    r"|[Mm]ieter|[Rr]ollstuhlfahrer|[Ss]tudent|[Mm]itarbeiter|[Ll]ehrer|[Aa]nwohner|[Ww]irt|[Vv]erkäufer"
    r"|Azubi|[Ll]ehrling)"
    r"|\w*(?:[Pp]atient|[Kk]lient|[Ss]tudent|[Aa]sylbewerber|[Ff]rührentner|Flüchtling|Azubi|[Ll]ehrling)"
    r"|^(?:Rentner|Schüler|Bewohner|Rollstuhlfahrer|Bürger|Besucher|Mitarbeiter|Anwohner)(?:\s[^.]{1,60}?)?"
    r"\s(?:braucht|hat|sucht|möchte|kommt|fragt|ist|will|kann|klagt|bittet|wohnt)"
    r"|(?:Der|der|Die|die)\s(?:\w{3,20}\s)?(?:\w*(?:[Ss]chüler|[Bb]ewohner|[Bb]ürger|[Pp]atient|[Rr]entner"
    r"|[Ss]enior|[Kk]lient|[Bb]esucher|[Kk]ollege|[Ff]reund|[Mm]ieter"
    r"|[Rr]ollstuhlfahrer|[Ss]tudent|[Mm]itarbeiter|[Aa]ngehörige|[Bb]etroffene|[Aa]rbeiter|[Ll]ehrer"
    r"|[Aa]nwohner))\s(?:hat|ist|war|wohnt|lebt|leidet|sitzt|braucht|möchte)"
    r"|(?:lebt|wohnt)\sallein|[Aa]llein\s?lebend\w?|[Aa]lleinstehend\w?|[Vv]erwitwet\w?|,\s(?:wohnt|lebt"
    r"|sitzt|leidet)"
    r"|(?:hatte|bekam|war|ist|\w{2,14}t)\s(?:er|sie)|(?:[Ee]r|[Ss]ie)\s\w{2,14}t|Familie\s(?:wohnt|lebt"
    r"|zieht|sucht)|^(?:hat|ist|wird|wohnt|sitzt|lebt|Hat|Ist|Wird|Wohnt|Sitzt|Lebt|Leidet)"
    r"|[Ee]r\s(?:hat|ist|leidet|bekam|wohnt|lebt|sitzt|war|hatte)|[Ss]ie\s(?:hat|ist|leidet|bekam|wohnt"
    r"|lebt|sitzt|war|hatte)|leidet)\b"
)
ONE_OF_THEM = "".join(
    f"(?<!{word} )"
    for word in (
        "Ein",
        "ein",
        "inem",
        "inen",
        "ines",
        "dem",
        "Dem",
        "des",
        "Des",
        "iesem",
        "iesen",
        "zwei",
        "drei",
        "ihren",
        "beiden",
    )
)
MANY = re.compile(
    rf"\b{ONE_OF_THEM}(?:Menschen|Leuten?|Personen|Kindern?|Jugendlichen?|Erwachsenen?|Schüler(?:n|innen)"
    rf"|Bewohner(?:n|innen)|Besucher(?:n|innen)"
    r"|Gästen?|Senioren|Seniorinnen|Frauen|Männern?|Betroffenen?|Patienten|Patientinnen|Familien"
    r"|Angehörigen?|Eltern"
    r"|Bürger(?:n|innen)|Mitarbeiter(?:n|innen)|Mitarbeitenden|alle|allen|viele|Gruppen?|Leben)\s"
)

DWELLS = re.compile(
    r"\b(?:[Ww]ohnt|[Ww]ohnte|[Ww]ohnhaft|[Ll]ebt|[Ll]ebte|Wohnung|[Zz]u Hause|[Zz]uhause|daheim|bei ihr"
    r"|bei ihm|[Hh]ausbesuch\w{0,2}"
    r"|zieht|zog|umgezogen|Treppenlift\w{0,2}|Stock|Stockwerk|Obergeschoss|Erdgeschoss|Dachgeschoss|OG|EG"
    r"|DG|Klingel\w{0,8}|links|rechts"
    r"|Mieter(?:in)?|Vermieter(?:in)?|privat|Familie|Fam\.|Eheleute|Ehepaar|Adresse:|Anschrift:)(?!\w)"
)
