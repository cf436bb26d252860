"""Checks of the client's certificate and key, and of what the CA file knows of the servers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from confkit.core.extras import install_command
from confkit.preflight.observations import Check, at, shown
from confkit.preflight.probes.files import CERTIFICATE_ROLES
from confkit.preflight.probes.x509 import is_address

if TYPE_CHECKING:
    from collections.abc import Iterator

    from confkit.lint.diagnostics import Finding
    from confkit.preflight.observations import FileSeen, KeySeen, Observations


def malformed_certificate(seen: Observations) -> Iterator[Finding]:
    """A file of certificates is empty, truncated, or holds something else.

    ## Why

    The client cannot open a TLS connection, and its error message does not name the file. In a CA file one certificate
    that does not parse can hide those after it. It is a warning where only the extensions cannot be read: names in them
    are then unknown.

    ## What to do

    Copy the file again; `openssl x509 -in FILE -noout -text` says more. A DER file becomes PEM with `openssl x509
    -inform der`. The file's content never appears here.

    ## Source

    https://www.rfc-editor.org/rfc/rfc7468 for the form.
    """
    for each in seen.files:
        content = each.content.certificates
        advice = "Copy it again; openssl x509 -noout -text says more"
        if content and content.fault:
            message = f"the {each.named.word} {shown(each.named.path)} cannot be used: {content.fault}"
            yield at(each.named.entry, message, advice)
        elif content and content.doubt:
            message = f"the {each.named.word} {shown(each.named.path)}: {content.doubt}"
            yield at(each.named.entry, message, advice, "warning")


def malformed_key(seen: Observations) -> Iterator[Finding]:
    """The file of the private key is empty, truncated, or holds something else.

    ## Why

    Without its key the client cannot use its certificate. PKCS#8 and PKCS#1 (or SEC 1, for elliptic curves) are read,
    in PEM form; OpenSSH's own form is none of them.

    ## What to do

    Copy the file again, or register the client again; `openssl pkey -in FILE -noout` says more. The file's content
    never appears here.

    ## Source

    https://www.rfc-editor.org/rfc/rfc5958 (PKCS#8), https://www.rfc-editor.org/rfc/rfc8017 (PKCS#1)
    """
    for each, key in _keys(seen):
        if key.fault:
            message = f"the private key {shown(each.named.path)} cannot be used: {key.fault}"
            yield at(each.named.entry, message, "Copy it again; openssl pkey -noout says more")


def encrypted_key(seen: Observations) -> Iterator[Finding]:
    """The private key is encrypted, so it is not known whether it belongs to the certificate.

    ## Why

    Clients from 10.7.0 encrypt the key that they create (AES-256-CBC, 3DES before), so this is normal, and only the
    client can open it. A key that something else encrypted fails, and so does one of a newer client after a downgrade.

    ## What to do

    Nothing, where the client created the key. Otherwise register the client again.

    ## Source

    https://guide-gov.ncloud-docs.com/docs/hsm-client, which quotes the vendor's release notes.
    """
    for each, key in _keys(seen):
        if key.encrypted:
            message = (
                f"the private key {shown(each.named.path)} is encrypted ({key.form}): not compared with the certificate"
            )
            yield at(
                each.named.entry,
                message,
                "Nothing to do where a client of this version, or an older one, created it",
            )


def mismatched_key(seen: Observations) -> Iterator[Finding]:
    """The private key does not belong to the client's certificate.

    ## Why

    The appliance then refuses the client. A deployment that replaces only one of the two leaves this.

    ## What to do

    Install the pair that was created together. The first certificate of the file is the one that counts.

    ## Source

    https://docs.openssl.org/3.0/man3/SSL_CTX_use_certificate/ for the first certificate of a chain file.
    """
    files = {each.named.entry: each.content.certificates for each in seen.files}
    for each, key in _keys(seen):
        partner = files.get(each.named.partner) if each.named.partner else None
        if key.public_key is None or each.named.partner is None or partner is None or not partner.certificates:
            continue
        first, *others = (certificate.public_key for certificate in partner.certificates)
        if first not in {None, key.public_key}:
            later = "; it belongs to a later one in that file" if key.public_key in others else ""
            message = (
                f"the private key {shown(each.named.path)} ({key.form}) does not belong to "
                f"the certificate of {shown(each.named.partner.name)}{later}"
            )
            yield at(each.named.entry, message, "Install the key and the certificate that were created together")


def unknown_server_certificate(seen: Observations) -> Iterator[Finding]:
    """The CA file does not vouch for a server that the client connects to.

    ## Why

    The client then refuses the appliance. ServerCAFile holds the certificates of all appliances, or those of the
    authorities that issued them. A server is known by name, when the common name or an alternative name of one of the
    certificates is what ServerNameNN says (LNHServerCNNN for a cluster), or by the chain, when the server's own
    certificate lies beside the CA file (NAMECert.pem or NAME.pem) and a chain of certificates in the file leads from it
    to a root.

    It is a warning where that cannot be decided: an authority in the file may have issued the server's certificate,
    which is not at hand, or the server is named by its address.

    ## What to do

    Register the appliance's certificate (`vtl addServer`), or add it to the CA file.

    ## Source

    https://thalesdocs.com/gphsm/luna/7.7.0/docs/network/Content/admin_partition/connections/ntls/CA-signed.htm and
    CA-signed_client.htm beside it. That the names have to agree is inferred from the entries; the file names are
    recalled.
    """
    advice = "Register the server's certificate (vtl addServer), or add it to the CA file"
    for each in seen.files:
        known = each.content.certificates.known if each.content.certificates else ()
        for server, one in zip(each.named.servers, known, strict=False):
            name, path = shown(server.certified), shown(each.named.path)
            if one.trust == "not issued":
                message = f"no chain in the CA file {path} leads from the certificate of {name} to a root"
                yield at(server.entry, message, advice)
            elif one.trust == "absent":
                message = f"the CA file {path} holds no certificate of {name}, nor one that may have issued it"
                yield at(server.entry, message, advice, "warning" if is_address(name) else None)
            elif one.trust == "unknown":
                message = f"the CA file {path} holds no certificate of {name}, and perhaps none of its issuer"
                yield at(server.entry, message, advice, "warning")


def certificates_not_checked(seen: Observations) -> Iterator[Finding]:
    """Certificates and keys were not read: the Python package cryptography is not installed.

    ## Why

    It is an optional dependency. A gate must not pass what it has not checked, so this is an error.

    ## What to do

    Install it: `pip install 'cryptography>=42'`, or Debian's package python3-cryptography.
    """
    unread = [each.named for each in seen.files if each.status.state == "file" and each.named.role in CERTIFICATE_ROLES]
    if unread and not seen.can_read_certificates:
        message = "certificates and keys were not read: the Python package cryptography is not installed"
        yield at(unread[0].entry, message, f"Install it: {install_command('preflight')}")


def _keys(seen: Observations) -> Iterator[tuple[FileSeen, KeySeen]]:
    for each in seen.files:
        if each.content.key:
            yield each, each.content.key


CHECKS = (
    Check("CKP21", "malformed-certificate", "error", malformed_certificate),
    Check("CKP22", "malformed-key", "error", malformed_key),
    Check("CKP23", "encrypted-key", "info", encrypted_key),
    Check("CKP24", "mismatched-key", "error", mismatched_key),
    Check("CKP28", "unknown-server-certificate", "error", unknown_server_certificate),
    Check("CKP29", "certificates-not-checked", "error", certificates_not_checked),
)
