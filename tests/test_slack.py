"""Slack, as people in a workspace meet it: through slack-bolt, against a local server that speaks Slack's API."""

import asyncio
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest
import uvicorn

pytest.importorskip("slack_bolt", reason="herald[slack] is not installed")

from indexer.announcement import Announcement
from service.app import create_app
from service.channels.answerer import Answerer
from service.channels.blocks import FEEDBACK, message_of
from service.channels.inbox import Inbox
from service.channels.mrkdwn import escape, link, plain, read
from service.channels.post import Post, post_of_event
from service.channels.slack import SlackChannel
from service.channels.socket_mode import run_socket_mode
from service.conversation import SqliteConversations
from service.errors import SettingsInvalid, StoreUnavailable
from service.metrics import Metrics
from service.pool import Pool
from service.settings import Settings, read_settings
from tests.fake_assistant import BUDGET, LIBRARY, FakeAssistant
from tests.fake_slack import (
    ANN,
    APP_TOKEN,
    BEN,
    BOT,
    BOT_TOKEN,
    DIRECT,
    GENERAL,
    PATIENCE,
    SECRET,
    FakeSlack,
    Message,
    rendered,
    running_slack,
    shown_text,
    wait_until,
)

HOSTILE = Announcement(
    id="hostile",
    text="The <!channel> ferry & <@U0BEN> sails *at* once. Its _name_ is `Orrin` <https://evil.example|here>.",
    title="A *title* of <!here> & more",
    language="en",
)
ANOTHER = "the secret of another app"
BUDGET_SENTENCE = "The harbour budget grows to 4.2 billion crowns."


class HeldAssistant(FakeAssistant):
    """Answers only once it is let go."""

    def __init__(self, *args: object, **more: object) -> None:
        super().__init__(*args, **more)  # type: ignore[arg-type]
        self.let_go = threading.Event()
        self.asked = 0

    def _step(self) -> None:
        self.asked += 1
        assert self.let_go.wait(PATIENCE)


@contextmanager
def serving(assistant: FakeAssistant, folder: Path, slack: FakeSlack) -> Iterator[str]:
    """One replica over the database in the folder; the address of its ``/slack/events``."""
    app = create_app(assistant, assistant.conversations, settings_for(folder, slack))
    config = uvicorn.Config(app, host="127.0.0.1", port=0, log_config=None, ws="none", lifespan="on")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    wait_until(lambda: server.started or not thread.is_alive(), "the server starts")
    try:
        yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}/slack/events"
    finally:
        server.should_exit = True
        thread.join(PATIENCE)


def settings_for(folder: Path, slack: FakeSlack, **more: object) -> Settings:
    return Settings(
        index=folder,
        slack_bot_token=BOT_TOKEN,  # type: ignore[arg-type]
        slack_signing_secret=SECRET,  # type: ignore[arg-type]
        slack_app_token=APP_TOKEN,  # type: ignore[arg-type]
        slack_api_url=f"{slack.address}/api/",
        shutdown_seconds=1,
        **more,  # type: ignore[arg-type]
    )


@pytest.fixture
def slack() -> Iterator[FakeSlack]:
    with running_slack() as slack:
        yield slack


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqliteConversations]:
    store = SqliteConversations(tmp_path / "herald.db")
    yield store
    store.close()


@pytest.fixture
def assistant(store: SqliteConversations) -> FakeAssistant:
    return FakeAssistant(store, (BUDGET, LIBRARY, HOSTILE))


@pytest.fixture
def workspace(assistant: FakeAssistant, tmp_path: Path, slack: FakeSlack) -> Iterator[FakeSlack]:
    """A workspace in which Herald is installed."""
    with serving(assistant, tmp_path, slack) as slack.target:
        yield slack


@pytest.fixture
def held(store: SqliteConversations) -> HeldAssistant:
    return HeldAssistant(store)


def feedback_of(folder: Path) -> list[tuple[str, str]]:
    """What the one table of feedback holds: of whose answer, and the vote."""
    with sqlite3.connect(folder / "herald.db") as database:
        rows = database.execute(
            "SELECT owner, vote FROM feedback JOIN turns ON turns.id = turn_id"
            " JOIN conversations ON conversations.id = conversation_id"
        ).fetchall()
    database.close()
    return rows


