"""The values that walk through the rooms: frozen, with no behaviour but their own checks.

Source -> FeedEntry -> Page -> Article -> Story -> Edition -> Letter -> Delivery
"""
