"""TD1: cards of three lines of 30 characters. Source: ICAO Doc 9303-5 section 4.2."""

from verifier.travel.mrz.fields import Layout

TD1 = Layout(
    name="TD1",
    lines=3,
    width=30,
    document_code=slice(0, 2),
    issuing_state=slice(2, 5),
    document_number=slice(5, 14),
    optional_data=slice(15, 30),
    birth_date=slice(30, 36),
    sex=37,
    expiry_date=slice(38, 44),
    nationality=slice(45, 48),
    optional_data_2=slice(48, 59),
    names=slice(60, 90),
    composite=(slice(5, 30), slice(30, 37), slice(38, 45), slice(48, 59)),
    composite_digit=59,
    long_numbers=True,
    code_letters="ACI",
)
