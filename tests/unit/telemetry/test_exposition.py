from prometheus_client.parser import text_string_to_metric_families

from counterpoint.telemetry.exposition import Family, exposed


def test_a_histogram_counts_upwards_to_all() -> None:
    family = Family(
        "x_seconds", "histogram", "Some.", bounds=(0.1, 1.0), histograms={(("a", "b"),): ([1, 2, 3], 4.5)}
    )
    (read,) = text_string_to_metric_families(exposed([family]))
    values = {(sample.name, sample.labels.get("le")): sample.value for sample in read.samples}
    assert values == {
        ("x_seconds_bucket", "0.1"): 1,
        ("x_seconds_bucket", "1.0"): 3,
        ("x_seconds_bucket", "+Inf"): 6,
        ("x_seconds_sum", None): 4.5,
        ("x_seconds_count", None): 6,
    }
