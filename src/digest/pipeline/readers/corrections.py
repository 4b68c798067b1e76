"""Changes that an operator makes at a reader's request: correcting or erasing stored data."""

from __future__ import annotations

from digest.errors import UnknownReader
from digest.logs import get_logger
from digest.pipeline.runtime import Runtime
from digest.readers.address import parse_address
from digest.readers.standing import shadow
from digest.storage.corrections import Correction
from digest.storage.readers import StoredReader

log = get_logger()


def correct_reader(
    runtime: Runtime,
    address: str,
    new_address: str | None = None,
    name: str | None = None,
    language: str | None = None,
    editions: tuple[str, ...] | None = None,
) -> StoredReader:
    """Change an active reader, and return the new data; None leaves a field as it is.

    Raises BadAddress, UnknownReader, and ReaderError when the new address is not allowed.
    """
    identity = parse_address(address).identity
    new = parse_address(new_address) if new_address is not None else None
    correction = Correction(
        address=new.given if new else None,
        identity=new.identity if new else None,
        name=name,
        language=language,
        editions=editions,
    )
    if not runtime.stores.corrections.correct(identity, correction, runtime.clock()):
        raise UnknownReader(f"nobody of the address {address} gets letters: digest readers list --all")
    stored = runtime.stores.readers.find(new.identity if new else identity)
    if stored is None:
        raise UnknownReader(f"{address} was changed by somebody else meanwhile")
    log.info("reader corrected", reader=stored.reader.id)
    return stored


def erase_address(runtime: Runtime, address: str) -> None:
    """Erase an address, except for a hash that stops an import from adding it; raises UnknownReader and BadAddress."""
    identity = parse_address(address).identity
    if not runtime.stores.corrections.erase(identity, shadow(runtime.settings.keys, identity), runtime.clock()):
        raise UnknownReader(f"nothing is known of {address}, or it was erased already: digest readers show {address}")
    log.info("address erased")
