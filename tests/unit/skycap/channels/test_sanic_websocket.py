"""The WebSocket under the web chat: it works, checks the origin, and takes no harm from junk."""

from __future__ import annotations

import json
from typing import Any

import aiohttp
import pytest


@pytest.mark.asyncio
async def test_packets_that_are_no_events_leave_other_pages_served(site: Any) -> None:
    page = await site.open()
    await page.open_session()
    websocket = site.url.replace("http", "ws") + "/socket.io/?EIO=4&transport=websocket"
    for packet in [
        '42["connect",{"HTTP_ACCEPT_LANGUAGE":["x"]}]',
        '42["disconnect","x"]',
        '42["session_request"]',
        "42[",
        '42{"a":1}',
        '42[{"a":1}]',
        "42[]",
        "49999",
        "451-",
        '451-["user_uttered",{"_placeholder":true,"num":9}]',
        "x",
    ]:
        async with aiohttp.ClientSession() as http, http.ws_connect(websocket) as raw:
            await raw.receive_str()
            await raw.send_str("40")
            await raw.receive_str()
            await raw.send_str(packet)
    await page.say("still there?", "m-1")
    assert await page.expect("turn_done") == {"id": "m-1"}


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("origin", "status"),
    [
        ("{own}", 200),
        ("https://www.example.com", 200),
        ("https://evil.example", 400),
        ("https://www.example.com.evil.example", 400),
        ("null", 400),
    ],
)
async def test_origin_is_checked(site: Any, origin: str, status: int) -> None:
    headers = {"Origin": origin.format(own=site.url)}
    address = f"{site.url}/socket.io/?EIO=4&transport=polling"
    async with aiohttp.ClientSession() as http, http.get(address, headers=headers) as reply:
        assert reply.status == status
    websocket = address.replace("http", "ws", 1).replace("polling", "websocket")
    async with aiohttp.ClientSession() as http:
        if status == 200:
            async with http.ws_connect(websocket, headers=headers) as raw:
                assert "sid" in json.loads((await raw.receive_str())[1:])
        else:
            with pytest.raises(aiohttp.WSServerHandshakeError):
                await http.ws_connect(websocket, headers=headers)
