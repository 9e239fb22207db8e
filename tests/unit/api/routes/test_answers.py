from tests.papers import Papers


def test_an_answer_is_quotations_with_where_they_stand(papers: Papers) -> None:
    ada = papers.person("ada")
    text = "Handbook\n\nThe notice period for managers is three months. A letter is written."
    document = papers.upload(papers.source(readers=["all"]), "notice.txt", text)
    papers.read()
    answer = ada.browser.post("/api/v1/answers", json={"question": "What is the notice period for managers?"})
    assert answer.status_code == 201
    told = answer.json()
    assert (told["found"], told["mode"], told["model"]) == (True, "quotes", "")
    (span,) = told["claims"][0]["spans"]
    assert text[span["start"] : span["end"]] == span["quote"]
    assert (span["document"], span["path"]) == (document, "notice.txt")
    assert told["cited"][0]["right"].startswith("all:")


def test_not_in_the_documents_is_an_answer(papers: Papers) -> None:
    answer = papers.person("ada").browser.post("/api/v1/answers", json={"question": "Who was Ada Lovelace?"})
    assert (answer.status_code, answer.json()["found"], answer.json()["claims"]) == (201, False, [])
    assert answer.json()["receipt"]
