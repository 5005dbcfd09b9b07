"""A turn as a terminal shows it: the answer with its markers, and below it the quotes."""

from rich.console import Console
from rich.text import Text

from service.answer import Answer, Quote, Refusal
from service.channels.marked import mark
from service.conversation import Turn


def write_turn(turn: Turn, console: Console | None = None) -> None:
    """Print a turn. Nothing in it is taken for markup."""
    console = console or Console(highlight=False)
    if turn.standalone_question != turn.question:
        console.print(Text(f"understood as: {turn.standalone_question}", style="dim"))
    reply = turn.reply
    if isinstance(reply, Answer):
        console.print(Text(mark(reply.text, reply.citations).text))
        for marker, quote in {c.marker: c.quote for c in reply.citations}.items():
            console.print(_line(f"[{marker}]", quote))
    else:
        console.print(Text(reply.text))
        for reading in () if isinstance(reply, Refusal) else reply.readings:
            console.print(Text(f"  · {reading}"))
        for quote in reply.nearest:
            console.print(_line("nearest:", quote))
    console.print(Text(f"conversation {turn.conversation_id}", style="dim"))


def _line(label: str, quote: Quote) -> Text:
    line = Text(f"  {label} ", style="dim")
    start = quote.highlight_start if quote.highlight_start is not None else 0
    end = quote.highlight_end if quote.highlight_end is not None else 0
    line.append(quote.text[:start], style="default")
    line.append(quote.text[start:end], style="bold")
    line.append(quote.text[end:], style="default")
    return line.append(f" ({quote.source_id} {quote.start}:{quote.end})")
