"""The blocks of a letter: lines of the publisher or a sponsor, donation, dates, weather, markets, and others."""
