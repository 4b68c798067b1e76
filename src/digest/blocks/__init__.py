"""What a letter shows besides stories: a line of the house, dates, weather, markets, and blocks of the paper's own."""
