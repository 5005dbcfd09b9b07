"""A reply is found again for the same question of the same owner and index alone, and the oldest go."""

from dataclasses import replace

from service.reply_cache import Asked, ReplyCache

ASKED = Asked("When does it open?", "owner", 3)
KNOWN = "On Monday."


def test_found_again() -> None:
    cache = ReplyCache[str](10)
    cache.keep(ASKED, KNOWN)
    assert cache.find(replace(ASKED)) is KNOWN


def test_not_found_for_another_owner_index_or_wording() -> None:
    cache = ReplyCache[str](10)
    cache.keep(ASKED, KNOWN)
    for other in (
        replace(ASKED, owner="another"),
        replace(ASKED, generation=4),
        replace(ASKED, message="when does it open?"),
    ):
        assert cache.find(other) is None


def test_the_one_used_longest_ago_goes() -> None:
    cache = ReplyCache[str](2)
    first, second, third = (replace(ASKED, message=str(number)) for number in range(3))
    cache.keep(first, KNOWN)
    cache.keep(second, KNOWN)
    cache.find(first)
    cache.keep(third, KNOWN)
    assert (cache.find(first), cache.find(second), cache.find(third)) == (KNOWN, None, KNOWN)
    assert len(cache) == 2


def test_of_size_nothing_remembers_nothing() -> None:
    cache = ReplyCache[str](0)
    cache.keep(ASKED, KNOWN)
    assert cache.find(ASKED) is None
