"""A rehearsal: conversations that nobody hears, before a worker takes the place of one that has served for long.

A process that was just forked copies each page of memory that it writes to, and makes much on first use; its first
dozen turns cost several times as much as later ones, and in the middle of a day nobody should wait for that. The
sentences are the examples of the chat page, in each of its languages, and a search.
"""

from __future__ import annotations

import asyncio
import logging
from pathlib import Path

from rasa.core.channels.channel import CollectingOutputChannel, UserMessage

from skycap.nlg import VariedResponses
from skycap.page import translated, words
from skycap.serving.actions import InProcessActions
from skycap.serving.agent import SkycapAgent
from skycap.serving.health import KNOWN_SENTENCE

logger = logging.getLogger(__name__)
SEARCH = (
    KNOWN_SENTENCE[0],
    "tomorrow",
    "one way",
    "2",
    "business class",
    "help",
    "what is the baggage allowance?",
    "actually, next Friday",
    "more options",
    "when does the first one land?",
    "the first one",
)  # names, which are asked for next, are personal data
TIMES = 4
EXAMPLES = ("example_question", "example_booking", "example_help", "example_search")  # labels of the page


def rehearse(archive: Path) -> None:
    """Hold the conversations with a model that is loaded; what is said is kept in memory, for as long as it takes."""
    actions = InProcessActions()
    try:
        asyncio.run(_hold(archive, actions))
    except Exception as error:  # travellers need none of it
        logger.warning("the rehearsal failed: %s", type(error).__name__)
    finally:
        actions.close()


async def _hold(archive: Path, actions: InProcessActions) -> None:
    agent = SkycapAgent(action_endpoint=actions, generator=VariedResponses())
    agent.load_model(archive)
    talks = {code: [words(code).labels[each] for each in EXAMPLES] for code in translated()}
    for name, texts in [*talks.items(), *((f"search-{time}", SEARCH) for time in range(TIMES))]:
        for text in texts:
            await agent.handle_message(UserMessage(text, CollectingOutputChannel(), f"rehearsal-{name}"))
