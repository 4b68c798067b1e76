"""Page -> Article: the article, and nothing but the article."""