# ---- what is answered, and how


def test_a_mention_is_answered_in_its_thread(workspace: FakeSlack) -> None:
    mention, twin = workspace.mention("How large is the harbour budget?")
    assert workspace.send(mention).status_code == 200
    assert workspace.send(twin).status_code == 200
    (answer,) = workspace.wait_for_answers(1, mention["event"]["ts"])
    assert answer.channel == GENERAL
    assert answer.shown.startswith(f"{BUDGET_SENTENCE} [1]")
    assert answer.text.startswith(f"{BUDGET_SENTENCE} [1]")
    assert workspace.statuses[0]["thread_ts"] == mention["event"]["ts"]


def test_numbers_are_links_that_match_the_quotes_below(workspace: FakeSlack) -> None:
    workspace.send(workspace.mention("How large is the harbour budget?")[0])
    (answer,) = workspace.wait_for_answers(1)
    rich, *quotes = [block for block in answer.blocks if block["type"] in {"rich_text", "context"}]
    links = [e for e in rich["elements"][0]["elements"] if e["type"] == "link"]
    assert [link["text"] for link in links] == [shown_text(quote).split()[0] for quote in quotes][
        : len(links)
    ]
    assert links[0]["url"].startswith(
        "https://port.example/news/budget?id=7&lang=en#top:~:text=The%20harbour"
    )
    assert links[0]["url"].replace("&", "&amp;") in quotes[0]["elements"][0]["text"]
    assert shown_text(quotes[0]) == f"[1] “{BUDGET_SENTENCE}” — Harbour budget 2031, 2030-11-04"


def test_a_direct_message_is_streamed(workspace: FakeSlack) -> None:
    message = workspace.direct("How large is the harbour budget?")
    workspace.send(message)
    (answer,) = workspace.wait_for_answers(1)
    assert answer.channel == DIRECT
    assert answer.thread_ts == message["event"]["ts"]
    assert answer.streamed
    assert answer.shown.startswith(f"{BUDGET_SENTENCE} [1]")
    assert "— Harbour budget 2031" in answer.shown
    assert workspace.calls.count("chat.startStream") == workspace.calls.count("chat.stopStream") == 1


def test_a_stream_that_slack_refuses_becomes_a_message(workspace: FakeSlack) -> None:
    workspace.refusals["chat.startStream"] = ["channel_type_not_supported"]
    workspace.send(workspace.direct("How large is the harbour budget?"))
    (answer,) = workspace.wait_for_answers(1)
    assert not answer.streamed
    assert answer.shown.startswith(f"{BUDGET_SENTENCE} [1]")


def test_a_stream_that_breaks_off_is_made_whole(workspace: FakeSlack) -> None:
    workspace.refusals["chat.appendStream"] = ["internal_error"]
    workspace.send(workspace.direct("harbour budget and the library budget?"))
    (answer,) = workspace.wait_for_answers(1)
    wait_until(lambda: "[2]" in answer.shown, "the message is replaced")
    assert answer.shown.startswith(f"{BUDGET_SENTENCE} [1]")
    assert "The library budget grows by 3%p. [2]" in answer.shown


def test_what_was_streamed_and_is_no_answer_is_taken_back(
    store: SqliteConversations, tmp_path: Path, slack: FakeSlack
) -> None:
    class Breaking(FakeAssistant):
        def stream(self, message: str, **more: object) -> Iterator[object]:  # type: ignore[override]
            for event in super().stream(message, **more):  # type: ignore[arg-type]
                yield event
                if type(event).__name__ == "VerifiedSentence":
                    raise StoreUnavailable("the disk at /srv/secret is full")

    with serving(Breaking(store), tmp_path, slack) as slack.target:
        slack.send(slack.direct("How large is the harbour budget?"))
        (answer,) = slack.wait_for_answers(1)
        wait_until(lambda: "could not" in answer.shown, "the message is replaced")
    assert BUDGET_SENTENCE not in answer.shown
    assert "/srv/secret" not in answer.shown


