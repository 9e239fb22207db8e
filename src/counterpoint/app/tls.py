"""The certificate that callers see, opened in one way by whoever serves with it and whoever judges it beforehand."""

import ssl

from counterpoint.i18n.complaint import Complaint


def context_of(certificate: str, key: str) -> ssl.SSLContext:
    """Of PEM files. Raises `Complaint` where they cannot be used."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.set_alpn_protocols(["http/1.1"])
    try:
        # Nobody is there to be asked for the password of a key that has one.
        context.load_cert_chain(certificate, key, password="")
    except OSError as error:  # what OpenSSL says is one, too
        raise Complaint(
            "app.tls_unusable", certificate=certificate, key=key, reason=error.strerror or str(error)
        ) from error
    return context
