"""TD3: passport booklets, two lines of 44 characters. Source: ICAO Doc 9303-4 section 4.2."""

from verifier.travel.mrz.fields import Layout

TD3 = Layout(
    name="TD3",
    lines=2,
    width=44,
    document_code=slice(0, 2),
    issuing_state=slice(2, 5),
    names=slice(5, 44),
    document_number=slice(44, 53),
    nationality=slice(54, 57),
    birth_date=slice(57, 63),
    sex=64,
    expiry_date=slice(65, 71),
    optional_data=slice(72, 86),
    optional_digit=86,
    composite=(slice(44, 54), slice(57, 64), slice(65, 87)),
    composite_digit=87,
    code_letters="P",
)
