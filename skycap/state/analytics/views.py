"""The views: what is asked most of the analytics tables, each by day, channel and language of the session.

Of sessions in which the traveller said something. Plain SQL that SQLite and PostgreSQL read alike. Rates are 0 to 1.
Rows may be added up; do not average rates, divide their sums.
"""

from __future__ import annotations

_OF = "s.day, COALESCE(s.channel, 'none') AS channel, COALESCE(s.language, 'none') AS language"
_BY = "GROUP BY s.day, COALESCE(s.channel, 'none'), COALESCE(s.language, 'none')"
_SAID = "s.messages > 0"


def _joined(table: str) -> str:
    mine = "t.conversation = s.conversation AND t.session = s.number"
    return f"FROM analytics_sessions s JOIN {table} t ON {mine} WHERE {_SAID}"


VIEWS = {
    # contained: the share of sessions that no person was asked into.
    "analytics_containment": f"""\
SELECT {_OF}, COUNT(*) AS sessions,
  SUM(CASE WHEN s.handoffs > 0 THEN 1 ELSE 0 END) AS handed_over,
  1.0 - AVG(CASE WHEN s.handoffs > 0 THEN 1.0 ELSE 0.0 END) AS contained
FROM analytics_sessions s WHERE {_SAID} {_BY}""",
    # fallback_rate: the share of messages that were not understood.
    "analytics_fallback_rate": f"""\
SELECT {_OF}, SUM(s.messages) AS messages, SUM(s.fallbacks) AS fallbacks,
  1.0 * SUM(s.fallbacks) / SUM(s.messages) AS fallback_rate
FROM analytics_sessions s WHERE {_SAID} {_BY}""",
    # In how many sessions each detail was asked for; step (booked): in how many a flight was booked.
    "analytics_form_funnel": f"""\
SELECT {_OF}, q.step, COUNT(*) AS sessions
FROM analytics_sessions s JOIN (
  SELECT DISTINCT conversation, session, name AS step FROM analytics_events WHERE type = 'asked'
  UNION ALL SELECT DISTINCT conversation, session, '(booked)' AS step FROM analytics_bookings
) q ON q.conversation = s.conversation AND q.session = s.number
WHERE {_SAID} {_BY}, q.step""",
    # How many bookings took so many messages, counted from the session's begin or the booking before.
    "analytics_turns_to_booking": f"""\
SELECT {_OF}, t.messages, COUNT(*) AS bookings
{_joined("analytics_bookings")} {_BY}, t.messages""",
    # How often a person was asked for, how often one came, and after how many seconds on average.
    "analytics_handoff_waits": f"""\
SELECT {_OF}, COUNT(*) AS handoffs,
  SUM(CASE WHEN t.taken_at IS NOT NULL THEN 1 ELSE 0 END) AS taken, AVG(t.waited_seconds) AS mean_wait_seconds
{_joined("analytics_handoffs")} {_BY}""",
    # How many turns took so many milliseconds, to the millisecond: for medians and percentiles.
    "analytics_turn_times": f"""\
SELECT {_OF}, CAST(ROUND(t.seconds * 1000) AS INTEGER) AS milliseconds, COUNT(*) AS turns
{_joined("analytics_turns")} AND t.seconds IS NOT NULL {_BY}, CAST(ROUND(t.seconds * 1000) AS INTEGER)""",
}
