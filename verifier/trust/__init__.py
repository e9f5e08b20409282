"""Who signed, may they, and is it still so: key lists, signatures, chains, dates, revocation."""
