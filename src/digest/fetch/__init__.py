"""Source -> FeedEntry -> Page: the only room that talks to the web."""
