"""Ulaw, loudness and Goertzel."""

import random

import pytest

from lab.phone import audio


def test_ulaw_codes_of_g711() -> None:
    assert audio.decode(b"\x00\x80\xff\x7f\xf0").tolist() == [-32_124, 32_124, 0, 0, 120]
    assert audio.encode([0, 32_767, -32_768]) == b"\xff\x80\x00"


def test_every_code_survives_a_round_trip() -> None:
    codes = bytes(code for code in range(256) if code != 0x7F)  # 0x7F is the other zero
    assert audio.encode(audio.decode(codes)) == codes


def test_goertzel_finds_the_tone_and_no_other() -> None:
    samples = audio.decode(b"".join(audio.tone(1004)[:5]))
    assert audio.share(samples, 1004) > 0.95
    assert audio.share(samples, 440) < 0.01
    assert audio.share(samples, 980) < 0.2


def test_two_tones_share_and_noise_has_none() -> None:
    first, second = (audio.decode(b"".join(audio.tone(hertz)[:5])) for hertz in (440, 800))
    both = [a // 2 + b // 2 for a, b in zip(first, second, strict=True)]
    assert audio.share(both, 440) == pytest.approx(0.5, abs=0.05)
    assert audio.share(both, 800) == pytest.approx(0.5, abs=0.05)
    chance = random.Random(1)
    assert audio.share([chance.randrange(-8000, 8000) for _ in range(800)], 440) < 0.1


def test_loudness() -> None:
    assert audio.loudness(b"") == 0
    assert audio.loudness(audio.SILENCE) == 0
    assert audio.loudness(audio.tone(440)[0]) > 20 * audio.QUIET


def test_tone_is_seamless_and_within_the_band() -> None:
    second = b"".join(audio.tone(440))
    assert len(second) == audio.RATE
    assert audio.share(audio.decode(second[-400:] + second[:400]), 440) > 0.95
    with pytest.raises(ValueError, match="4000 Hz"):
        audio.tone(4000)
