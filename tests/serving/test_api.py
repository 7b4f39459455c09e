"""The JSON endpoints over real HTTP: the command line's fields, refusals, headers."""

from __future__ import annotations

import json
import socket
from pathlib import Path

import pytest
from inference.articles import ARTICLE, STATEMENT
from inference.helpers import NESTED, ROWS, TEXTS, tree

from sikap.cli.main import main

from .client import Server, serving

HEADERS = {
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


def command_line(capsys, *arguments: object) -> list[dict]:
    assert main([*map(str, arguments), "--format", "json", "--threads", "1"]) == 0
    return json.loads(capsys.readouterr().out)


def test_one_statement_is_an_object_with_the_command_lines_fields(server: Server, capsys, tiny_bundle):
    answer = server.post("/api/score", {"text": TEXTS[0]})
    assert answer.status == 200
    assert list(answer.json) == ["text", *NESTED]
    assert [answer.json] == command_line(capsys, "score", TEXTS[0], "--model", tiny_bundle)


def test_a_list_is_a_list_in_its_order(server: Server, capsys, tiny_bundle):
    texts = [*TEXTS, "", "...", "Kami \u202e <b>mengutuk</b>", "Kami mengutuk " * 200]
    answer = server.post("/api/score", {"text": texts})
    assert [row["text"] for row in answer.json] == texts
    assert answer.json == command_line(capsys, "score", *texts, "--model", tiny_bundle)
    assert [row["sentiment"] for row in answer.json][4:6] == [None, None]
    assert answer.json[-1]["truncated"]
    alone, first = server.post("/api/score", {"text": texts[:1]}).json[0], answer.json[0]
    for head in ("stance_probabilities", "sentiment_probabilities"):  # a batch may move the sixth digit
        assert alone.pop(head) == pytest.approx(first.pop(head), abs=1e-5)
    assert alone == first


def test_an_article_gives_what_analyze_gives(server: Server, capsys, tiny_bundle, tmp_path: Path):
    path = tmp_path / "jembatan.txt"
    path.write_text(ARTICLE, encoding="utf-8")
    answer = server.post("/api/analyze", {"text": ARTICLE, "name": str(path)})
    assert [answer.json] == command_line(capsys, "analyze", path, "--model", tiny_bundle)
    assert [list(statement) for statement in answer.json["statements"]] == [STATEMENT] * 2
    assert server.post("/api/analyze", {"text": "Hujan turun di Lima."}).json == {
        "article": "request",
        "statements": [],
    }


def test_half_a_surrogate_pair_loses_no_text(server: Server):
    answer = server.ask(
        "POST", "/api/score", b'{"text": ["Kami \\udcff", "Kami"]}', {"Content-Type": "application/json"}
    )
    assert [row["text"] for row in answer.json] == ["Kami \udcff", "Kami"]


def test_warnings_of_the_command_line_are_headers(server: Server):
    english = "The minister said that they would not support the plan of the council."
    answer = server.post("/api/score", {"text": ["Kami berduka.", english, " "]})
    assert answer.headers.get_all("Sikap-Warning") == [
        "row 3 holds no text to read: kept, labelled nothing.",
        "row 2 holds text that does not read like Indonesian: scored all the same, do not rely on it.",
    ]
    assert "Indonesian" in server.post("/api/analyze", {"text": english}).headers["Sikap-Warning"]
    assert server.post("/api/score", {"text": TEXTS[0]}).headers["Sikap-Warning"] is None


@pytest.mark.parametrize(
    ("path", "value", "said"),
    [
        ("/api/score", {"text": []}, "text: must hold at least one statement."),
        ("/api/score", {}, "text: is missing; see /docs."),
        ("/api/score", {"text": 7}, "text: must be a string or a list of strings, not a number."),
        ("/api/score", {"text": None}, "text: must be a string or a list of strings, not null."),
        ("/api/score", {"text": ["a", True]}, "text: entry 2 must be a string, not a boolean."),
        ("/api/score", {"text": [["a"]]}, "text: entry 1 must be a string, not a list."),
        ("/api/score", {"text": "a", "<script>": 1}, "<script>: is no field of this request; see /docs."),
        ("/api/score", ["Kami"], "The body must be a JSON object, sent as application/json."),
        ("/api/score", "Kami", "The body must be a JSON object, sent as application/json."),
        ("/api/analyze", {"text": ""}, "text: is empty; it must hold an article."),
        ("/api/analyze", {"text": " \n\u200b"}, "text: is empty; it must hold an article."),
        ("/api/analyze", {"text": ["Kami"]}, "text: must be a string, not a list."),
        ("/api/analyze", {"text": "Kami", "name": 1}, "name: must be a string, not a number."),
    ],
)
def test_a_wrong_value_is_refused(server: Server, path, value, said):
    assert server.post(path, value).refusal == (422, said)


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"", "The body must be a JSON object, sent as application/json."),
        (b'{"text": ', "The body is no JSON (character 9: Expecting value)."),
        (b'{"text": "\xff"}', "The body cannot be read as JSON in UTF-8; send one JSON object."),
        (b"[" * 200_000, "The body cannot be read as JSON in UTF-8; send one JSON object."),
        (b'{"text": ' + b"9" * 10_000 + b"}", "The body cannot be read as JSON in UTF-8; send one JSON object."),
    ],
)
def test_a_body_that_is_no_json_is_refused(server: Server, body, said):
    answer = server.ask("POST", "/api/score", body, {"Content-Type": "application/json"})
    assert answer.refusal == (422, said)