def test_a_refusal_offers_the_nearest_and_proves_nothing(workspace: FakeSlack) -> None:
    workspace.send(workspace.mention("Who won?")[0])
    (answer,) = workspace.wait_for_answers(1)
    assert answer.text == "The announcements do not say."
    assert f"Nearest: “{BUDGET_SENTENCE}” — Harbour budget 2031, 2030-11-04" in answer.shown
    assert "[1]" not in answer.shown


def test_a_question_back_is_answered_by_a_button(workspace: FakeSlack) -> None:
    workspace.send(workspace.mention("budget")[0])
    (asked_back,) = workspace.wait_for_answers(1)
    (actions,) = [block for block in asked_back.blocks if block["type"] == "actions"]
    button = actions["elements"][0]
    assert button["text"]["text"] == "budget in “Harbour budget 2031”?"
    click = workspace.click(asked_back, button, button["value"])
    for _ in range(2):
        assert workspace.send(click).status_code == 200
    *_, answer = workspace.wait_for_answers(2, asked_back.thread_ts)
    assert BUDGET_SENTENCE in answer.shown
    assert len(workspace.answers()) == 2


def test_a_thread_is_a_conversation_and_a_follow_up_needs_no_mention(
    workspace: FakeSlack, store: SqliteConversations
) -> None:
    mention, twin = workspace.mention("How large is the harbour budget?")
    thread = mention["event"]["ts"]
    workspace.send(mention)
    workspace.send(twin)
    follow_up = workspace.reply("And the ferry?", thread)
    workspace.send(follow_up)
    workspace.wait_for_answers(2, thread)
    first, second = (store.turn(turn_id(event), Answerer.OWNER) for event in (mention, follow_up))
    assert first.conversation_id == second.conversation_id
    assert second.standalone_question == "How large is the harbour budget? And the ferry?"


def turn_id(event: dict[str, object]) -> str:
    post = event["event"]
    assert isinstance(post, dict)
    return Post(f"{post['channel']}/{post['ts']}", "", "", "", "", "", True, False).turn_id


@pytest.mark.parametrize(
    "make",
    [
        lambda slack: slack.reply("Who asked you?", slack.next_ts()),
        lambda slack: slack.event({"type": "message", "channel_type": "channel", "channel": GENERAL, "user": ANN, "ts": slack.next_ts(), "text": "harbour budget"}),
        lambda slack: slack.direct("harbour budget", bot_id="B0OTHER"),
        lambda slack: slack.direct("harbour budget", bot_id="B0HERALD", user=BOT),
        lambda slack: slack.direct("harbour budget", subtype="bot_message"),
        lambda slack: slack.direct("harbour budget", edited={"user": ANN, "ts": "1"}),
        lambda slack: slack.event({"type": "message", "subtype": "message_changed", "channel": DIRECT, "channel_type": "im", "ts": slack.next_ts(), "message": {"text": "harbour budget", "user": ANN}}),
        lambda slack: slack.event({"type": "message", "subtype": "message_deleted", "channel": DIRECT, "ts": slack.next_ts()}),
        lambda slack: slack.event({"type": "reaction_added", "user": ANN}),
        lambda slack: slack.event({"type": "message"}),
    ],
    ids=["strangers' thread", "no mention", "bot", "itself", "bot_message", "edited", "message_changed", "deleted", "reaction", "bare"],
)  # fmt: skip
def test_what_is_no_question_is_acknowledged_and_not_answered(
    workspace: FakeSlack, make: Callable[[FakeSlack], dict[str, object]]
) -> None:
    assert workspace.send(make(workspace)).status_code == 200
    workspace.send(workspace.mention("How large is the harbour budget?")[0])
    (answer,) = workspace.wait_for_answers(1)
    assert answer.shown.startswith(BUDGET_SENTENCE)
    assert len(workspace.answers()) == 1


def test_what_is_said_to_somebody_else_in_the_thread_is_left_alone(workspace: FakeSlack) -> None:
    mention, _ = workspace.mention("How large is the harbour budget?")
    thread = mention["event"]["ts"]
    workspace.send(mention)
    workspace.send(workspace.reply(f"<@{BEN}> did you know about the ferry?", thread))
    workspace.send(workspace.reply("Does a ferry join?", thread))
    _, second = workspace.wait_for_answers(2, thread)
    assert "ferry" in second.shown
    assert len(workspace.answers()) == 2


