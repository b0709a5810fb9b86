"""What the privacy guard looks for, and how it says why."""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum


class Kind(StrEnum):
    EMAIL = "email"
    PHONE = "phone"
    IBAN = "iban"
    PLATE = "plate"
    BIRTH = "birth"
    NAME = "name"
    AGE = "age"
    ADDRESS = "address"
    SCHOOL_CLASS = "class"
    DIAGNOSIS = "diagnosis"


WHY = {
    Kind.EMAIL: "Das sieht aus wie eine E-Mail-Adresse. Sie kann verraten, um wen es geht.",
    Kind.PHONE: "Das sieht aus wie eine Telefonnummer. Sie kann verraten, um wen es geht.",
    Kind.IBAN: "Das sieht aus wie eine Kontonummer (IBAN). Sie gehört nicht in einen öffentlichen Text.",
    Kind.PLATE: "Das sieht aus wie ein Kfz-Kennzeichen. Es kann verraten, um wen es geht.",
    Kind.BIRTH: "Das sieht aus wie ein Geburtsdatum. Es kann verraten, um wen es geht.",
    Kind.NAME: "Das sieht aus wie der Name eines Menschen. Im Bericht soll niemand zu erkennen sein.",
    Kind.AGE: "Das sieht aus wie das Alter eines Menschen. Zusammen mit dem Rest kann es verraten, um wen es geht.",
    Kind.ADDRESS: "Das sieht aus wie eine Wohnung. Im Ort wissen dann viele, um wen es geht.",
    Kind.SCHOOL_CLASS: "Das sieht aus wie eine Schulklasse. Dort wissen alle, um welches Kind es geht.",
    Kind.DIAGNOSIS: "Das sieht aus wie die Krankheit oder Behinderung eines einzelnen Menschen. "
    "Sie geht nur diesen Menschen an.",
}

Spans = Iterator[tuple[Kind, int, int]]
