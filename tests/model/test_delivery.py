"""The moves of a delivery: what is sent is sent, what may be sent is never guessed."""

from responder.model.delivery import DELIVERY_MOVES, LIVE, DeliveryStage


def test_every_stage_can_be_reached_from_the_first() -> None:
    found, todo = {DeliveryStage.PLANNED}, [DeliveryStage.PLANNED]
    while todo:
        new = DELIVERY_MOVES[todo.pop()] - found
        found |= new
        todo += new
    assert found == set(DeliveryStage)


def test_what_is_sent_refused_or_void_stays_so() -> None:
    final = {stage for stage, moves in DELIVERY_MOVES.items() if not moves}
    assert final == {DeliveryStage.SENT, DeliveryStage.REFUSED, DeliveryStage.VOID}


def test_nothing_that_may_be_public_is_ever_planned_again() -> None:
    assert DeliveryStage.PLANNED not in DELIVERY_MOVES[DeliveryStage.UNSURE]


def test_only_a_planned_delivery_is_sent_or_an_unsure_one_under_a_record_of_our_own() -> None:
    before = {stage for stage, moves in DELIVERY_MOVES.items() if DeliveryStage.SENDING in moves}
    assert before == {DeliveryStage.PLANNED, DeliveryStage.UNSURE}


def test_a_place_is_held_by_whatever_is_or_may_become_public() -> None:
    assert set(DeliveryStage) - set(LIVE) == {DeliveryStage.REFUSED, DeliveryStage.VOID}