def test_ask_is_acknowledged_and_answered_to_who_asked_alone(workspace: FakeSlack) -> None:
    command = workspace.command("How large is the harbour budget?")
    acknowledged = workspace.send(command)
    assert acknowledged.status_code == 200
    assert "Searching" in acknowledged.text
    wait_until(lambda: bool(workspace.whispers), "the reply")
    (whisper,) = workspace.whispers
    assert whisper["response_type"] == "ephemeral"
    assert whisper["text"].startswith(f"{BUDGET_SENTENCE} [1]")
    assert not workspace.answers()


def test_a_mention_without_a_question_is_told_what_to_ask(workspace: FakeSlack) -> None:
    workspace.send(workspace.mention("")[0])
    (answer,) = workspace.wait_for_answers(1)
    assert "• What does “Harbour budget 2031” say?" in answer.text


def test_a_question_that_is_too_long_is_declined(workspace: FakeSlack) -> None:
    workspace.send(workspace.mention("budget " * 1000)[0])
    (answer,) = workspace.wait_for_answers(1)
    assert "more than 2000 characters" in answer.text


@pytest.mark.parametrize(
    ("event", "thread"),
    [
        ({"type": "assistant_thread_started", "assistant_thread": {"user_id": ANN, "channel_id": DIRECT, "thread_ts": "7.1", "context": {}}}, "7.1"),
        ({"type": "app_home_opened", "tab": "messages", "channel": DIRECT, "user": ANN}, None),
    ],
    ids=["assistant view", "agent view"],
)  # fmt: skip
def test_the_assistant_pane_offers_first_questions(
    workspace: FakeSlack, event: dict[str, object], thread: str | None
) -> None:
    assert workspace.send(workspace.event(event)).status_code == 200
    wait_until(lambda: bool(workspace.prompts), "prompts")
    (offered,) = workspace.prompts
    assert offered.get("thread_ts") == thread
    assert offered["prompts"][0]["message"] == "What does “Harbour budget 2031” say?"


def test_feedback_lands_in_the_table_of_all_feedback(workspace: FakeSlack, tmp_path: Path) -> None:
    workspace.send(workspace.mention("How large is the harbour budget?")[0])
    (answer,) = workspace.wait_for_answers(1)
    buttons = answer.blocks[-1]["elements"][0]
    assert buttons["action_id"] == FEEDBACK
    for button in ("positive_button", "negative_button"):
        assert workspace.send(workspace.click(answer, buttons, buttons[button]["value"])).status_code == 200
        wait_until(lambda: bool(workspace.whispers), f"thanks for the {button}")
        assert workspace.whispers.pop()["user"] == BEN
    assert feedback_of(tmp_path) == [("slack", "down")]


def test_feedback_on_an_answer_that_is_gone_says_so(workspace: FakeSlack) -> None:
    workspace.send(workspace.mention("How large is the harbour budget?")[0])
    (answer,) = workspace.wait_for_answers(1)
    workspace.send(workspace.click(answer, {"action_id": FEEDBACK}, "up:ans_of_nobody"))
    wait_until(lambda: bool(workspace.whispers), "a word on it")
    assert "not kept" in workspace.whispers[0]["text"]


# ---- text that would like to be markup


def test_documents_questions_and_titles_stay_inert(workspace: FakeSlack) -> None:
    workspace.send(workspace.mention("Which &lt;!channel&gt; ferry sails, *Orrin*?")[0])
    (answer,) = workspace.wait_for_answers(1)
    assert "The <!channel> ferry & <@U0BEN> sails *at* once." in answer.shown
    assert "ALARM" not in answer.shown
    assert "ALARM" not in rendered(answer.text)
    assert "A *title* of <!here> & more" in answer.shown
    assert "<!channel>" not in answer.text


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (f"<@{BOT}> and &lt;b&gt; &amp;amp;", "and <b> &amp;"),
        (
            "see <https://x.example/a?b=1&amp;c|the page> or <https://y.example>",
            "see the page or https://y.example",
        ),
        ("in <#C1|general> <!subteam^S1|@press> <!here>", "in #general @press"),
        ("a < b > c", "a < b > c"),
        ("<<@U1>> <", "< > <"),
        ("<" * 50_000, "<" * 50_000),
        ("<@" * 20_000, "<@" * 20_000),
        ("", ""),
    ],
)
def test_reads_what_a_person_wrote(text: str, said: str) -> None:
    assert " ".join(read(text).split()) == " ".join(said.split())


