"""A copy of a signed letter for an archive, with an electronic signature of the installation.

The signature (PAdES B-B, ETSI EN 319 142-1) is appended: the bytes that were signed in the app
come before it, unchanged. It proves the file to a program that knows the certificate and not this
installation. Its time is this machine's own; no time-stamping authority is asked.
Needs the extra `sign` and the setting `ARCHIVE_CERTIFICATE`.
"""

from __future__ import annotations

from importlib.util import find_spec
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings

if TYPE_CHECKING:
    from pyhanko.sign.signers import SimpleSigner

FIELD = "Archive"


class CertificateRefused(Exception):
    """The certificate of the archive cannot be used; the message says why."""


def is_offered() -> bool:
    """Whether this installation has a certificate to sign copies with."""
    return bool(settings.ARCHIVE_CERTIFICATE)


def load_certificate() -> SimpleSigner:
    """The key and certificate of the setting, a PKCS #12 file. Raises CertificateRefused."""
    if find_spec("pyhanko") is None:
        raise CertificateRefused("ARCHIVE_CERTIFICATE needs the packages of requirements/sign.txt.")
    from pyhanko.sign.signers import SimpleSigner

    file = Path(settings.ARCHIVE_CERTIFICATE)
    if not file.is_file():
        raise CertificateRefused("The file of ARCHIVE_CERTIFICATE is not there.")
    passphrase = settings.ARCHIVE_CERTIFICATE_PASSPHRASE.encode() or None
    signer: SimpleSigner | None = SimpleSigner.load_pkcs12(  # type: ignore[no-untyped-call]
        str(file), passphrase=passphrase
    )
    if signer is None:
        raise CertificateRefused(
            "The file of ARCHIVE_CERTIFICATE is no PKCS #12 file, or the passphrase is another."
        )
    return signer


def archival_copy(pdf: bytes) -> bytes:
    """These bytes with a signature after them that allows no later change.

    Raises CertificateRefused.
    """
    signer = load_certificate()
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
    from pyhanko.sign.fields import (
        InvisSigSettings,
        MDPPerm,
        SigFieldSpec,
        SigSeedSubFilter,
    )
    from pyhanko.sign.signers import PdfSignatureMetadata, sign_pdf

    how = PdfSignatureMetadata(
        field_name=FIELD,
        md_algorithm="sha256",
        subfilter=SigSeedSubFilter.PADES,
        certify=True,
        docmdp_permissions=MDPPerm.NO_CHANGES,
    )
    # Nothing of it is seen: PDF/A forbids to hide it, and PDF/UA wants it outside of the page then.
    unseen = InvisSigSettings(set_print_flag=True, set_hidden_flag=False, box_out_of_bounds=True)
    hidden = SigFieldSpec(FIELD, invis_sig_settings=unseen)

    class Appending(IncrementalPdfFileWriter):
        """Writes no metadata again: it would lose what they say of PDF/UA in an archive."""

        def _update_meta(self) -> None:
            """Leave them as the letter has them."""

    writer = Appending(BytesIO(pdf))
    signed: BytesIO = sign_pdf(writer, how, signer=signer, new_field_spec=hidden)
    return signed.getvalue()
