"""MRV-A: visas of two lines of 44 characters, without a composite digit. Source: ICAO Doc 9303-7 section 4.2."""

from verifier.travel.mrz.fields import Layout

MRV_A = Layout(
    name="MRV-A",
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
    optional_data=slice(72, 88),
    code_letters="V",
)
