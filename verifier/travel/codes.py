"""What can be said when several sources speak of one traveller or one journey."""

from __future__ import annotations

from verifier.findings import Code


class TravelCode(Code):
    """Conflicts between sources, and places that are not known."""

    BIRTH_DATES_DIFFER = "travel.birth-dates-differ"
    AGES_DIFFER = "travel.ages-differ"
    SEXES_DIFFER = "travel.sexes-differ"
    CITIZENSHIPS_DIFFER = "travel.citizenships-differ"
    CITIZENSHIP_NOT_SHOWN = "travel.citizenship-not-shown"
    RESIDENCES_DIFFER = "travel.residences-differ"
    DOCUMENT_NUMBERS_DIFFER = "travel.document-numbers-differ"
    DOCUMENT_EXPIRIES_DIFFER = "travel.document-expiries-differ"
    STATEMENTS_DIFFER = "travel.statements-differ"
    ROUTES_DIFFER = "travel.routes-differ"
    FLIGHTS_DIFFER = "travel.flights-differ"
    FLIGHT_DATES_DIFFER = "travel.flight-dates-differ"
    DEPARTURES_DIFFER = "travel.departures-differ"
    PURPOSES_DIFFER = "travel.purposes-differ"
    PLACE_UNKNOWN = "travel.place-unknown"
