"""Public reports as objects of OParl 1.1, the interface of German council information systems (docs/oparl.md).

A report is a Paper, its consultations are Consultation and AgendaItem, its files are File; committees (Organization)
and sittings (Meeting) follow from the consultations. A decision is the result of an AgendaItem.
"""