@pytest.mark.parametrize(
    "text",
    [
        "<!channel>",
        "&lt;",
        "*bold* _it_ ~no~ `code`",
        "a|b>c<d",
        "\u202e<@U1>",
        "10~20% *",
        "\0<",
        "1 < 2 & 3 > 2",
    ],
)
def test_what_is_written_reads_as_it_was(text: str) -> None:
    assert rendered(escape(text)) == text
    assert rendered(plain(text)) == " ".join(text.split())
    assert "<" not in plain(text)
    assert rendered(link("https://x.example/?a=1&b=2", text.replace("|", "¦"))) == " ".join(
        text.replace("|", "¦").split()
    )


def test_formatting_characters_format_nothing() -> None:
    assert plain("*a* 10~20% snake_case") == "\u2060*a* 10~20% snake_case"


# ---- once, and in time


def test_the_acknowledgement_does_not_wait_for_the_answer(
    held: HeldAssistant, tmp_path: Path, slack: FakeSlack
) -> None:
    with serving(held, tmp_path, slack) as slack.target:
        mention, twin = slack.mention("How large is the harbour budget?")
        assert slack.send(mention).status_code == 200
        assert slack.send(slack.direct("How large is the harbour budget?")).status_code == 200
        assert slack.send(slack.command("How large is the harbour budget?")).status_code == 200
        wait_until(lambda: held.asked == 3, "all three are being answered")
        for _ in range(3):
            assert slack.send(mention, headers={"X-Slack-Retry-Num": "1"}).status_code == 200
        assert slack.send(twin).status_code == 200
        assert not slack.answers()
        assert not slack.whispers
        held.let_go.set()
        slack.wait_for_answers(2)
        wait_until(lambda: bool(slack.whispers), "the reply to the command")
    assert len(slack.answers()) == 2


def test_two_replicas_answer_each_post_once(
    store: SqliteConversations, tmp_path: Path, slack: FakeSlack
) -> None:
    other = SqliteConversations(tmp_path / "herald.db")
    with (
        serving(FakeAssistant(store), tmp_path, slack) as first,
        serving(FakeAssistant(other), tmp_path, slack) as second,
        ThreadPoolExecutor(12) as pool,
    ):
        mentions = [slack.mention("How large is the harbour budget?") for _ in range(6)]
        sent = [
            pool.submit(slack.send, event, target, headers={"X-Slack-Retry-Num": "1"})
            for twins in mentions
            for event in twins
            for target in (first, second, first)
        ]
        assert {done.result().status_code for done in sent} == {200}
        slack.wait_for_answers(6)
        slack.send(slack.mention("Does a ferry join?", ts="1.1")[0], second)
        slack.wait_for_answers(1, "1.1")
        slack.send(slack.reply("And the harbour budget?", "1.1"), first)
        slack.wait_for_answers(2, "1.1")
    other.close()
    assert len(slack.answers()) == 8
    assert all(len(slack.answers(twins[0]["event"]["ts"])) == 1 for twins in mentions)


def test_a_post_is_not_answered_again_after_a_restart(
    assistant: FakeAssistant, tmp_path: Path, slack: FakeSlack
) -> None:
    mention, twin = slack.mention("How large is the harbour budget?")
    with serving(assistant, tmp_path, slack) as slack.target:
        slack.send(mention)
        slack.wait_for_answers(1)
    with serving(assistant, tmp_path, slack) as slack.target:
        assert slack.send(mention, headers={"X-Slack-Retry-Num": "2"}).status_code == 200
        assert slack.send(twin).status_code == 200
        slack.send(slack.direct("Does a ferry join?"))
        slack.wait_for_answers(2)
    assert [m.channel for m in slack.answers()] == [GENERAL, DIRECT]


