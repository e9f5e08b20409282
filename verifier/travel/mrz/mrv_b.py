"""MRV-B: visas of two lines of 36 characters, without a composite digit. Source: ICAO Doc 9303-7 section 4.3."""

from verifier.travel.mrz.fields import Layout

MRV_B = Layout(
    name="MRV-B",
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
    optional_data=slice(64, 72),
    code_letters="V",
)
