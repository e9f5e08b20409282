"""TD2: cards and documents of two lines of 36 characters. Source: ICAO Doc 9303-6 section 4.2."""

from verifier.travel.mrz.fields import Layout

TD2 = Layout(
    name="TD2",
    lines=2,
    width=36,
    document_code=slice(0, 2),
    issuing_state=slice(2, 5),
    names=slice(5, 36),
    document_number=slice(36, 45),
    nationality=slice(46, 49),
    birth_date=slice(49, 55),
    sex=56,
    expiry_date=slice(57, 63),
    optional_data=slice(64, 71),
    composite=(slice(36, 46), slice(49, 56), slice(57, 71)),
    composite_digit=71,
    long_numbers=True,
    code_letters="ACIP",
)
