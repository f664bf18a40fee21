"""A piece of a page is made once for all pages that show the same."""

from collections.abc import Hashable

from alerts.web.pieces import Pieces


def test_a_piece_is_made_once_for_each_key_and_never_given_under_another() -> None:
    pieces: Pieces[str] = Pieces()
    made: list[object] = []

    def make(value: object) -> str:
        made.append(value)
        return f"piece {value}"

    keys: list[tuple[Hashable, ...]] = [("card", 1), ("card", 2), ("card", 1), ("row", 1)]
    assert [pieces.once(key, make, number) for number, key in enumerate(keys)] == [
        "piece 0",
        "piece 1",
        "piece 0",
        "piece 3",
    ]
    assert made == [0, 1, 3]


def test_there_are_never_more_pieces_than_memory_is_meant_for() -> None:
    pieces: Pieces[int] = Pieces(10)

    assert [pieces.once((number,), int, number) for number in range(35)] == list(range(35))
    assert list(pieces._kept) == [(number,) for number in range(25, 35)]