def test_a_body_of_another_type_is_refused(server: Server):
    for kind in ("text/plain", "application/x-www-form-urlencoded"):
        answer = server.ask("POST", "/api/score", json.dumps({"text": "Kami"}), {"Content-Type": kind})
        assert answer.refusal == (422, "The body must be a JSON object, sent as application/json.")


def test_what_is_too_large_is_refused(server: Server):
    too_large = (413, "The body may have 2,097,152 bytes; send less in one request.")
    assert server.post("/api/score", {"text": "a" * 2**22}).refusal == too_large
    assert server.post("/api/score", {"text": "a" * 2**23}).refusal == too_large
    parts = iter([b'{"text": "', *[b"a" * 2**16] * 40, b'"}'])
    chunked = server.ask("POST", "/api/score", parts, {"Content-Type": "application/json"})
    assert chunked.refusal == too_large
    status, sentence = server.post("/api/score", {"text": ["a"] * 1001}).refusal
    assert (status, sentence) == (413, "text: holds 1,001 texts and may hold 1,000; send them in several requests.")
    assert len(server.post("/api/score", {"text": ["a"] * 1000}).json) == 1000
    for path in ("/api/score", "/api/analyze"):
        status, sentence = server.post(path, {"text": "Kami " * 40_001}).refusal
        assert (status, sentence[:54]) == (413, "text: holds 200,005 characters and may hold 200,000; s")


def test_an_expected_body_that_is_too_large_is_refused_before_it_is_sent(server: Server):
    with socket.create_connection((server.host, server.port), timeout=10) as connection:
        head = "POST /api/score HTTP/1.1\r\nHost: localhost\r\nExpect: 100-continue\r\nContent-Length: 99999999\r\n\r\n"
        connection.sendall(head.encode())
        assert connection.recv(2**16).startswith(b"HTTP/1.1 413 ")


def test_limits_are_options(tiny_bundle, tmp_path):
    options = ["--max-body", 200, "--max-texts", 2, "--max-characters", 20]
    with serving(tiny_bundle, tmp_path, *options) as small:
        assert small.post("/api/score", {"text": "a" * 200}).status == 413
        assert small.post("/api/score", {"text": ["a", "b", "c"]}).status == 413
        assert small.post("/api/score", {"text": ["a" * 10, "b" * 11]}).status == 413
        assert small.post("/api/score", {"text": ["a" * 10, "b" * 10]}).status == 200
        docs = small.ask("GET", "/docs").body.decode()
        assert "200 bytes of body" in docs
        assert "2 texts, and 20 characters" in docs


@pytest.mark.parametrize("path", ["/", "/docs", "/openapi.json", "/tiada"])
def test_every_answer_is_strict(server: Server, path):
    answer = server.ask("GET", path)
    assert {name: answer.headers[name] for name in HEADERS} == HEADERS
    policy = answer.headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; ")
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert "script-src" not in policy
    assert answer.headers["Server"] is None
    assert answer.headers["Access-Control-Allow-Origin"] is None


