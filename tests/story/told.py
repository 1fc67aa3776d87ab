"""What the people of the stories say, by language; all of it is invented."""

#: News that promise nothing, for an update or a status.
NEWS = {
    "en": "It is put right. You have it in writing from me.",
    "de": "Es ist in Ordnung gebracht. Sie haben es schriftlich von mir.",
    "fr": "C'est réparé. Vous en avez la confirmation écrite.",
    "es": "Ya está arreglado. Tiene la confirmación por escrito.",
    "sv": "Det är ordnat. Du har fått det skriftligt av mig.",
    "sl": "Zadeva je urejena. Potrdilo ste dobili.",
    "hr": "Stvar je riješena. Potvrdu ste dobili.",
    "bg": "Всичко е оправено. Имате го писмено от мен.",
}
#: Pieces of the words by which somebody would be asked to take a post away.
TAKES_AWAY = {
    "en": ("delet", "remov", "take down", "take it down"),
    "de": ("lösch", "entfern", "zurückzieh"),
    "fr": ("supprim", "retir", "effac"),
    "es": ("borr", "elimin", "quite", "retir"),
    "sv": ("ta bort", "radera", "plocka ner"),
    "sl": ("izbri", "odstran", "umakn"),
    "hr": ("obriš", "izbriš", "uklon"),
    "bg": ("изтри", "премахн", "свали"),
}
#: What is known before somebody is called, as the form of the worksheet.
WORKSHEET = """
happened = ["It was booked in the wrong place.", "Nobody looked at it again."]
effect = "Two days lost, and they had to ask."
why = "The two lists are not compared."
prevention = "They are compared each evening from now on."
goal = "To have what they paid for."
informed = ["the team", "who delivers it"]
legal = "no"
promised_by = "the shop"
promised_when = "in a mail"
evidence = "ticket 17"
[[options]]
what = "put it right at once"
authorised_by = "sam"
"""
DEBRIEF = """
happened = "It was booked in the wrong place."
caught = "Each evening, by comparing the lists."
change = "They are compared."
words = "We said when they hear from us, and they did."
[[actions]]
what = "compare the lists each evening"
owner = "sam"
due = 2026-05-04
"""
