"""Which date is the departure and which the return, when the words say so.

Place in the flow: `find.py` passes the folded text and the spans of its dates; reads the cue words of the language.
"""

from collections.abc import Sequence

from flights.dates.language import Compiled

_ADJACENT_CHARACTERS = 25


def assign_roles(text: str, spans: Sequence[tuple[int, int]], tables: Compiled) -> list[str | None]:
    """Give every span "departure", "return" or None.

    A cue belongs to the date after it ("leaving on Friday") unless a clause ends between them and the date before it
    is close and free ("on the 8th I leave, on the 12th I return").
    """
    roles: list[str | None] = [None] * len(spans)
    cues = [(one.start(), one.end(), one.lastgroup) for one in tables.cues.finditer(text)]
    cues = [cue for cue in cues if not any(start < cue[1] and cue[0] < end for start, end in spans)]
    if not cues or not spans:
        return roles
    if _cues_follow_their_dates(text, cues, spans, tables):
        return [role for _, _, role in cues]
    for index, (start, end, role) in enumerate(cues):
        following = next((i for i, span in enumerate(spans) if span[0] >= end), None)
        preceding = next((i for i in range(len(spans) - 1, -1, -1) if spans[i][1] <= start), None)
        if following is not None and index + 1 < len(cues) and cues[index + 1][0] < spans[following][0]:
            following = None  # a nearer cue stands between
        if preceding is not None and not _adjacent(text[spans[preceding][1] : start], roles[preceding], tables):
            preceding = None
        if following is not None and preceding is not None and tables.clause.search(text[end : spans[following][0]]):
            following = None
        chosen = preceding if following is None else following
        if chosen is not None:
            roles[chosen] = role
    for i in range(1, len(spans)):
        if roles[i] is None and tables.alternative.match(text[spans[i - 1][1] : spans[i][0]]):
            roles[i] = roles[i - 1]
    return roles


def _adjacent(gap: str, role: str | None, tables: Compiled) -> bool:
    return role is None and len(gap) <= _ADJACENT_CHARACTERS and not tables.clause.search(gap)


def _cues_follow_their_dates(text: str, cues, spans, tables: Compiled) -> bool:
    """Date, cue, date, cue: "Friday outbound, Monday return"."""
    if len(cues) != len(spans):
        return False
    ends = [span[1] for span in spans]
    nexts = [span[0] for span in spans[1:]] + [cues[-1][1]]
    return all(
        end <= cue[0] and cue[1] <= after and not tables.clause.search(text[end : cue[0]])
        for end, cue, after in zip(ends, cues, nexts, strict=True)
    )
