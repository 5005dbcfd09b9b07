"""A run as JUnit XML, which continuous integration shows: a test for each case and for each gate."""

import re
from collections.abc import Sequence
from xml.etree import ElementTree as ET

from eval.gate import Gate
from eval.response import Failure
from eval.score import Score

_NO_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML 1.0 cannot hold, not even escaped."""


def junit_xml(name: str, scores: Sequence[Score], gates: Sequence[Gate] = ()) -> bytes:
    """The document. A case that came back wrong is a failure, one whose endpoint failed an error."""
    root = ET.Element("testsuites", name=_clean(name))
    if gates:
        suite = _suite(root, "gates", len(gates), sum(not g.passed for g in gates), 0)
        for gate in gates:
            test = ET.SubElement(suite, "testcase", classname="gates", name=_clean(gate.name))
            if not gate.passed:
                _told(test, "failure", gate.why, gate.why)
    failed = sum(not s.verdict.passed and not isinstance(s.result, Failure) for s in scores)
    suite = _suite(root, "cases", len(scores), failed, sum(isinstance(s.result, Failure) for s in scores))
    for each in scores:
        test = ET.SubElement(
            suite,
            "testcase",
            classname=_clean(each.case.source or "cases"),
            name=_clean(f"{each.case.id}: {each.case.messages[-1]}"),
            time=f"{each.response.seconds if each.response else 0.0:.3f}",
        )
        if isinstance(each.result, Failure):
            _told(test, "error", "the endpoint failed", each.result.error)
        elif not each.verdict.passed:
            why = "; ".join(each.verdict.reasons)
            _told(test, "failure", why, f"{each.verdict.outcome.value}\n{why}\nanswer: {each.result.text}")
    ET.indent(root)
    return bytes(ET.tostring(root, encoding="utf-8", xml_declaration=True))


def _suite(root: ET.Element, name: str, tests: int, failures: int, errors: int) -> ET.Element:
    return ET.SubElement(
        root, "testsuite", name=name, tests=str(tests), failures=str(failures), errors=str(errors)
    )


def _told(test: ET.Element, tag: str, message: str, text: str) -> None:
    ET.SubElement(test, tag, message=_clean(message)).text = _clean(text)


def _clean(text: str) -> str:
    return _NO_XML.sub("\N{REPLACEMENT CHARACTER}", text)
