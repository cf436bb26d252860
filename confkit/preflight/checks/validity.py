"""Checks of when certificates are valid: the client's own, and those that the CA file holds of its servers."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, NamedTuple

from confkit.preflight.observations import Check, at, shown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from confkit.core.syntax import Entry
    from confkit.lint.diagnostics import Finding
    from confkit.preflight.observations import CertificateSeen, Observations


class _Dated(NamedTuple):
    """A certificate that has to be valid, the entry that names it, and words for it."""

    entry: Entry
    words: str
    certificate: CertificateSeen


def expired_certificate(seen: Observations) -> Iterator[Finding]:
    """A certificate has expired.

    ## Why

    The other side refuses it. Checked are the client's own certificate, and for each server the certificate in the CA
    file that is valid longest; other certificates in that file do not count.

    ## What to do

    Renew it: register the client again, or fetch the server's new certificate.

    ## Source

    https://www.rfc-editor.org/rfc/rfc5280#section-4.1.2.5
    """
    for each in _dated(seen):
        end = each.certificate.not_after
        if end < seen.host.now:
            yield at(each.entry, f"{each.words} expired on {end:%Y-%m-%d %H:%M} UTC", "Renew it")


def not_yet_valid_certificate(seen: Observations) -> Iterator[Finding]:
    """A certificate is not valid yet.

    ## Why

    The other side refuses it until then. Often the clock of this host is wrong, or that of the host that issued it.

    ## What to do

    Check both clocks (`timedatectl`); otherwise wait, or have it issued again.

    ## Source

    https://www.rfc-editor.org/rfc/rfc5280#section-4.1.2.5
    """
    for each in _dated(seen):
        begin = each.certificate.not_before
        if begin > seen.host.now:
            message = f"{each.words} is not valid before {begin:%Y-%m-%d %H:%M} UTC"
            yield at(each.entry, message, "Check the clock of this host, and of the one that issued it")


def expiring_certificate(seen: Observations) -> Iterator[Finding]:
    """A certificate expires within the number of days that `--warn-days` gives (30 by default).

    ## Why

    When it has expired, applications lose the HSM at their next connection.

    ## What to do

    Renew it in time.

    ## Source

    https://www.rfc-editor.org/rfc/rfc5280#section-4.1.2.5
    """
    limit = timedelta(days=seen.host.warn_days)
    for each in _dated(seen):
        left = each.certificate.not_after - seen.host.now
        if timedelta(0) <= left <= limit:
            end = f"{each.certificate.not_after:%Y-%m-%d %H:%M} UTC"
            yield at(each.entry, f"{each.words} expires on {end}, in {left.days} days", "Renew it in time")


def _dated(seen: Observations) -> Iterator[_Dated]:
    """Yield what has to be valid: the first certificate of each file, and those in a CA file that vouch for servers."""
    for each in seen.files:
        content = each.content.certificates
        if content and content.certificates:
            yield _Dated(each.named.entry, f"the certificate {shown(each.named.path)}", content.certificates[0])
        for server, known in zip(each.named.servers, content.known if content else (), strict=False):
            if known.certificate is not None:
                where = f" in {shown(each.named.path)}" if known.trust == "named" else ""
                words = f"the certificate of {shown(server.certified)}{where}"
                yield _Dated(server.entry, words, known.certificate)


CHECKS = (
    Check("CKP25", "expired-certificate", "error", expired_certificate),
    Check("CKP26", "not-yet-valid-certificate", "error", not_yet_valid_certificate),
    Check("CKP27", "expiring-certificate", "warning", expiring_certificate),
)
