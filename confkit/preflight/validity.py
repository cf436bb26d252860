"""When certificates are valid: the client's own, and those that the CA file holds of its servers."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, NamedTuple

from confkit.preflight.certificates import certificates
from confkit.preflight.model import Check, at, shown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cryptography.x509 import Certificate

    from confkit.core.syntax import Entry
    from confkit.lint.diagnostics import Finding
    from confkit.preflight.model import Seen


class _Dated(NamedTuple):
    """A certificate that has to be valid, the entry that names it, and words for it."""

    entry: Entry
    words: str
    certificate: Certificate


def certificate_expired(seen: Seen) -> Iterator[Finding]:
    """A certificate has expired.

    ## Why

    The other side refuses it. It is the client's own certificate, or what the CA file holds of a server; of several
    certificates of one server the one that is valid longest counts, and other certificates in that file do not.

    ## What to do

    Renew it: register the client anew, or fetch the server's new certificate.

    ## Source

    https://www.rfc-editor.org/rfc/rfc5280#section-4.1.2.5
    """
    for each in _dated(seen):
        end = each.certificate.not_valid_after_utc
        if end < seen.host.now:
            yield at(each.entry, f"{each.words} expired on {end:%Y-%m-%d %H:%M} UTC", "Renew it")


def certificate_not_yet_valid(seen: Seen) -> Iterator[Finding]:
    """A certificate is not valid yet.

    ## Why

    The other side refuses it until then. More often the clock of this host is wrong, or that of the host that made it.

    ## What to do

    Check both clocks (`timedatectl`); otherwise wait, or have it made anew.

    ## Source

    https://www.rfc-editor.org/rfc/rfc5280#section-4.1.2.5
    """
    for each in _dated(seen):
        begin = each.certificate.not_valid_before_utc
        if begin > seen.host.now:
            message = f"{each.words} is not valid before {begin:%Y-%m-%d %H:%M} UTC"
            yield at(each.entry, message, "Check the clock of this host, and of the one that made it")


def certificate_expires_soon(seen: Seen) -> Iterator[Finding]:
    """A certificate expires within the time of `--warn-days`, 30 days without it.

    ## Why

    When it has expired, applications lose the HSM at their next connection.

    ## What to do

    Renew it in time.

    ## Source

    https://www.rfc-editor.org/rfc/rfc5280#section-4.1.2.5
    """
    limit = timedelta(days=seen.host.warn_days)
    for each in _dated(seen):
        left = each.certificate.not_valid_after_utc - seen.host.now
        if timedelta(0) <= left <= limit:
            end = f"{each.certificate.not_valid_after_utc:%Y-%m-%d %H:%M} UTC"
            yield at(each.entry, f"{each.words} expires on {end}, in {left.days} days", "Renew it in time")


def _dated(seen: Seen) -> Iterator[_Dated]:
    """Yield what has to be valid: the first certificate of each file, and of a CA file what speaks for a server."""
    for each, content in certificates(seen):
        if each.named.role == "certificate" and content.certificates:
            words = f"the certificate {shown(each.named.path)}"
            yield _Dated(each.named.entry, words, content.certificates[0])
        for one in content.known:
            if one.certificate is not None:
                words = f"the certificate of {shown(one.server.certified)}"
                where = f" in {shown(each.named.path)}" if one.verdict == "named" else ""
                yield _Dated(one.server.entry, words + where, one.certificate)


CHECKS = (
    Check("CKP25", "certificate-expired", "error", certificate_expired),
    Check("CKP26", "certificate-not-yet-valid", "error", certificate_not_yet_valid),
    Check("CKP27", "certificate-expires-soon", "warning", certificate_expires_soon),
)
