"""Public reports as objects of OParl 1.1, the interface of German council information systems (docs/oparl.md).

A report is a Paper, its stations are Consultation and AgendaItem, its editions are File; committees (Organization) and
sittings (Meeting) follow from the stations. A decision is the result of an AgendaItem.
"""
