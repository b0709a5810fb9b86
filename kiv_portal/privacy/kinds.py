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
    Kind.EMAIL: "Das sieht aus wie eine E-Mail-Adresse.",
    Kind.PHONE: "Das sieht aus wie eine Telefonnummer.",
    Kind.IBAN: "Das sieht aus wie eine IBAN, also ein Bankkonto.",
    Kind.PLATE: "Das sieht aus wie ein Kfz-Kennzeichen.",
    Kind.BIRTH: "Das sieht aus wie ein Geburtsdatum.",
    Kind.NAME: "Das sieht aus wie ein Name.",
    Kind.AGE: "Das sieht aus wie das Alter eines Menschen.",
    Kind.ADDRESS: "Das sieht aus wie eine Wohnadresse.",
    Kind.SCHOOL_CLASS: "Das sieht aus wie die Klasse eines Kindes.",
    Kind.DIAGNOSIS: "Das sieht aus wie eine Krankheit oder Behinderung.",
}

Spans = Iterator[tuple[Kind, int, int]]
