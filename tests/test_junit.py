"""JUnit XML: what continuous integration reads of a run."""

from xml.etree import ElementTree as ET

from eval.case import Case, Expectation
from eval.gate import Gate
from eval.junit import junit_xml
from eval.response import Failure
from eval.score import score
from tests.fake_target import answer, answerable, cases, perfect, wrong

GATES = (Gate("pass_rate at least 0.9", False, "it is 0.800"), Gate("errors at most 0", True, "it is 0"))


def test_counts_agree_with_what_is_listed() -> None:
    scores = [score(case, perfect(case)) for case in cases(3)]
    scores += [score(answerable(7), wrong(answerable(7))), score(answerable(8), Failure("out of order"))]
    root = ET.fromstring(junit_xml("released", scores, GATES))  # noqa: S314
    assert (root.tag, root.get("name")) == ("testsuites", "released")
    suites = {suite.get("name"): suite for suite in root}
    assert set(suites) == {"gates", "cases"}
    for suite in suites.values():
        assert int(suite.get("tests", "")) == len(suite.findall("testcase"))
        assert int(suite.get("failures", "")) == len(suite.findall("testcase/failure"))
        assert int(suite.get("errors", "")) == len(suite.findall("testcase/error"))
        assert all(case.get("name") and case.get("classname") for case in suite)
    assert [(suites["cases"].get(name)) for name in ("tests", "failures", "errors")] == ["8", "1", "1"]
    assert "4 crowns" in str(suites["cases"].find("testcase/failure").get("message"))
    assert suites["gates"].find("testcase/failure").text == "it is 0.800"
    assert all(float(case.get("time", "")) >= 0 for case in suites["cases"])


def test_what_xml_cannot_hold_is_replaced_and_the_rest_escaped() -> None:
    case = Case("a\x00<b>&\ud800", Expectation(any_of=("]]>",)), "\x1b[31m<script>?", source="fair\x07")
    root = ET.fromstring(junit_xml("\x0b", [score(case, answer("\ufffe no", "no"))]))  # noqa: S314
    test = root.find("testsuite/testcase")
    assert test.get("name") == "a\ufffd<b>&\ufffd: \ufffd[31m<script>?"
    assert test.get("classname") == "fair\ufffd"
