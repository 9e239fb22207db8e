from tests.unit.cli.conftest import Run


def test_not_in_the_documents_is_an_answer_with_a_code_of_its_own(run: Run) -> None:
    ran = run("ask", "What is the notice period?")
    assert (ran.code, ran.out) == (1, "")
    assert "not in the documents" in ran.err
    assert run("ask", "What is the notice period?", "--json").json["found"] is False
