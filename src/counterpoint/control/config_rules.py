"""What a well-formed configuration must also satisfy: names that are free, places that exist, hosts that are
known. Pure but for looking at the environment and whether files can be read."""

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, ParamSpec

import msgspec

from counterpoint.catalog.hosts import is_address
from counterpoint.catalog.values import HostRow
from counterpoint.control import config_limits, config_pricing, config_routing
from counterpoint.control.config import Configuration, KeySection, ProviderSection, ServerSection
from counterpoint.control.keys import check_text
from counterpoint.control.names import check_name, check_patterns, check_places, check_slug
from counterpoint.control.notifying import checking as notifying
from counterpoint.control.quantities import parse_bytes, parse_seconds
from counterpoint.control.reaching import check_networks
from counterpoint.control.rules import check_policy
from counterpoint.control.schema import Fault, nearest
from counterpoint.control.schema import Path as KeyPath
from counterpoint.control.secretsources import read_secret, source_of
from counterpoint.directory.losspolicy import LossPolicy, written
from counterpoint.directory.values import LOCAL_HOST
from counterpoint.engines.store import default_model
from counterpoint.i18n.complaint import Complaint
from counterpoint.storage.database import parse_url

_P = ParamSpec("_P")
_ORIGIN = re.compile(r"\*|[a-z][a-z0-9+.-]*://[^/\s]+")
_SOURCE = re.compile(r"[a-z]+:\S+")


class Surroundings(msgspec.Struct, frozen=True):
    """What a file is judged against. `folder`: its own. `hosts`: of the catalogue, `None` if it is not at
    hand: then hosts are not judged."""

    folder: Path
    environ: Mapping[str, str]
    hosts: Mapping[str, HostRow] | None = None


def faults(
    configuration: Configuration,
    *,
    folder: Path,
    environ: Mapping[str, str],
    hosts: Mapping[str, HostRow] | None = None,
) -> list[Fault]:
    """All that is wrong."""
    around = Surroundings(folder, environ, hosts)
    return [
        *_server(configuration, around),
        *_database(configuration, around),
        *_providers(configuration, around),
        *_keys(configuration, around),
        *_rules(configuration),
        *_kept(configuration),
        *_telemetry(configuration),
        *_models(configuration),
        *config_pricing.faults(configuration),
        *config_limits.faults(configuration),
        *notifying.faults(configuration, folder, environ),
        *config_routing.faults(configuration),
    ]


def _fault(path: KeyPath, sentence: str, hint: str | None = None, **values: Any) -> Fault:
    return Fault(path, f"control.config.{sentence}", values, hint)


def _tried(
    path: KeyPath, attempt: Callable[_P, object], *args: _P.args, **kwargs: _P.kwargs
) -> Iterator[Fault]:
    """A complaint of the service that would use the value, told of the place where the value stands."""
    try:
        attempt(*args, **kwargs)
    except Complaint as complaint:
        yield Fault(path, complaint.sentence, complaint.values)


def _server(configuration: Configuration, around: Surroundings) -> Iterator[Fault]:
    server = configuration.server
    if server.port and server.port == server.admin_port:
        yield _fault(("server", "admin_port"), "same_port", port=server.port)
    for index, origin in enumerate(server.cors_origins):
        if not _ORIGIN.fullmatch(origin):
            yield _fault(("server", "cors_origins", index), "not_an_origin", origin=origin)
    yield from _around(server)
    for name, value in msgspec.structs.asdict(server.limits).items():
        if value < 0 or (value == 0 and name != "pipeline"):
            yield _fault(("server", "limits", name), "not_above", least=0)
    if server.tls is not None:
        for name in ("cert", "key"):
            path = around.folder / Path(getattr(server.tls, name)).expanduser()
            if not path.is_file():
                yield _fault(("server", "tls", name), "no_file", file=str(path))


def _around(server: ServerSection) -> Iterator[Fault]:
    for name in ("private_networks", "admin_proxies"):
        for index, network in enumerate(getattr(server, name) or ()):
            yield from _tried(("server", name, index), check_networks, (network,))
    if server.gateway_url is not None and not is_address(server.gateway_url):
        yield _fault(("server", "gateway_url"), "not_a_url", url=server.gateway_url)
    for name in ("grace", "leave"):
        if parse_seconds(getattr(server, name)) is None:
            yield _fault(("server", name), "no_seconds", value=getattr(server, name))


def _database(configuration: Configuration, around: Surroundings) -> Iterator[Fault]:
    url = configuration.database.url
    place = ("database", "url")
    if url is None:
        return
    if isinstance(url, str) and not url.startswith(("env:", "file:")):
        yield from _tried(place, parse_url, url)
        if re.search(r"//[^/@:]*:[^/@]+@", url):
            yield _fault(place, "password_in_url")
        return
    yield from _tried(place, lambda: parse_url(read_secret(url, around.folder, around.environ)))


