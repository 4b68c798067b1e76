"""The tables, and what each is for; times are stored in UTC. A module for each area; ``whole`` loads all of them.

A store loads the areas that it asks, and an area loads those that its foreign keys point to. The tables::

    sources      where articles come from, and how the last fetch of each went
    hosts        what is known of a web host: its robots.txt, its furniture lines
    entries      every link ever seen, once (canonical URL)
    sightings    who showed a link, when, and where in its list
    articles     clean texts; a changed article is a new row, never an overwrite
    editions     one row per name and local date: how far it has come, and what it said
    told         what editions told: the memory
    desk         the editor's acts, kept apart from what was computed
    letters      the frozen letter of an edition
    readers      who gets letters; a removed reader stays, as one that left
    subscriptions, suppressions
    tokens       what mailed links may do: hashed, one purpose each, used once
    outbox       mails to one person: confirmations, links; sent ahead of letters
    bounces      what came back, and complaints
    service_events  what sending services posted about letters
    deliveries   the ledger: one row per edition and reader
    tallies      counts in windows of time: what rate limits look at
    pictures     re-encoded pictures of stories, by the hash of their bytes
    leases       who has which work in hand
    quarantine   items at which the program itself failed, left alone until they are retried
    runs         reports of what commands and jobs did
    users        who may work at the desk, and in which role
    user_...     by what they sign in: recovery codes, passkeys, sessions, tickets (used once), known devices
    sign_in_tries  failed sign-ins, by keyed hashes of account, network and device
    audit        who did what at the desk, when, from where
"""
