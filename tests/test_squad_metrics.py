"""SQuAD's metrics held against pairs written out with their values, and against the definition itself.

The reference here follows the published words ("ignoring punctuation and articles", Rajpurkar et al.
2016, section 6.1; 2018, section 5) and the order of operations of the official script, in other code.
"""

from collections import Counter
from collections.abc import Sequence
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval.metrics.squad import exact_match, token_f1

# A prediction, its references, exact match, token F1.
PAIRS = [
    ("9.9 trillion won", ["9.9 trillion won"], 1, "1"),
    ("9.9 trillion won", ["9.9 Trillion Won"], 1, "1"),
    ("9.9 trillion", ["9.9 trillion won"], 0, "4/5"),
    ("The 9.9 trillion won", ["9.9 trillion won"], 1, "1"),
    ("about 9.9 trillion won", ["9.9 trillion won"], 0, "6/7"),
    ("99 trillion won", ["9.9 trillion won"], 1, "1"),
    ("1.1 trillion won", ["1,100 billion won"], 0, "1/3"),
    ("1,100 billion won", ["1100 billion won"], 1, "1"),
    ("260,000", ["260000"], 1, "1"),
    ("260,000 GPUs", ["260,000"], 0, "2/3"),
    ("260,000 graphics processing units", ["260,000"], 0, "2/5"),
    ("260 000", ["260,000"], 0, "0"),
    ("December 12", ["December 12, 2025"], 0, "4/5"),
    ("12 December", ["December 12"], 0, "1"),
    ("December 12th", ["December 12"], 0, "1/2"),
    ("Dec. 12", ["December 12"], 0, "1/2"),
    ("on December 12", ["December 12"], 0, "4/5"),
    ("2025-12-12", ["20251212"], 1, "1"),
    ("2025-12-12", ["2025 12 12"], 0, "0"),
    ("March 2026", ["in March 2026"], 0, "4/5"),
    ("March", ["March 2026", "March"], 1, "1"),
    ("2026", ["2026"], 1, "1"),
    ("2026.", ["2026"], 1, "1"),
    ("(2026)", ["2026"], 1, "1"),
    ('"2026"', ["2026"], 1, "1"),
    ("the", ["a"], 1, "1"),
    ("the", ["an"], 1, "1"),
    ("a", [], 1, "1"),
    ("the an a", ["the"], 1, "1"),
    ("", [], 1, "1"),
    ("", ["the"], 1, "1"),
    (".", [","], 1, "1"),
    ("...", [], 1, "1"),
    ("...", ["the"], 1, "1"),
    ("no answer", [], 0, "0"),
    ("", ["no answer"], 0, "0"),
    ("", ["9.9 trillion won"], 0, "0"),
    ("9.9 trillion won", [], 0, "0"),
    ("the minister", ["minister"], 1, "1"),
    ("A minister", ["the minister"], 1, "1"),
    ("An apple a day", ["apple day"], 1, "1"),
    ("an an an", ["apple"], 0, "0"),
    ("the the minister", ["minister"], 1, "1"),
    ("minister the", ["minister"], 1, "1"),
    ("theme", ["the me"], 0, "0"),
    ("the me", ["me"], 1, "1"),
    ("them", ["the m"], 0, "0"),
    ("another", ["other"], 0, "0"),
    ("anthem", ["them"], 0, "0"),
    ("a-list", ["alist"], 1, "1"),
    ("the-list", ["thelist"], 1, "1"),
    ("the - list", ["list"], 1, "1"),
    ("the, list", ["list"], 1, "1"),
    ("the.", ["the"], 1, "1"),
    ("an.", ["."], 1, "1"),
    ("Baek Kyunghoon", ["Baek Kyunghoon"], 1, "1"),
    ("Kyunghoon Baek", ["Baek Kyunghoon"], 0, "1"),
    ("Baek", ["Baek Kyunghoon"], 0, "2/3"),
    ("Minister Baek", ["Baek Kyunghoon"], 0, "1/2"),
    ("Vice Prime Minister Baek Kyunghoon", ["Baek Kyunghoon"], 0, "4/7"),
    ("Lee Jaemyung", ["Baek Kyunghoon"], 0, "0"),
    ("President Lee", ["President Lee Jaemyung", "Lee Jaemyung"], 0, "4/5"),
    ("Lee", ["President Lee Jaemyung", "Lee Jaemyung"], 0, "2/3"),
    ("Lee Jaemyung", ["President Lee Jaemyung", "Lee"], 0, "4/5"),
    ("President Lee Jaemyung", ["Lee", "Jaemyung"], 0, "1/2"),
    ("baek kyunghoon", ["BAEK KYUNGHOON"], 1, "1"),
    ("Baek  Kyunghoon", ["Baek Kyunghoon"], 1, "1"),
    ("Baek\tKyunghoon", ["Baek Kyunghoon"], 1, "1"),
    ("Baek-Kyunghoon", ["BaekKyunghoon"], 1, "1"),
    ("Baek-Kyunghoon", ["Baek Kyunghoon"], 0, "0"),
    ("Baek's", ["Baeks"], 1, "1"),
    ("Baek’s", ["Baek's"], 0, "0"),
    ("Baek’s", ["Baek s"], 0, "0"),
    ("U.S.", ["US"], 1, "1"),
    ("U.S.A.", ["usa"], 1, "1"),
    ("U.S.", ["United States"], 0, "0"),
    ("R&D", ["RD"], 1, "1"),
    ("R&D", ["R & D"], 0, "0"),
    ("R & D", ["R D"], 1, "1"),
    ("AI", ["ai"], 1, "1"),
    ("A.I.", ["AI"], 1, "1"),
    ("A.I.", ["A I"], 0, "0"),
    ("a i", ["i"], 1, "1"),
    ("an AI model", ["AI model"], 1, "1"),
    ("the AI model", ["an AI model"], 1, "1"),
    ("AI models", ["AI model"], 0, "1/2"),
    ("AI AI AI", ["AI"], 0, "1/2"),
    ("AI", ["AI AI AI"], 0, "1/2"),
    ("AI AI", ["AI AI AI"], 0, "4/5"),
    ("AI model AI", ["AI AI model"], 0, "1"),
    ("model AI", ["AI model"], 0, "1"),
    ("quantum computer", ["quantum computers"], 0, "1/2"),
    ("a quantum computer", ["the quantum computer"], 1, "1"),
    ("quantum", ["quantum computer", "computer"], 0, "2/3"),
    ("computer quantum", ["quantum computer"], 0, "1"),
    ("quantum-computer", ["quantum computer"], 0, "0"),
    ("quantum, computer", ["quantum computer"], 1, "1"),
    ("quantum/computer", ["quantumcomputer"], 1, "1"),
    ("the quantum computer by 2028", ["quantum computer"], 0, "2/3"),
    ("by 2028", ["2028", "in 2028"], 0, "2/3"),
    ("2028", ["by 2028", "until 2028"], 0, "2/3"),
    ("2029", ["2028", "2030"], 0, "0"),
    ("2028 2029", ["2028", "2029"], 0, "2/3"),
    ("90%", ["90"], 1, "1"),
    ("90%", ["90 %"], 1, "1"),
    ("90 percent", ["90%"], 0, "2/3"),
    ("90%", ["90 percent"], 0, "2/3"),
    ("90%p", ["90p"], 1, "1"),
    ("$2,500", ["2500"], 1, "1"),
    ("$2,500", ["2,500 dollars"], 0, "2/3"),
    ("around $2,500 per kilogram", ["$2,500"], 0, "2/5"),
    ("€5", ["5"], 0, "0"),
    ("€5", ["€5"], 1, "1"),
    ("£5 million", ["5 million"], 0, "1/2"),
    ("₩9.9 trillion", ["9.9 trillion"], 0, "1/2"),
    ("5.9", ["59"], 1, "1"),
    ("5.9", ["5 9"], 0, "0"),
    ("-5", ["5"], 1, "1"),
    ("+5", ["5"], 1, "1"),
    ("3-5 years", ["35 years"], 1, "1"),
    ("3-5 years", ["3 to 5 years"], 0, "1/3"),
    ("3–5 years", ["3-5 years"], 0, "1/2"),
    ("3–5 years", ["3–5 years"], 1, "1"),
    ("three to five years", ["3-5 years"], 0, "1/3"),
    ("yes", ["Yes"], 1, "1"),
    ("yes.", ["yes"], 1, "1"),
    ("Yes, it is", ["yes"], 0, "1/2"),
    ("no", ["yes"], 0, "0"),
    ("not", ["no"], 0, "0"),
    ("none", ["None."], 1, "1"),
    ("Daegyeong", ["Daegyeong, Jeonbuk"], 0, "2/3"),
    ("Daegyeong, Jeonbuk", ["Jeonbuk, Daegyeong"], 0, "1"),
    ("Daegyeong and Jeonbuk", ["Daegyeong, Jeonbuk"], 0, "4/5"),
    ("Daegyeong; Jeonbuk; Southwest", ["Daegyeong, Jeonbuk, the Southwest"], 1, "1"),
    ("the Southwest", ["Southwest region"], 0, "2/3"),
    ("Southwest region", ["the Southwest region"], 1, "1"),
    ("Southeast", ["Southwest"], 0, "0"),
    ("bio and robotics", ["bio and robotics"], 1, "1"),
    ("robotics and bio", ["bio and robotics"], 0, "1"),
    ("bio", ["bio and robotics"], 0, "1/2"),
    ("bio, robotics", ["bio and robotics"], 0, "4/5"),
    ("bio & robotics", ["bio and robotics"], 0, "4/5"),
    ("bio and and robotics", ["bio and robotics"], 0, "6/7"),
    ("and", ["bio and robotics"], 0, "1/2"),
    ("mobility and energy", ["bio and robotics"], 0, "1/3"),
    ("Government Sejong Convention Center", ["the Government Sejong Convention Center"], 1, "1"),
    ("Sejong Convention Center", ["Government Sejong Convention Center"], 0, "6/7"),
    ("Convention Center, Sejong", ["Government Sejong Convention Center"], 0, "6/7"),
    ("Sejong", ["Government Sejong Convention Center", "Sejong City"], 0, "2/3"),
    ("Sejong Convention Centre", ["Sejong Convention Center"], 0, "2/3"),
    ("at the Sejong Convention Center", ["Sejong Convention Center"], 0, "6/7"),
    ("K-Moonshot", ["K-Moonshot Projects"], 0, "2/3"),
    ("K-Moonshot Projects", ["KMoonshot Projects"], 1, "1"),
    ('"K-Moonshot Projects"', ["K-Moonshot Projects"], 1, "1"),
    ("“K-Moonshot Projects”", ["K-Moonshot Projects"], 0, "0"),
    ("'K-Moonshot'", ["K-Moonshot"], 1, "1"),
    ("K_Moonshot", ["KMoonshot"], 1, "1"),
    ("K_Moonshot", ["K Moonshot"], 0, "0"),
    ("[K-Moonshot]", ["K-Moonshot"], 1, "1"),
    ("{K}~Moonshot", ["KMoonshot"], 1, "1"),
    ("Nuri", ["the Nuri rocket"], 0, "2/3"),
    ("Nuri rocket", ["the Nuri rocket"], 1, "1"),
    ("The Nuri Rocket!", ["a nuri rocket"], 1, "1"),
    ("rocket", ["Nuri rocket", "lunar lander"], 0, "2/3"),
    ("lunar lander", ["Nuri rocket", "lunar lander"], 1, "1"),
    ("lunar rocket", ["Nuri rocket", "lunar lander"], 0, "1/2"),
    ("lander lander", ["lunar lander"], 0, "1/2"),
    ("lunar lander and orbiter", ["lunar communication orbiter"], 0, "4/7"),
    ("lunar communication orbiter", ["lunar orbiter"], 0, "4/5"),
    ("20 national science leaders", ["20"], 0, "2/5"),
    ("20", ["20 national science leaders"], 0, "2/5"),
    ("twenty", ["20"], 0, "0"),
    ("20 20", ["20"], 0, "2/3"),
    ("20th", ["20"], 0, "0"),
    ("1조 1천억 원", ["1조 1천억 원"], 1, "1"),
    ("1조1천억 원", ["1조 1천억 원"], 0, "2/5"),
    ("1조 1천억원", ["1조 1천억 원"], 0, "2/5"),
    ("1조 1천억", ["1조 1천억 원"], 0, "4/5"),
    ("9조 9천억 원", ["1조 1천억 원"], 0, "1/3"),
    ("백경훈 장관", ["백경훈"], 0, "2/3"),
    ("백경훈", ["백경훈 장관", "장관"], 0, "2/3"),
    ("백경훈.", ["백경훈"], 1, "1"),
    ("백경훈。", ["백경훈"], 0, "0"),
    ("「백경훈」", ["백경훈"], 0, "0"),
    ("6월 12일", ["6월 12일"], 1, "1"),
    ("12월 12일", ["6월 12일"], 0, "1/2"),
    ("세종 컨벤션센터", ["정부세종컨벤션센터"], 0, "0"),
    ("São Paulo", ["Sao Paulo"], 0, "1/2"),
    ("São Paulo", ["são paulo"], 1, "1"),
    ("ÉCOLE", ["école"], 1, "1"),
    ("STRASSE", ["straße"], 0, "0"),
    ("İstanbul", ["istanbul"], 0, "0"),
    ("naïve the café", ["naïve café"], 1, "1"),
    ("the—end", ["end"], 0, "0"),
    ("the—end", ["—end"], 1, "1"),
    ("a—b", ["—b"], 1, "1"),
    ("thé", ["the"], 0, "0"),
    ("Ａ", ["a"], 0, "0"),
    ("thé", ["the"], 0, "0"),
    ("a b c d", ["b c d e"], 0, "6/7"),
    ("a b c d", ["e f g h"], 0, "0"),
    ("b c", ["b c d e"], 0, "2/3"),
    ("b c d e", ["b c"], 0, "2/3"),
    ("b b c c", ["b c c d"], 0, "3/4"),
    ("one two three", ["three two one"], 0, "1"),
    ("one two three four", ["one two"], 0, "2/3"),
    ("one one two", ["one two two"], 0, "2/3"),
    ("x", ["y", "z"], 0, "0"),
    ("x", ["x", "y"], 1, "1"),
    ("y", ["x", "y"], 1, "1"),
    ("x y", ["x", "y", "x y"], 1, "1"),
    ("x y z", ["x y", "y z w"], 0, "4/5"),
    ("the x", ["x y", "z"], 0, "2/3"),
    ("x. y. z.", ["x y z"], 1, "1"),
    ("x.y.z", ["xyz"], 1, "1"),
    ("x.y.z", ["x y z"], 0, "0"),
    ("word word", ["word"], 0, "2/3"),
    ("word", ["word word word word"], 0, "2/5"),
    (" leading", ["leading"], 1, "1"),
    ("trailing ", ["trailing"], 1, "1"),
    ("a the leading", ["leading"], 1, "1"),
    ("leading an", ["leading"], 1, "1"),
    ("It does not say.", [], 0, "0"),
    ("The announcement does not say", ["does not say"], 0, "6/7"),
    ("unanswerable", [], 0, "0"),
    ("zero", ["0"], 0, "0"),
    ("0", ["0"], 1, "1"),
    ("0", [], 0, "0"),
    ("0.0", ["00"], 1, "1"),
    ("0.5", ["5"], 0, "0"),
    (".5", ["5"], 1, "1"),
    ("1/2", ["12"], 1, "1"),
    ("1/2", ["half"], 0, "0"),
    ("1e3", ["1000"], 0, "0"),
    ("10^6", ["106"], 1, "1"),
    ("#1", ["1"], 1, "1"),
    ("No. 1", ["no 1"], 1, "1"),
    ("@herald", ["herald"], 1, "1"),
    ("herald@example.org", ["heraldexampleorg"], 1, "1"),
    ("https://example.org", ["httpsexampleorg"], 1, "1"),
    ("<b>bold</b>", ["bboldb"], 1, "1"),
    ("a\\b", ["b"], 0, "0"),
    ("a|b", ["ab"], 1, "1"),
    ("tab\ttab", ["tab tab"], 1, "1"),
    ("the answer is 42", ["42"], 0, "1/2"),
    ("42", ["the answer is 42"], 0, "1/2"),
    ("an answer, the answer, answer", ["answer answer answer"], 1, "1"),
]