def _providers(configuration: Configuration, around: Surroundings) -> Iterator[Fault]:
    seen: set[str] = set()
    for index, provider in enumerate(configuration.providers):
        place: KeyPath = ("providers", index)
        yield from _tried((*place, "name"), check_slug, provider.name)
        if provider.name in seen:
            yield _fault((*place, "name"), "twice", name=provider.name)
        if provider.name == LOCAL_HOST:
            yield _fault((*place, "name"), "reserved", name=provider.name)
        seen.add(provider.name)
        if provider.base_url is not None and not is_address(provider.base_url):
            yield _fault((*place, "base_url"), "not_a_url", url=provider.base_url)
        if provider.secret is not None:
            # A provider that is switched off may be declared before its secret is there.
            if provider.enabled:
                yield from _tried(
                    (*place, "secret"), read_secret, provider.secret, around.folder, around.environ
                )
            else:
                yield from _tried((*place, "secret"), source_of, provider.secret)
        yield from _tried((*place, "data_classes"), check_patterns, provider.data_classes or ())
        yield from _tried((*place, "residency"), check_places, provider.residency or ())
        law = () if provider.jurisdiction is None else (provider.jurisdiction,)
        yield from _tried((*place, "jurisdiction"), check_places, law, groups=False)
        if around.hosts is not None:
            yield from _host(place, provider, around.hosts)


def _host(place: KeyPath, provider: ProviderSection, hosts: Mapping[str, HostRow]) -> Iterator[Fault]:
    row = hosts.get(provider.host or provider.name)
    if row is None:
        if provider.host is not None:
            hint = nearest(provider.host, list(hosts))
            yield _fault((*place, "host"), "unknown_host", hint, name=provider.host)
        elif provider.base_url is None:
            hint = nearest(provider.name, list(hosts))
            yield _fault((*place, "name"), "host_or_url", hint, name=provider.name)
        return
    for name, setting in row.settings.items():
        if not setting.default and not provider.settings.get(name) and not provider.base_url:
            yield _fault(
                (*place, "settings"), "setting_missing", name=name, host=row.name, what=setting.description
            )
    for name in provider.settings:
        if name not in row.settings:
            hint = nearest(name, list(row.settings))
            yield _fault((*place, "settings", name), "setting_unknown", hint, name=name, host=row.name)
    if row.needs_secret and provider.secret is None:
        variable = row.secret_env[0] if row.secret_env else "NAME"
        yield _fault(place, "secret_missing", host=row.name, variable=variable)


def _keys(configuration: Configuration, around: Surroundings) -> Iterator[Fault]:
    seen: set[tuple[str, str]] = set()
    for index, key in enumerate(configuration.keys):
        place: KeyPath = ("keys", index)
        yield from _key(place, key, around)
        if (key.project, key.name) in seen:
            yield _fault((*place, "name"), "twice", name=key.name)
        seen.add((key.project, key.name))


def _key(place: KeyPath, key: KeySection, around: Surroundings) -> Iterator[Fault]:
    yield from _tried((*place, "name"), check_name, key.name)
    yield from _tried((*place, "models"), check_patterns, key.models)
    if (key.sha256 is None) == (key.key is None):
        yield _fault(place, "key_without_value")
    elif key.key is not None:
        secret = key.key
        yield from _tried(
            (*place, "key"), lambda: check_text(read_secret(secret, around.folder, around.environ))
        )
    if key.expires is not None and key.expires <= datetime.now(UTC):
        yield _fault((*place, "expires"), "has_expired", when=key.expires.isoformat())


def _rules(configuration: Configuration) -> Iterator[Fault]:
    for pattern, target in configuration.rules.aliases.items():
        yield from _tried(("rules", "aliases", pattern), check_patterns, (pattern, target))
    seen: set[str] = set()
    for index, host in enumerate(configuration.rules.prefer):
        if host in seen:
            yield _fault(("rules", "prefer", index), "twice", name=host)
        seen.add(host)
    patterns: set[str] = set()
    for index, rule in enumerate(configuration.rules.losses):
        place: KeyPath = ("rules", "losses", index)
        yield from _tried((*place, "models"), check_patterns, (rule.models,))
        yield from _tried((*place, "codes"), check_patterns, rule.codes)
        policy = LossPolicy(rule.policy, rule.severity, rule.codes)
        yield from _tried((*place, "codes"), check_policy, written(policy))
        if rule.models in patterns:
            yield _fault((*place, "models"), "twice", name=rule.models)
        patterns.add(rule.models)


def _kept(configuration: Configuration) -> Iterator[Fault]:
    keep, ledger = configuration.state.keep, configuration.ledger
    if not parse_seconds(keep):
        yield _fault(("state", "keep"), "not_a_time", value=keep)
    if ledger.keep is not None and not parse_seconds(ledger.keep):
        yield _fault(("ledger", "keep"), "not_a_time", value=ledger.keep)
    if not parse_seconds(ledger.commit_wait):
        yield _fault(("ledger", "commit_wait"), "no_seconds", value=ledger.commit_wait)


def _telemetry(configuration: Configuration) -> Iterator[Fault]:
    telemetry = configuration.telemetry
    if telemetry.endpoint is not None and not is_address(telemetry.endpoint):
        yield _fault(("telemetry", "endpoint"), "not_a_url", url=telemetry.endpoint)
    for index, network in enumerate(telemetry.metrics_from):
        yield from _tried(("telemetry", "metrics_from", index), check_networks, (network,))


def _models(configuration: Configuration) -> Iterator[Fault]:
    models = configuration.models
    keep = models.keep_alive
    if keep is not None and keep not in (-1, "-1") and parse_seconds(keep) is None:
        yield _fault(("models", "keep_alive"), "not_a_duration", value=keep)
    if models.memory_limit is not None and not parse_bytes(models.memory_limit):
        yield _fault(("models", "memory_limit"), "not_a_size", value=models.memory_limit)
    for index, source in enumerate(models.pull or ()):
        # Which kinds of source there are is for the room that pulls to say.
        if not _SOURCE.fullmatch(source) and default_model(source) is None:
            yield _fault(("models", "pull", index), "not_a_source", source=source)
