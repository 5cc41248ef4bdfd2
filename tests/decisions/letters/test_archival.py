"""A copy for an archive: signed for programs that know the certificate, and known again here."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from types import SimpleNamespace

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    pkcs12,
)
from cryptography.x509.oid import NameOID
from django.core.checks import run_checks
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from page import ValidationProfile, validate_pdf_bytes
from pyhanko.keys import load_cert_from_pemder
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko.sign.validation.status import SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext
from pytest_django.fixtures import Settings

from decisions.letters.models import Letter
from kapnet.core.audit.models import Event
from kapnet.core.people.models import User
from tests.decisions.letters.stored_letters import make_signed
from tests.decisions.letters.verification.test_verify_views import damage, replace_letter

pytestmark = pytest.mark.django_db
Clients = Callable[[User], Client]
PASSPHRASE = "only-for-tests"


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> SimpleNamespace:
    """A certificate that signed itself: `pem` alone, `p12` with its key."""
    folder = tmp_path_factory.mktemp("archive")
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Harbor Clinic")])
    now = timezone.now()
    use = dict.fromkeys(
        (
            *("key_encipherment", "data_encipherment", "key_agreement", "key_cert_sign"),
            *("crl_sign", "encipher_only", "decipher_only"),
        ),
        False,
    )
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(
            x509.KeyUsage(digital_signature=True, content_commitment=True, **use), critical=True
        )
        .sign(key, hashes.SHA256())
    )
    pem, p12 = folder / "archive.pem", folder / "archive.p12"
    pem.write_bytes(made.public_bytes(Encoding.PEM))
    locked = BestAvailableEncryption(PASSPHRASE.encode())
    p12.write_bytes(pkcs12.serialize_key_and_certificates(b"archive", key, made, None, locked))
    return SimpleNamespace(pem=pem, p12=p12)


@pytest.fixture
def archive(certificate: SimpleNamespace, settings: Settings) -> None:
    """An installation that has this certificate."""
    settings.ARCHIVE_CERTIFICATE = str(certificate.p12)
    settings.ARCHIVE_CERTIFICATE_PASSPHRASE = PASSPHRASE


def address(letter: Letter) -> str:
    return reverse("letters:archive", args=[letter.pk])


def verified(pdf: bytes) -> str:
    file = SimpleUploadedFile("copy.pdf", pdf, "application/pdf")
    return Client().post(reverse("letters:verify"), {"pdf": file}).content.decode()


@pytest.mark.usefixtures("archive")
def test_copy_holds_the_signed_bytes_and_a_signature_over_all_of_them(
    therapist: User, staff: User, client_for: Clients, certificate: SimpleNamespace
) -> None:
    letter = make_signed(therapist)

    response = client_for(staff).get(address(letter))

    copy = response.content
    assert response["Content-Disposition"] == f'attachment; filename="{letter.number}-archive.pdf"'
    assert copy.startswith(bytes(letter.pdf or b""))
    [embedded] = PdfFileReader(BytesIO(copy)).embedded_signatures
    trust = ValidationContext(trust_roots=[load_cert_from_pemder(str(certificate.pem))])
    status = validate_pdf_signature(embedded, trust)
    assert status.bottom_line
    assert status.coverage == SignatureCoverageLevel.ENTIRE_FILE
    assert embedded.sig_object["/SubFilter"] == "/ETSI.CAdES.detached"
    for profile in (ValidationProfile.PDF_UA_1, ValidationProfile.PDF_A_2A):
        report = validate_pdf_bytes(copy, profile=profile)
        assert report.is_compliant, [one.message for one in report.failures]
    assert Event.objects.filter(action="letter.archived", actor=staff).count() == 1


@pytest.mark.usefixtures("archive")
def test_another_program_finds_the_signature_valid(
    therapist: User, client_for: Clients, tmp_path: Path
) -> None:
    file = tmp_path / "copy.pdf"
    file.write_bytes(client_for(therapist).get(address(make_signed(therapist))).content)

    said = subprocess.run(
        ["pdfsig", "-nocert", file], check=False, capture_output=True, text=True
    ).stdout

    assert "Signature is Valid." in said
    assert "Total document signed" in said


@pytest.mark.usefixtures("archive")
def test_copy_is_genuine_until_it_is_changed_or_the_letter_replaced(
    therapist: User, client_for: Clients
) -> None:
    letter = make_signed(therapist)
    copy = client_for(therapist).get(address(letter)).content
    changed = bytearray(copy)
    changed[-100] ^= 1

    assert "<strong>Genuine.</strong>" in verified(copy)
    assert "<strong>Altered.</strong>" in verified(bytes(changed))
    replace_letter(letter, therapist)
    assert "<strong>Superseded.</strong>" in verified(copy)


@pytest.mark.usefixtures("archive")
def test_damaged_letter_is_not_archived(therapist: User, client_for: Clients) -> None:
    letter = make_signed(therapist)
    damage(letter)

    response = client_for(therapist).get(address(letter))

    assert response["Location"] == reverse("letters:detail", args=[letter.pk])


def test_without_a_certificate_nothing_is_offered(therapist: User, client_for: Clients) -> None:
    letter, client = make_signed(therapist), client_for(therapist)

    page = client.get(reverse("letters:detail", args=[letter.pk])).content.decode()

    assert "Archival copy" not in page
    asked = client.get(address(letter), follow=True)
    assert asked.redirect_chain[-1][0] == reverse("letters:detail", args=[letter.pk])
    assert "no certificate to sign copies with" in asked.content.decode()


@pytest.mark.parametrize(
    ("file", "passphrase", "said"),
    [
        ("gone.p12", PASSPHRASE, "is not there"),
        ("archive.p12", "another", "the passphrase is another"),
        ("archive.pem", PASSPHRASE, "no PKCS #12 file"),
    ],
)
def test_certificate_that_cannot_be_used_stops_the_start(
    certificate: SimpleNamespace, settings: Settings, file: str, passphrase: str, said: str
) -> None:
    settings.ARCHIVE_CERTIFICATE = str(certificate.p12.with_name(file))
    settings.ARCHIVE_CERTIFICATE_PASSPHRASE = passphrase

    found = [one for one in run_checks() if one.id == "letters.E002"]

    assert len(found) == 1
    assert said in found[0].msg


@pytest.mark.usefixtures("archive")
def test_certificate_that_works_is_not_complained_of() -> None:
    assert not [one for one in run_checks() if one.id == "letters.E002"]
