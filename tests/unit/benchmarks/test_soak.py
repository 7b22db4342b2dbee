"""What a run over many turns is summed up to."""

from __future__ import annotations

from benchmarks.soak import Sample, summary

SAMPLES = [
    Sample(0, 0.0, 700.0, 0, 1000.0),
    Sample(6_000, 60.0, 760.0, 0, 1090.0),
    Sample(12_000, 120.0, 800.0, 0, 1140.0),
    Sample(40_000, 400.0, 815.5, 2, 1180.5),
]


def test_growth_counts_from_when_caches_have_filled():
    found = summary(SAMPLES)
    assert (found["start_mb"], found["settled_mb"], found["end_mb"], found["growth_mb"]) == (700.0, 800.0, 815.5, 15.5)
    assert (found["turns"], found["failed"], found["turns_per_second"]) == (40_000, 2, 100.0)
    assert found["growth_pss_mb"] == 40.5


def test_a_short_run_says_nothing_of_growth():
    assert summary(SAMPLES[:2])["growth_mb"] is None
    assert summary(SAMPLES[:3])["growth_mb"] is None
    assert summary(SAMPLES[:3])["growth_pss_mb"] is None
    assert summary(SAMPLES[:1])["turns_per_second"] is None
