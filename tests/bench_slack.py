"""How fast Slack's deliveries are acknowledged while answers take ten seconds: `make bench-slack`.

Two replicas share a database, and every post is delivered as Slack does at its worst: a mention and its
twin, each again with a retry's header, one after the other to either replica, several posts at once.
Slack waits three seconds for an acknowledgement. Workspace, replicas and clients share this process, so
that a figure is what one of them takes and the others' work besides.
"""

import argparse
import statistics
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

from service.conversation import SqliteConversations
from tests.fake_assistant import FakeAssistant
from tests.fake_slack import FakeSlack, Json, running_slack
from tests.test_slack import serving

STEPS = 2
"""Steps of the fake assistant for an answer of one sentence, each of which takes its delay."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--posts", type=int, default=250)
    parser.add_argument("--clients", type=int, default=4, help="deliveries at once")
    parser.add_argument("--seconds", type=float, default=10.0, help="what an answer takes")
    options = parser.parse_args()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        slack = stack.enter_context(running_slack())
        targets = []
        for _ in range(2):
            store = SqliteConversations(folder / "herald.db")
            stack.callback(store.close)
            assistant = FakeAssistant(store, delay=options.seconds / STEPS)
            targets.append(stack.enter_context(serving(assistant, folder, slack)))
        began = time.monotonic()
        times = deliver(slack, targets, options.posts, options.clients)
        took = time.monotonic() - began
        report(times, took, slack)
        wait_for_all(slack, options.posts)
        print(f"{len(slack.answers())} answers to {options.posts} posts")


def deliver(slack: FakeSlack, targets: list[str], posts: int, clients: int) -> list[float]:
    """Seconds until each delivery was acknowledged."""
    deliveries = [
        (event, targets[n % 2])
        for _ in range(posts)
        for n, event in enumerate(slack.mention("How large is the harbour budget?") * 2)
    ]
    with ThreadPoolExecutor(clients) as pool:
        return list(pool.map(lambda delivery: acknowledged(slack, *delivery), deliveries))


def acknowledged(slack: FakeSlack, event: Json, target: str) -> float:
    began = time.perf_counter()
    response = slack.send(event, target, headers={"X-Slack-Retry-Num": "1"})
    took = time.perf_counter() - began
    response.raise_for_status()
    return took


def report(times: list[float], took: float, slack: FakeSlack) -> None:
    cuts = statistics.quantiles((seconds * 1000 for seconds in times), n=1000)
    print(f"{len(times)} deliveries in {took:.1f} s, {len(slack.answers())} posts answered by then")
    for name, cut in (("p50", 499), ("p90", 899), ("p99", 989)):
        print(f"acknowledged {name} {cuts[cut]:6.1f} ms")
    print(f"acknowledged max {max(times) * 1000:6.1f} ms")


def wait_for_all(slack: FakeSlack, posts: int) -> None:
    """Until every post is answered, and somewhat longer: an answer too many would show."""
    while len(slack.answers()) < posts:
        time.sleep(0.5)
    time.sleep(2.0)


if __name__ == "__main__":
    main()
