"""What holds for files and batches that a host keeps itself. Nobody sees beforehand which models its own batch calls,
or what that will cost; so what a key, a project or a limit says of models and of money forbids one. Pure.
"""

from fnmatch import fnmatchcase

import msgspec

from counterpoint.canonical.globs import fits
from counterpoint.directory import Directory, Host, Key
from counterpoint.directory.places import within
from counterpoint.directory.routes import Constraints
from counterpoint.limits.binding import Bindings

_ANYTHING = Constraints()


def excluded(host: Host, key: Key, directory: Directory) -> bool:
    """Whether the key's project may send nothing there. What is not known of the host, or of the project, counts
    against it."""
    project = directory.projects.get(key.project)
    if project is None:
        return True
    wanted = project.constraints
    if wanted.hosts and not fits(host.name, wanted.hosts):
        return True
    if fits(host.name, wanted.not_hosts) or fits(host.catalogued, wanted.not_hosts):
        return True
    if wanted.residency and not within(host.residency, wanted.residency):
        return True
    if wanted.jurisdictions and not within(filter(None, (host.jurisdiction,)), wanted.jurisdictions):
        return True
    return bool(host.data_classes) and not any(
        fnmatchcase(project.data_class, pattern) for pattern in host.data_classes
    )


def unbound(key: Key, directory: Directory) -> bool:
    """Whether a batch that a host works off by itself would escape what binds the key."""
    project = directory.projects.get(key.project)
    if project is None:
        return True
    wanted = project.constraints
    of_models = msgspec.structs.replace(
        wanted, hosts=(), not_hosts=(), residency=(), jurisdictions=(), losses=None
    )
    limits = Bindings(directory.limits).of(key.organisation, key.project, key.id, key.user)
    return bool(key.models) or of_models != _ANYTHING or bool(limits)