def tokens(text: str) -> list[str]:
    """Lower case, no ASCII punctuation, no articles that are whole words, split at white space."""
    kept = [c for c in text.lower() if not (c.isascii() and c.isprintable() and not c.isalnum() and c != " ")]
    words: list[str] = [""]
    for c in kept:
        # A word, for the articles, is a run of letters and digits: what else there is bounds it.
        inside = c.isalnum()
        if inside != (words[-1][-1:].isalnum()):
            words.append("")
        words[-1] += c
    return "".join(" " if word in {"a", "an", "the"} else word for word in words).split()


def golds(references: Sequence[str]) -> list[list[str]]:
    return [found for found in map(tokens, references) if found] or [[]]


def ref_exact(prediction: str, references: Sequence[str]) -> int:
    return int(" ".join(tokens(prediction)) in [" ".join(gold) for gold in golds(references)])


def overlap(predicted: list[str], gold: list[str]) -> int:
    left = Counter(gold)
    same = 0
    for token in predicted:
        if left[token] > 0:
            left[token] -= 1
            same += 1
    return same


def ref_fraction(prediction: str, references: Sequence[str]) -> Fraction:
    """The exact value: twice the overlap by the tokens of both sides."""
    predicted, best = tokens(prediction), Fraction(0)
    for gold in golds(references):
        if predicted and gold:
            found = Fraction(2 * overlap(predicted, gold), len(predicted) + len(gold))
        else:
            found = Fraction(int(predicted == gold))
        best = max(best, found)
    return best


