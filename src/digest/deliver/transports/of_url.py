"""The transport that a URL in the settings names: files in a folder, or a relay."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from digest.deliver.transports.transport import Transport
from digest.errors import SettingsError
from digest.text.credentials import WrongUrl


def transport(  # noqa: PLR0913 - what a relay's URL cannot say
    url: str,
    *,
    folder: Path,
    own_name: str = "",
    insecure_plain: bool = False,
    connections: int = 10,
    setting: str = "mail.transport",
    token: Callable[[], str] | None = None,
) -> Transport:
    """Return the transport that ``url`` names; relative paths start at ``folder``; see ``relay.relay``.

    Raises SettingsError with the name ``setting``.
    """
    if url.startswith("file:"):
        from digest.deliver.transports.files import FileTransport  # noqa: PLC0415 - one of the two is needed

        return FileTransport(folder / (url.removeprefix("file:").removeprefix("//") or "."))
    from digest.deliver.transports.relay import relay  # noqa: PLC0415
    from digest.deliver.transports.smtp_transport import SmtpTransport  # noqa: PLC0415 - asyncio and ssl cost 0.1 s

    try:
        to = relay(url, folder=folder, own_name=own_name, insecure_plain=insecure_plain, token=token)
    except WrongUrl as error:
        raise SettingsError((f"{setting}: {error}",)) from error
    return SmtpTransport(to, connections=connections)
