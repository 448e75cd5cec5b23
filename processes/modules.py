"""Which of Asterisk's modules Wutong loads. Nothing else is loaded: what is not there cannot be attacked."""

from collections.abc import Iterable
from pathlib import Path

NEEDED: tuple[str, ...] = (
    # SIP
    "res_pjproject",
    "res_sorcery_config",
    "res_sorcery_memory",
    "res_sorcery_astdb",
    "res_pjsip",
    "res_pjsip_session",
    "res_pjsip_sdp_rtp",
    "res_pjsip_pubsub",  # chan_pjsip and res_pjsip_refer do not load without
    "res_pjsip_registrar",
    "res_pjsip_authenticator_digest",
    "res_pjsip_outbound_authenticator_digest",
    "res_pjsip_outbound_registration",
    "res_pjsip_endpoint_identifier_user",
    "res_pjsip_endpoint_identifier_ip",
    "res_pjsip_caller_id",
    "res_pjsip_dtmf_info",
    "res_pjsip_header_funcs",
    "res_pjsip_nat",
    "res_pjsip_refer",
    "res_pjsip_rfc3326",
    "res_rtp_asterisk",
    "res_timing_timerfd",
    "chan_pjsip",
    # Phones in the browser
    "res_http_websocket",
    "res_pjsip_transport_websocket",
    "res_srtp",
    "res_crypto",
    # The dialplan and what AGI and AMI call
    "pbx_config",
    "res_agi",
    "res_speech",  # res_agi does not load without
    "res_manager_devicestate",
    "res_musiconhold",
    "app_bridgeaddchan",
    "app_bridgewait",
    "app_chanspy",
    "app_controlplayback",
    "app_dial",
    "app_mixmonitor",
    "app_playback",
    "app_playtones",
    "app_record",
    "app_senddtmf",
    "app_stack",  # hangup handlers
    "app_userevent",
    "func_callerid",
    "func_channel",
    "func_cut",
    "func_db",  # passwords of phones in the browser
    "func_env",  # FILE(): the secret of AGI sessions
    "func_global",  # SHARED()
    "func_hangupcause",
    "func_lock",
    "func_logic",
    "func_pjsip_aor",  # whether a phone in the browser is registered, to end that
    "func_sha1",
    "func_strings",
    "func_timeout",
    "func_volume",
    # Bridges
    "bridge_holding",
    "bridge_native_rtp",
    "bridge_simple",
    "bridge_softmix",
    # Sound
    "codec_a_mu",
    "codec_alaw",
    "codec_g722",
    "codec_gsm",
    "codec_resample",
    "codec_ulaw",
    "format_gsm",
    "format_pcm",
    "format_sln",
    "format_wav",
)
"""Without one of these something that Wutong does will fail."""

OPTIONAL: tuple[str, ...] = (
    "codec_opus",
    "codec_opus_open_source",
    "res_format_attr_opus",
    "res_security_log",
)
"""Loaded where they are installed: a better codec, fewer warnings, nothing that a call depends on."""

OPUS: frozenset[str] = frozenset({"codec_opus", "codec_opus_open_source"})
"""Either of these translates Opus. Without one a phone must not be offered it: it would hear nothing."""

LISTS = "acl"
"""A part of Asterisk itself. Reloaded, it takes a changed list of callers into use."""

CERTIFICATE = "http"
"""The same, for a changed certificate."""

RELOADABLE: tuple[str, ...] = (
    CERTIFICATE,
    "res_pjsip",
    "res_pjsip_authenticator_digest",
    "res_pjsip_endpoint_identifier_ip",
    "res_pjsip_outbound_registration",
    "res_rtp_asterisk",
    "pbx_config",
    LISTS,
)
"""Reloaded in this order, they take new files of pjsip, rtp and extensions into use; calls and registrations stay.

`LISTS` comes after `res_pjsip`, never before: Asterisk reads the phones' endpoints once more when lists have changed,
in a thread of its own (`acl_change_stasis_cb`). If `res_pjsip` is reloaded meanwhile, it takes the file for unchanged
and looks through the endpoints of before, so it never reports anything of a phone that is new (seen in 22.10.1).
"""


def installed(folder: Path) -> frozenset[str]:
    """Names, without `.so`, of the modules that lie in an Asterisk's module folder."""
    return frozenset(path.stem for path in folder.glob("*.so"))


def missing(present: Iterable[str]) -> list[str]:
    """The needed modules that are not among `present`, in the order of `NEEDED`."""
    have = set(present)
    return [name for name in NEEDED if name not in have]


def to_load(present: Iterable[str]) -> list[str]:
    """The modules that modules.conf names: every needed one, and the optional ones that are there."""
    have = set(present)
    return [*NEEDED, *(name for name in OPTIONAL if name in have)]
