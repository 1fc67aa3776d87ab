"""One call, one write request at the most, and what became of it in the words of the contract."""

from collections.abc import Callable

from connectors.once.answer import Answer
from connectors.once.passage import PERMISSION, Fate, Permission, now
from responder.connector import ConnectorError, Refused, Unauthorised, Unavailable, Unsure
from responder.model.delivery import Receipt

#: Answers by which a network says that it did nothing. 408, 409, 425 and what is rare are not among them:
#: they are also said while an earlier copy of the request is being worked on.
_REFUSALS = frozenset(
    {400, 401, 402, 403, 404, 405, 406, 410, 411, 412, 413, 414, 415, 421, 422, 423, 426, 428, 431, 451}
)
#: Answers of a login by which it says that our credentials are wrong.
_STRANGERS = frozenset({400, 401})

#: What a connector reads out of an answer: an error of the contract, or None for the usual reading.
Reading = Callable[[Answer], ConnectorError | None]


def write(call: Callable[[], Receipt], *, reading: Reading = lambda _: None, within: float = 20.0) -> Receipt:
    """Make `call`, which has a library send one message, and return the receipt that it brings.

    The transports of this package let one write request of it out, within so many seconds, whatever the
    library does. What is raised says what they saw, not what the library made of it:
    Unavailable when not a byte went out or the network answered 429, Unauthorised after 401, Refused
    after a definite 4xx, and Unsure after everything else, a receipt without id among it. `reading` may
    tell more of a whole 2xx, 4xx or 429 answer: a refusal in a 200, a budget used up, a 403 that is
    none. No message holds more than a host, a status and the name of an error, and nothing is chained.
    """
    permission = Permission(ends=now() + within)
    if PERMISSION.get():
        raise RuntimeError("a write within a write")
    receipt, failed = None, ""
    token = PERMISSION.set(permission)
    try:
        receipt = call()
    except ConnectorError:
        if permission.write:
            failed = "the connector's own error"  # what the transports saw weighs more
        else:
            raise
    except Exception as error:  # noqa: BLE001 (its words may hold secrets; what happened is seen elsewhere)
        failed = type(error).__name__
    finally:
        PERMISSION.reset(token)
    problem = _verdict(permission, failed, reading)
    if problem:
        raise problem
    if not receipt or not receipt.remote_id:
        raise Unsure(f"{permission.write.host if permission.write else 'The network'} gave no id of it.")
    return receipt


def _verdict(permission: Permission, failed: str, reading: Reading) -> ConnectorError | None:
    """Say what became of the call, or None when it was answered with 2xx and nothing failed."""
    sent = permission.write
    if sent is None:
        return _before(permission.login, failed)
    if sent.unsent:
        return Unavailable(f"{sent.host} could not be reached ({sent.broke}); nothing was sent.")
    if sent.answer is None:
        return Unsure(f"{sent.host} gave no whole answer ({sent.broke or failed}).")
    return _answered(sent.host, sent.answer, failed, reading)


def _answered(host: str, answer: Answer, failed: str, reading: Reading) -> ConnectorError | None:
    """Read a whole answer to the write."""
    status, fine = answer.status, 200 <= answer.status < 300
    if not (fine or status == 429 or status in _REFUSALS):
        return Unsure(f"{host} answered {status}.")
    if told := reading(answer):
        return told
    if fine:
        return Unsure(f"{host} answered {status}, not as expected ({failed}).") if failed else None
    if status == 429:
        return Unavailable(f"{host} asks us to wait.", retry_after=answer.retry_after)
    if status == 401:
        return Unauthorised(f"{host} does not accept our credentials ({status}).")
    return Refused(f"{host} refused it ({status}).")


def _before(login: Fate | None, failed: str) -> ConnectorError:
    """Say why no write was even asked for."""
    if login and login.answer and login.answer.status in _STRANGERS:
        return Unauthorised(f"{login.host} does not accept our credentials ({login.answer.status}).")
    if login and login.answer and login.answer.status == 429:
        return Unavailable(f"{login.host} asks us to wait.", retry_after=login.answer.retry_after)
    if login and failed:
        why = login.broke or (f"{login.answer.status}" if login.answer else failed)
        return Unavailable(f"{login.host} gave us no access ({why}); nothing was sent.")
    if failed:
        return Refused(f"The library would not send it ({failed}).")
    return Unsure("The library says that it was sent, and nothing was seen to go out.")
