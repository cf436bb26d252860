"""The client's certificate and key, and what the CA file knows of the servers."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from confkit.preflight import x509
from confkit.preflight.chain import Known, known
from confkit.preflight.model import Check, at, shown
from confkit.preflight.tree import read
from confkit.preflight.x509 import KeyRead

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cryptography.x509 import Certificate

    from confkit.lint.diagnostics import Finding
    from confkit.preflight.entries import Named
    from confkit.preflight.files import FileSeen
    from confkit.preflight.model import Seen
    from confkit.preflight.tree import Tree


class Certificates(NamedTuple):
    """What a certificate file or a CA file holds, and what it knows of the servers that it has to vouch for."""

    certificates: tuple[Certificate, ...]
    fault: str | None
    known: tuple[Known, ...] = ()


def read_content(tree: Tree, named: Named) -> Certificates | KeyRead:
    """Read a certificate file, a CA file or a key file. OSError when it cannot be read."""
    data = read(tree, named.path, x509.MOST_BYTES + 1)
    if named.role == "key":
        return x509.read_key(data)
    found, fault = x509.read_certificates(data)
    return Certificates(found, fault, () if fault else known(tree, named.path, found, named.servers))


def certificate_malformed(seen: Seen) -> Iterator[Finding]:
    """A file of certificates is empty, cut off, or holds something else.

    ## Why

    The client cannot build a TLS connection, and its words do not name the file. In a CA file one certificate that does
    not parse can hide those behind it.

    ## What to do

    Copy the file again; `openssl x509 -in FILE -noout -text` says more. A DER file becomes PEM with `openssl x509
    -inform der`. The file's content never appears here.

    ## Source

    https://www.rfc-editor.org/rfc/rfc7468 for the form.
    """
    for each in seen.files:
        if isinstance(each.content, Certificates) and each.content.fault:
            message = f"the {each.named.word} {shown(each.named.path)} cannot be used: {each.content.fault}"
            yield at(each.named.entry, message, "Copy it again; openssl x509 -noout -text says more")


def key_malformed(seen: Seen) -> Iterator[Finding]:
    """The file of the private key is empty, cut off, or holds something else.

    ## Why

    Without its key the client's certificate is of no use. PKCS#8 and PKCS#1 (or SEC 1, for elliptic curves) are read,
    in PEM form; OpenSSH's own form is none of them.

    ## What to do

    Copy the file again, or register the client anew; `openssl pkey -in FILE -noout` says more. The file's content never
    appears here.

    ## Source

    https://www.rfc-editor.org/rfc/rfc5958 (PKCS#8), https://www.rfc-editor.org/rfc/rfc8017 (PKCS#1)
    """
    for each, key in _keys(seen):
        if key.fault:
            message = f"the private key {shown(each.named.path)} cannot be used: {key.fault}"
            yield at(each.named.entry, message, "Copy it again; openssl pkey -noout says more")


def key_encrypted(seen: Seen) -> Iterator[Finding]:
    """The private key is encrypted, so whether it belongs to the certificate is not known.

    ## Why

    Clients from 10.7.0 encrypt the key that they make (AES-256-CBC, 3DES before), so this is usual, and only the client
    can open it. A key that somebody else encrypted fails, and so does one made by a newer client after a downgrade.

    ## What to do

    Nothing, where the client made the key. Otherwise register the client anew.

    ## Source

    https://guide-gov.ncloud-docs.com/docs/hsm-client, which quotes the vendor's release notes.
    """
    for each, key in _keys(seen):
        if key.encrypted:
            message = (
                f"the private key {shown(each.named.path)} is encrypted ({key.form}): whether it fits is not known"
            )
            yield at(
                each.named.entry, message, "Nothing to do where a client of this version, or of an older one, made it"
            )


def key_mismatch(seen: Seen) -> Iterator[Finding]:
    """The private key does not belong to the client's certificate.

    ## Why

    The appliance then refuses the client. The two are replaced together, and a deployment that replaces one of them
    leaves this.

    ## What to do

    Install the pair that was made together. The first certificate of the file is the one that counts.

    ## Source

    https://docs.openssl.org/3.0/man3/SSL_CTX_use_certificate/ for the first certificate of a chain file.
    """
    files = {each.named.entry: each.content for each in seen.files if isinstance(each.content, Certificates)}
    for each, key in _keys(seen):
        partner = files.get(each.named.partner) if each.named.partner else None
        if key.public is None or partner is None or not partner.certificates:
            continue
        first, *others = map(x509.public_key_of, partner.certificates)
        if first not in {None, key.public}:
            behind = "; it belongs to a later one in that file" if key.public in others else ""
            certificate = f"the certificate of {shown(each.named.partner.name)}" if each.named.partner else ""
            message = f"the private key {shown(each.named.path)} ({key.form}) does not belong to {certificate}{behind}"
            yield at(each.named.entry, message, "Install the key and the certificate that were made together")


def ca_lacks_server(seen: Seen) -> Iterator[Finding]:
    """The CA file does not vouch for a server that the client connects to.

    ## Why

    The client then refuses the appliance. ServerCAFile holds the certificates of all appliances, or those of the
    authorities that issued them. A server is known by name, when the common name or an alternative name of one of the
    certificates is what ServerNameNN says (LNHServerCNNN for a cluster), or by the chain, when the server's own
    certificate lies beside the CA file (NAMECert.pem or NAME.pem) and a chain of certificates in the file leads from it
    to a root.

    It is a warning where that cannot be told for certain: an authority in the file may have issued the server's
    certificate, which is not at hand, or the server is named by its address.

    ## What to do

    Register the appliance's certificate (`vtl addServer`), or add it to the CA file.

    ## Source

    https://thalesdocs.com/gphsm/luna/7.7.0/docs/network/Content/admin_partition/connections/ntls/CA-signed.htm and
    CA-signed_client.htm beside it. That the names have to agree is inferred from the entries; the file names are
    recalled.
    """
    advice = "Register the server's certificate (vtl addServer), or add it to the CA file"
    for each, one in ((each, one) for each, content in certificates(seen) for one in content.known):
        name, path = shown(one.server.certified), shown(each.named.path)
        if one.verdict == "not issued":
            message = f"no chain in the CA file {path} leads from the certificate of {name} to a root"
            yield at(one.server.entry, message, advice)
        elif one.verdict == "absent":
            message = f"the CA file {path} holds no certificate of {name}, nor one that may have issued it"
            yield at(one.server.entry, message, advice, "warning" if x509.is_address(name) else None)
        elif one.verdict == "untold":
            message = f"the CA file {path} holds no certificate of {name}; whether it holds its issuer's cannot be told"
            yield at(one.server.entry, message, advice, "warning")


def certificates_not_checked(seen: Seen) -> Iterator[Finding]:
    """Certificates and keys were not looked into: the Python package cryptography is not installed.

    ## Why

    It is an optional dependency. A gate must not pass what it did not look at, so this is an error.

    ## What to do

    Install the extra: `pip install '.[preflight]'` in a checkout of confkit, or Debian's package python3-cryptography.
    """
    unread = [each.named for each in seen.files if each.look.state == "file" and each.named.role in ROLES]
    if unread and not seen.can_read_certificates:
        message = "certificates and keys were not looked into: the Python package cryptography is not installed"
        yield at(unread[0].entry, message, "Install confkit with its extra: preflight")


def certificates(seen: Seen) -> Iterator[tuple[FileSeen, Certificates]]:
    """Yield the files of certificates that could be read, with what they hold."""
    for each in seen.files:
        if isinstance(each.content, Certificates):
            yield each, each.content


def _keys(seen: Seen) -> Iterator[tuple[FileSeen, KeyRead]]:
    for each in seen.files:
        if isinstance(each.content, KeyRead):
            yield each, each.content


ROLES = frozenset({"certificate", "key", "authorities"})
CHECKS = (
    Check("CKP21", "certificate-malformed", "error", certificate_malformed),
    Check("CKP22", "key-malformed", "error", key_malformed),
    Check("CKP23", "key-encrypted", "info", key_encrypted),
    Check("CKP24", "key-mismatch", "error", key_mismatch),
    Check("CKP28", "ca-lacks-server", "error", ca_lacks_server),
    Check("CKP29", "certificates-not-checked", "error", certificates_not_checked),
)
