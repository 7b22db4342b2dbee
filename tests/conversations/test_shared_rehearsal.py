"""The rehearsal of a new worker: every message is answered, and nothing of it is left anywhere."""

from __future__ import annotations

from threading import Thread

from sqlalchemy import func, select

from flights import database
from skycap.serving.agent import SkycapAgent, SkycapProcessor
from skycap.serving.rehearsal import EXAMPLES, SEARCH, TIMES, rehearse
from skycap.settings import settings
from skycap.vault import vault


def test_a_rehearsal_is_answered_and_leaves_nothing(stage, monkeypatch, tmp_path, caplog) -> None:
    archive = tmp_path / "loaded already"
    processor, answered = stage.agent.processor, []
    monkeypatch.setitem(SkycapProcessor.loaded, archive, (processor.model_metadata, processor.graph_runner))
    handle = SkycapAgent.handle_message

    async def counted(self, message):
        await handle(self, message)
        answered.append([each["text"] for each in message.output_channel.messages if each.get("text")])

    monkeypatch.setattr(SkycapAgent, "handle_message", counted)
    with stage.dialogue():
        thread = Thread(target=rehearse, args=(archive,))
        thread.start()
        thread.join()
        with database.read(database.engine(settings().flights_url)) as connection:
            assert connection.execute(select(func.count()).select_from(database.bookings)).scalar() == 0
        assert not list(vault().values())
        vault().close()
    assert len(answered) == TIMES * len(SEARCH) + 3 * len(EXAMPLES) and all(answered)
    assert any("flights for Berlin" in text for texts in answered for text in texts)
    assert not [record for record in caplog.records if "rehearsal" in record.getMessage()]