def test_a_post_whose_process_died_is_answered_by_the_next(
    assistant: FakeAssistant, tmp_path: Path, slack: FakeSlack
) -> None:
    post = post_of_event(slack.mention("How large is the harbour budget?")[0])
    assert post is not None
    died = Inbox(tmp_path / "herald.db", clock=lambda: time.time() - 3600)
    assert died.take(post)
    died.close()
    with serving(assistant, tmp_path, slack):
        (answer,) = slack.wait_for_answers(1, post.thread_ts)
    assert answer.shown.startswith(BUDGET_SENTENCE)


def test_an_answer_that_was_stored_and_not_delivered_is_delivered(
    assistant: FakeAssistant, tmp_path: Path, slack: FakeSlack
) -> None:
    post = post_of_event(slack.mention("How large is the harbour budget?")[0])
    assert post is not None
    list(assistant.stream("Does a ferry join?", owner=Answerer.OWNER, turn_id=post.turn_id))
    died = Inbox(tmp_path / "herald.db", clock=lambda: time.time() - 3600)
    died.take(post)
    died.close()
    with serving(assistant, tmp_path, slack):
        (answer,) = slack.wait_for_answers(1)
    assert "ferry" in answer.shown


def test_what_a_stopped_process_had_in_hand_is_left_to_the_next(
    held: HeldAssistant, assistant: FakeAssistant, tmp_path: Path, slack: FakeSlack
) -> None:
    with serving(held, tmp_path, slack) as slack.target:
        slack.send(slack.mention("How large is the harbour budget?")[0])
        wait_until(lambda: held.asked == 1, "it is being answered")
        letting_go = threading.Timer(1.5, held.let_go.set)
        letting_go.start()
    letting_go.join()
    with serving(assistant, tmp_path, slack):
        (answer,) = slack.wait_for_answers(1)
    assert answer.shown.startswith(BUDGET_SENTENCE)


def test_posts_of_a_thread_are_answered_in_their_order(
    held: HeldAssistant, tmp_path: Path, slack: FakeSlack, store: SqliteConversations
) -> None:
    with serving(held, tmp_path, slack) as slack.target:
        mention, _ = slack.mention("How large is the harbour budget?")
        thread = mention["event"]["ts"]
        slack.send(mention)
        wait_until(lambda: held.asked == 1, "the first is being answered")
        follow_up = slack.reply("And the ferry?", thread)
        slack.send(follow_up)
        held.let_go.set()
        slack.wait_for_answers(2, thread)
    standalone = store.turn(turn_id(follow_up), Answerer.OWNER).standalone_question
    assert standalone == "How large is the harbour budget? And the ferry?"


