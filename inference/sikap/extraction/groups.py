"""Know where the name of a party or an armed group ends and a person's begins."""

from __future__ import annotations

from collections.abc import Sequence

_PARTIES = {
    tuple(name.split())
    for name in (
        "keadilan sejahtera",
        "bulan bintang",
        "kebangkitan bangsa",
        "kebangkitan nasional",
        "amanat nasional",
        "persatuan pembangunan",
        "persatuan indonesia",
        "solidaritas indonesia",
        "hati nurani rakyat",
        "demokrasi indonesia perjuangan",
        "gerakan indonesia raya",
        "nasional demokrat",
        "golongan karya",
        "gelombang rakyat",
        "rakyat adil makmur",
        "buruh",
        "demokrat",
        "republik",
        "komunis china",
        "islam se-malaysia",
        "aksi rakyat",
    )
}
"""Names of parties, small, without "Partai"; most are Indonesia's."""
_LONGEST_PARTY = max(map(len, _PARTIES))
_PARTY = "partai"
_TROOPS = {"front", "garda", "laskar", "brigade", "milisi"}
_LONGEST_PERSON = 2


def group_end(words: Sequence[str], index: int, *, next_is_office: bool) -> int | None:
    """Return where the group's name that begins with `words[index]` ends, None where none begins that is known.

    Of what follows "Front" or "Garda", up to two words are the group's; of more, the last two are a person's.
    """
    low = words[index].lower()
    if low == _PARTY:
        for length in range(_LONGEST_PARTY, 0, -1):
            if tuple(word.lower() for word in words[index + 1 : index + 1 + length]) in _PARTIES:
                return index + 1 + length
    if low in _TROOPS and not next_is_office and index + 1 < len(words):
        rest = len(words) - index - 1
        return len(words) if rest <= _LONGEST_PERSON else len(words) - _LONGEST_PERSON
    return None