def ref_f1(prediction: str, references: Sequence[str]) -> float:
    """As floating point, in the script's order of operations."""
    predicted, best = tokens(prediction), 0.0
    for gold in golds(references):
        same = overlap(predicted, gold)
        if not predicted or not gold:
            best = max(best, float(predicted == gold))
        elif same:
            precision, recall = 1.0 * same / len(predicted), 1.0 * same / len(gold)
            best = max(best, (2 * precision * recall) / (precision + recall))
    return best


def test_there_are_enough_pairs() -> None:
    assert len({(prediction, tuple(references)) for prediction, references, _, _ in PAIRS}) >= 200


@pytest.mark.parametrize(("prediction", "references", "exact", "f1"), PAIRS)
def test_as_written_out(prediction: str, references: list[str], exact: int, f1: str) -> None:
    assert exact_match(prediction, references) == exact
    assert token_f1(prediction, references) == pytest.approx(float(Fraction(f1)), abs=1e-12)


def test_equal_to_the_definition_to_the_last_bit() -> None:
    for prediction, references, _, _ in PAIRS:
        assert token_f1(prediction, references) == ref_f1(prediction, references)
        for other, _, _, _ in PAIRS:
            assert exact_match(prediction, [other]) == ref_exact(prediction, [other]), (prediction, other)
            assert token_f1(prediction, [other]) == ref_f1(prediction, [other]), (prediction, other)


@given(st.text(max_size=40), st.lists(st.text(max_size=40), max_size=3))
def test_equal_to_the_definition_whatever_the_text(prediction: str, references: list[str]) -> None:
    assert exact_match(prediction, references) == ref_exact(prediction, references)
    assert token_f1(prediction, references) == ref_f1(prediction, references)
