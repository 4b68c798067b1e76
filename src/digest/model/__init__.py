"""The values that the packages exchange: immutable, without behaviour except their own checks.

Source -> FeedEntry -> Page -> Article -> Story -> Edition -> Letter -> Delivery
"""