def test_what_is_not_there(server: Server):
    assert server.ask("GET", "/tiada").refusal == (404, "There is no such page; see /docs.")
    assert server.ask("GET", "/api/score").refusal == (405, "GET is not possible here; see /docs.")
    assert server.ask("GET", "/../../etc/passwd").status == 404
    assert server.ask("POST", "/", b"{}").refusal == (405, "POST is not possible here; see /docs.")


@pytest.mark.parametrize(
    "name", ["evil.example", "localhost.evil.example", "127.0.0.1.evil.example", "", "x@localhost"]
)
def test_other_names_are_not_answered(server: Server, name):
    status, sentence = server.ask("GET", "/", headers={"Host": name}).refusal
    assert (status, sentence[:39]) == (421, "This server does not go by that name; a")


@pytest.mark.parametrize("name", ["localhost", "LOCALHOST:80", "127.0.0.1:1", "[::1]:8000", "192.168.1.7"])
def test_addresses_and_localhost_are_answered(server: Server, name):
    assert server.ask("GET", "/", headers={"Host": name}).status == 200


def test_a_name_can_be_allowed(tiny_bundle, tmp_path):
    with serving(tiny_bundle, tmp_path, "--allow-host", "Sikap.Example.org") as named:
        assert named.ask("GET", "/docs", headers={"Host": "sikap.example.org:8000"}).status == 200
        assert named.ask("GET", "/docs", headers={"Host": "www.sikap.example.org"}).status == 421


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_other_sites_cannot_post(server: Server, site):
    headers = {"Sec-Fetch-Site": site, "Content-Type": "application/x-www-form-urlencoded"}
    assert server.ask("POST", "/report", b"text=Kami", headers).status == 403
    assert server.ask("POST", "/report", b"text=Kami", {**headers, "Sec-Fetch-Site": "same-origin"}).status == 200


def test_the_openapi_document_names_the_very_fields(server: Server):
    document = server.ask("GET", "/openapi.json").json
    assert list(document["paths"]) == ["/api/score", "/api/analyze"]
    schemas = document["components"]["schemas"]
    assert list(schemas["ScoredStatement"]["properties"]) == ["text", *NESTED]
    assert list(schemas["FoundStatement"]["properties"]) == STATEMENT
    for path, example in (("/api/score", "ScoreRequest"), ("/api/analyze", "AnalyzeRequest")):
        assert server.post(path, schemas[example]["examples"][0]).status == 200
        assert {"408", "413", "422", "503"} < set(document["paths"][path]["post"]["responses"])


def test_answers_fit_their_schemas(server: Server):
    from sikap.serving.schemas import AnalyzedArticle, ScoredStatement

    for text in (ROWS[0]["text"], ""):
        ScoredStatement.model_validate(server.post("/api/score", {"text": text}).json, strict=True, extra="forbid")
    AnalyzedArticle.model_validate(server.post("/api/analyze", {"text": ARTICLE}).json, strict=True, extra="forbid")


def test_the_documentation_page_needs_nothing_else(server: Server):
    html = server.ask("GET", "/docs").body.decode()
    for part in ("POST /api/score", "POST /api/analyze", "curl --json", "speaker_mention_start", "Retry-After"):
        assert part in html
    assert "<script" not in html
    assert "https://" not in html.replace("http://www.w3.org", "")


WATCHED = """
import sys
def watch(event, args):
    if event == "open" and args[1] is not None and any(sign in str(args[1]) for sign in "wax+"):
        print("opened for writing:", args[0], file=sys.stderr)
    if event in ("os.mkdir", "os.rename", "shutil.copyfile", "tempfile.mkstemp", "tempfile.mkdtemp"):
        print(event, args, file=sys.stderr)
from sikap.cli.main import main
import sikap.serving.run, sikap.analysis
sys.dont_write_bytecode = True
sys.addaudithook(watch)
sys.exit(main())
"""


def test_nothing_is_written(tiny_bundle, tmp_path):
    with serving(tiny_bundle, tmp_path, code=WATCHED) as watched:
        watched.post("/api/score", {"text": TEXTS})
        watched.post("/api/analyze", {"text": ARTICLE})
        watched.ask("POST", "/report", b"text=Kami+berduka", {"Content-Type": "application/x-www-form-urlencoded"})
        watched.ask("GET", "/docs")
        watched.post("/api/score", {"text": "a" * 2**22})
    assert watched.ended == (0, "")
    assert tree(tmp_path) == {}
