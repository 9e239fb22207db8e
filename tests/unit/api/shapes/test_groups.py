from counterpoint.api.shapes.groups import group_shape
from counterpoint.knowledge.groups import GroupView
from counterpoint.storage.groups import MemberRow


def test_a_group_is_shown_with_its_members() -> None:
    view = GroupView("g", "Finance", (MemberRow("g", "a", "ada", "Ada"),), 1_000_000, 3)
    shape = group_shape(view)
    assert (shape.id, shape.name, shape.revision) == ("g", "Finance", 3)
    assert [(member.id, member.login) for member in shape.members] == [("a", "ada")]
    assert shape.created_at.timestamp() == 1
