"""How many parts a text is billed as: GSM 03.38 with its extension table, else UCS-2 (3GPP TS 23.038 and 23.040)."""

_BASIC = set(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿"
    "abcdefghijklmnopqrstuvwxyzäöñüà"
)
_EXTENDED = set("^{}\\[~]|€\f")


def segments(body: str) -> int:
    """Parts of 160/153 GSM-7 septets or 70/67 UTF-16 units; a character is never split between two parts."""
    if all(char in _BASIC or char in _EXTENDED for char in body):
        return _parts([2 if char in _EXTENDED else 1 for char in body], single=160, part=153)
    return _parts([2 if ord(char) > 0xFFFF else 1 for char in body], single=70, part=67)


def _parts(widths: list[int], single: int, part: int) -> int:
    if sum(widths) <= single:
        return 1
    count, room = 1, part
    for width in widths:
        if width > room:
            count, room = count + 1, part
        room -= width
    return count
