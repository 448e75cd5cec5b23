"""Certificates for 127.0.0.1, signed by themselves, made with openssl."""

import subprocess
from pathlib import Path


def make(folder: Path, name: str = "wutong") -> tuple[Path, Path]:
    """Files with a certificate and its key; those that are there are replaced."""
    certificate, key = folder / f"{name}.pem", folder / f"{name}.key"
    subprocess.run(
        [
            *("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"),
            *("-days", "2", "-subj", f"/CN={name}", "-addext", "subjectAltName=IP:127.0.0.1"),
            *("-keyout", str(key), "-out", str(certificate)),
        ],
        check=True,
        capture_output=True,
    )
    return certificate, key
