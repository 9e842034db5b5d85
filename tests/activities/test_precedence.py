"""Letters go after what keeps promises, and never wait for ever."""

from __future__ import annotations

import asyncio
from datetime import timedelta

from activities.precedence import Precedence


async def test_letters_go_at_once_while_nothing_goes_first() -> None:
    precedence = Precedence(longest=timedelta(hours=1))
    with precedence.first():
        pass
    await precedence.after()


async def test_letters_wait_until_all_that_goes_first_is_done_and_then_go_in_the_order_they_came() -> None:
    precedence, gone = Precedence(longest=timedelta(hours=1)), []

    async def letter(number: int) -> None:
        await precedence.after()
        gone.append(number)

    with precedence.first():
        with precedence.first():
            letters = [asyncio.create_task(letter(number)) for number in range(3)]
            await asyncio.sleep(0.02)
        await asyncio.sleep(0.02)
        assert gone == []
    await asyncio.gather(*letters)
    assert gone == [0, 1, 2]


async def test_a_letter_goes_although_there_is_never_a_calm_moment() -> None:
    precedence = Precedence(longest=timedelta(milliseconds=20))
    with precedence.first():
        await asyncio.gather(precedence.after(), precedence.after())