def test_a_post_that_cannot_be_kept_is_not_acknowledged(
    workspace: FakeSlack, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> bool:
        raise StoreUnavailable("the disk is full")

    mention, _ = workspace.mention("How large is the harbour budget?")
    with monkeypatch.context() as patch:
        patch.setattr(Inbox, "take", fail)
        assert workspace.send(mention).status_code == 500
    assert workspace.send(mention, headers={"X-Slack-Retry-Num": "1"}).status_code == 200
    workspace.wait_for_answers(1)


# ---- Slack's own limits and failures


def test_the_rate_limit_of_slack_is_kept(workspace: FakeSlack) -> None:
    workspace.limits["chat.postMessage"] = [1, 0]
    workspace.limits["assistant.threads.setStatus"] = [0]
    workspace.send(workspace.mention("How large is the harbour budget?")[0])
    (answer,) = workspace.wait_for_answers(1)
    assert answer.shown.startswith(BUDGET_SENTENCE)
    assert workspace.calls.count("chat.postMessage") == 3
    assert not workspace.too_early


def test_a_message_whose_blocks_are_refused_is_sent_as_text(workspace: FakeSlack) -> None:
    workspace.refusals["chat.postMessage"] = ["invalid_blocks"]
    workspace.send(workspace.mention("How large is the harbour budget?")[0])
    (answer,) = workspace.wait_for_answers(1)
    assert answer.text.startswith(f"{BUDGET_SENTENCE} [1]")
    assert not answer.blocks


def test_a_post_that_slack_refuses_an_answer_to_is_done_with(workspace: FakeSlack, tmp_path: Path) -> None:
    workspace.refusals["chat.postMessage"] = ["channel_not_found"]
    workspace.send(workspace.mention("How large is the harbour budget?")[0])
    workspace.send(workspace.direct("How large is the harbour budget?"))
    workspace.wait_for_answers(1)
    inbox = Inbox(tmp_path / "herald.db")
    wait_until(
        lambda: not inbox._read("SELECT COUNT(*) FROM slack_posts WHERE finished_at IS NULL", ()), "all done"
    )
    inbox.close()


# ---- who may deliver


def test_a_request_that_slack_did_not_sign_gets_401(workspace: FakeSlack) -> None:
    mention, _ = workspace.mention("How large is the harbour budget?")
    assert workspace.send(mention, secret=ANOTHER).status_code == 401
    assert workspace.send(mention, at=time.time() - 310).status_code == 401
    assert workspace.send(mention, at=time.time() + 310).status_code == 401
    for name in ("X-Slack-Signature", "X-Slack-Request-Timestamp"):
        assert workspace.send(mention, headers={name: "x"}).status_code == 401
        assert workspace.send(mention, headers={name: ""}).status_code == 401
    refused = workspace.send_raw(b"\xff{not json", secret=ANOTHER)
    assert refused.status_code == 401
    assert refused.headers["content-type"] == "application/problem+json"
    assert workspace.send(mention).status_code == 200
    workspace.wait_for_answers(1)
    assert len(workspace.answers()) == 1


def test_a_signed_body_that_is_no_json_gets_400(workspace: FakeSlack) -> None:
    assert workspace.send_raw(b'{"type": ').status_code == 400


def test_slack_may_make_sure_of_the_address(workspace: FakeSlack) -> None:
    answered = workspace.send({"type": "url_verification", "challenge": "a challenge"})
    assert answered.status_code == 200
    assert answered.json() == {"challenge": "a challenge"}


def test_secrets_are_in_no_log(
    assistant: FakeAssistant, tmp_path: Path, slack: FakeSlack, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    with serving(assistant, tmp_path, slack) as slack.target:
        slack.refusals["chat.postMessage"] = ["invalid_auth"]
        slack.send(
            {
                "type": "view_submission",
                "token": "verification-token",
                "view": {"id": "V1"},
                "user": {"id": ANN},
            }
        )
        slack.send(slack.mention("How large is the harbour budget?")[0])
        slack.send(slack.direct("How large is the harbour budget?"))
        slack.wait_for_answers(1)
    logged = "\n".join(f"{record.getMessage()} {getattr(record, 'fields', '')}" for record in caplog.records)
    assert "invalid_auth" in logged
    for secret in (BOT_TOKEN, APP_TOKEN, SECRET, "verification-token"):
        assert secret not in logged
        assert secret not in repr(settings_for(tmp_path, slack))


@pytest.mark.parametrize(
    ("environment", "named"),
    [
        ({"HERALD_SLACK_SIGNING_SECRET": "s"}, "HERALD_SLACK_BOT_TOKEN"),
        ({"HERALD_SLACK_APP_TOKEN": "s"}, "HERALD_SLACK_BOT_TOKEN"),
        ({"HERALD_SLACK_API_URL": "slack.com"}, "HERALD_SLACK_API_URL"),
    ],
)
def test_settings_that_cannot_work_are_refused(environment: dict[str, str], named: str) -> None:
    with pytest.raises(SettingsInvalid, match=named):
        read_settings(environment)


def test_without_its_settings_slack_is_not_there(assistant: FakeAssistant, tmp_path: Path) -> None:
    app = create_app(assistant, assistant.conversations, Settings(index=tmp_path))
    assert "/slack/events" not in {getattr(route, "path", None) for route in app.routes}


# ---- Socket Mode


def test_socket_mode_answers_the_same(assistant: FakeAssistant, tmp_path: Path, slack: FakeSlack) -> None:
    with socket_mode(assistant, tmp_path, slack):
        wait_until(lambda: bool(slack.sockets), "a connection")
        mention, twin = slack.mention("How large is the harbour budget?")
        ids = [slack.send_by_socket(event) for event in (mention, twin, mention)]
        command = slack.send_by_socket(slack.command("Does a ferry join?"), "slash_commands")
        wait_until(lambda: {*ids, command} <= set(slack.acknowledged), "all are acknowledged")
        (answer,) = slack.wait_for_answers(1)
        wait_until(lambda: bool(slack.whispers), "the reply to the command")
    assert answer.shown.startswith(f"{BUDGET_SENTENCE} [1]")
    assert "ferry" in slack.whispers[0]["text"]
    assert "Searching" in slack.acknowledged[command]["payload"]["text"]
    assert len(slack.answers()) == 1


@pytest.mark.parametrize(
    ("method", "named"), [("auth.test", "BOT_TOKEN"), ("apps.connections.open", "APP_TOKEN")]
)
def test_socket_mode_names_the_token_that_is_refused(
    assistant: FakeAssistant, tmp_path: Path, slack: FakeSlack, method: str, named: str
) -> None:
    slack.refusals[method] = ["invalid_auth"] * 4
    with pytest.raises(SettingsInvalid, match=f"HERALD_SLACK_{named}: .*invalid_auth"):
        asyncio.run(
            run_socket_mode(
                channel_for(assistant, tmp_path, slack), settings_for(tmp_path, slack), asyncio.Event()
            )
        )


def channel_for(assistant: FakeAssistant, folder: Path, slack: FakeSlack) -> SlackChannel:
    settings = settings_for(folder, slack)
    pool = Pool(threads=2, waiting=4)
    return SlackChannel(assistant, assistant.conversations, settings, Metrics(lambda: 1), pool)


@contextmanager
def socket_mode(assistant: FakeAssistant, folder: Path, slack: FakeSlack) -> Iterator[None]:
    """Herald in Socket Mode, in a thread of its own."""
    loop, stop = asyncio.new_event_loop(), asyncio.Event()
    running = run_socket_mode(channel_for(assistant, folder, slack), settings_for(folder, slack), stop)
    thread = threading.Thread(target=loop.run_until_complete, args=(running,), daemon=True)
    thread.start()
    try:
        yield
    finally:
        loop.call_soon_threadsafe(stop.set)
        thread.join(PATIENCE)
        loop.close()


# ---- the inbox by itself


def test_the_inbox_gives_a_post_up_after_some_attempts(tmp_path: Path) -> None:
    now = [1000.0]
    with ExitStack() as stack:
        inbox = Inbox(tmp_path / "herald.db", clock=lambda: now[0])
        stack.callback(inbox.close)
        post = Post("C/1", "C", "1", "T", "U", "Why?", True, False)
        assert inbox.take(post)
        assert not inbox.take(post)
        assert inbox.take_over(60) == []
        now[0] += 61
        assert inbox.take_over(60) == [post]
        inbox.release(post.key)
        assert inbox.take_over(60) == [post]
        inbox.release(post.key)
        assert inbox.take_over(60) == []


def test_the_inbox_forgets_what_was_asked(tmp_path: Path) -> None:
    inbox = Inbox(tmp_path / "herald.db")
    post = Post("C/1", "C", "1", "T", "U", "a secret question", True, False)
    inbox.take(post)
    inbox.finish(post.key, "cnv_1")
    assert inbox.conversation_of("C/1") == "cnv_1"
    assert inbox._read("SELECT post FROM slack_posts", ()) is None
    inbox.close()


def test_messages_of_turns_fit_what_slack_allows(assistant: FakeAssistant) -> None:
    for question in ("How large is the harbour budget?", "budget", "Who won the cup?"):
        message = message_of(assistant.ask(question, owner=Answerer.OWNER))
        shown = Message(GENERAL, "1", None, message.text, message.blocks).shown
        assert shown.startswith(message.text.split(" [")[0])
