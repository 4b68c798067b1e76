"""The tables and their purpose; times are stored in UTC. Each area has a module; ``whole`` loads all of them.

A store loads the areas that it queries, and an area loads those that its foreign keys refer to. The tables::

    sources      where articles come from, and the result of the last fetch of each
    hosts        what is known of a web host: its robots.txt, its repeated lines
    host_turns   for fetches by many machines: when each web host may be asked next
    entries      every link ever seen, once (canonical URL)
    sightings    which source listed a link, when, and where in its list
    articles     clean texts; a changed article is a new row, never an overwrite
    editions     one row per name, local date and number: its state and its content
    told         what editions told: the memory
    desk         the editor's acts, kept apart from the computed data
    letters      the frozen letter of an edition
    readers      who gets letters; a removed reader stays, with the state left
    subscriptions, suppressions
    tokens       what mailed links may do: hashed, one purpose each, used once
    outbox       personal mails: confirmations, links; sent before letters
    bounces      returned mails and complaints
    service_events  what sending services posted about letters
    deliveries   the ledger: one row per edition and reader
    in_flight    for runs on many machines: which letters of the run may have left
    tallies      counts in windows of time, for rate limits
    pictures     re-encoded pictures of stories, by the hash of their bytes
    leases       which process holds which work
    quarantine   items on which the program itself failed, not touched until they are retried
    runs         reports of commands and jobs
    users        the users of the desk, with their roles
    user_...     means of sign-in: recovery codes, passkeys, sessions, tickets (used once), known devices
    sign_in_tries  failed sign-ins, by keyed hashes of account, network and device
    api_tokens   tokens of other programs: hashed, with their scopes
    api_requests the answers of the API to requests with an Idempotency-Key, for a day
    pushed_articles  which entry the CMS's own id of an article stands for
    audit        who did what at the desk, when, from where
"""
