"""Projects, and what they may send where."""

from fastapi import APIRouter
from pydantic import Field

from counterpoint.api.access import require
from counterpoint.api.editing import Edited, Tag
from counterpoint.api.routes.given import Given, Input
from counterpoint.api.routes.routing import ConstraintsInput
from counterpoint.api.shapes.common import Page
from counterpoint.api.shapes.routes import ProjectShape, project_shape
from counterpoint.control.projects import NewProject

router = APIRouter(prefix="/projects", tags=["projects"])
_read = [require("rules.read")]
_write = [require("rules.write")]


class ProjectEdit(Input):
    """What it may send where: all of it."""

    data_class: str = Field(default="", max_length=100, description="Of what it sends; empty: none is named.")
    constraints: ConstraintsInput = ConstraintsInput()

    def wanted(self, name: str) -> NewProject:
        """As the service takes it. Raises `Complaint`."""
        return NewProject(name, self.data_class, self.constraints.constraints())


class ProjectInput(ProjectEdit):
    """A project to be."""

    name: str = Field(max_length=100)


@router.get("", summary="List projects", dependencies=_read)
def list_projects(services: Given) -> Page[ProjectShape]:
    """By name, all of them."""
    return Page([project_shape(view) for view in services.projects.list()], None)


@router.post("", status_code=201, summary="Add a project", dependencies=_write)
def add_project(services: Given, new: ProjectInput) -> ProjectShape:
    """Keys can be made in it from then on."""
    return project_shape(services.projects.add(new.wanted(new.name)))


@router.get("/{name}", summary="Show a project", dependencies=_read)
def show_project(services: Given, name: str, tag: Tag) -> ProjectShape:
    """By its name."""
    view = services.projects.find(name)
    tag(view.revision)
    return project_shape(view)


@router.put("/{name}", summary="Say what a project may send where", dependencies=_write)
def put_project(services: Given, name: str, wanted: ProjectEdit, revision: Edited, tag: Tag) -> ProjectShape:
    """It holds for every call of its keys, within a second."""
    view = services.projects.change(wanted.wanted(name), revision=revision)
    tag(view.revision)
    return project_shape(view)
