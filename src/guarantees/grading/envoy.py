"""Stands in a student's kernel for the referee: looks names up there, calls what is called, and sends plain data back.

It lives beside the student's code, which may make it say anything; whatever it says is data, and is judged as an answer
of the student's.
"""

import builtins
import os
import pickle
import socket
import traceback
from collections.abc import Mapping
from typing import Any

from guarantees.grading.wire import Malformed, NotPlain, decode, encode, receive, send, unpack


def serve(connection: socket.socket, names: Mapping[str, Any]) -> None:
    """Answer the referee until it has no more questions.

    Parameters
    ----------
    connection : socket
        To the referee; it is closed in the end.
    names : mapping
        The kernel's variables.
    """
    with connection:
        while True:
            try:
                request, _ = receive(connection)
            except (EOFError, OSError, Malformed):
                return
            answer = {"number": request["number"]} | _answer(request, names)
            try:
                send(connection, answer)
            except (NotPlain, ValueError) as error:
                send(connection, {"number": request["number"], "unplain": str(error)})


def _answer(request: Mapping[str, Any], names: Mapping[str, Any]) -> dict[str, Any]:
    name = request["name"]
    if name not in names:
        return {"missing": True}
    value = names[name]
    if "keywords" not in request:
        if callable(value):
            return {"callable": type(value).__name__}
        try:
            return {"value": encode(value, lazily=True)}
        except BaseException as error:
            return {"unplain": _said(error)}
    given = _given(request)
    keywords = dict(zip(request["keywords"], given[len(given) - len(request["keywords"]) :], strict=True))
    answer: dict[str, Any]
    before = _state(given)
    try:
        result = value(*given[: len(given) - len(keywords)], **keywords)
        same = [number for number, argument in enumerate(given) if argument is result]
        try:
            answer = {"same": same[0]} if same else {"value": encode(result, lazily=True)}
        except NotPlain as error:
            answer = {"unplain": _said(error)}
    except BaseException as error:
        kinds = [kind.__name__ for kind in type(error).__mro__ if getattr(builtins, kind.__name__, None) is kind]
        answer = {"error": [type(error).__name__, kinds, _said(error), _trace(error)]}
    if before is not None and before == _state(given):
        return answer
    try:
        now = [encode(argument) for argument in given]
    except BaseException as error:
        return {"unplain": _said(error)}
    sent = [encode(argument) for argument in _given(request)]
    changes = enumerate(zip(now, sent, strict=True))
    return answer | {"changed": [[number, new] for number, (new, old) in changes if repr(new) != repr(old)]}


def _given(request: Mapping[str, Any]) -> list[Any]:
    if "packed" in request:
        return unpack(request["packed"])
    return [decode(argument) for argument in request["arguments"]]


def _state(values: object) -> bytes | None:
    """Give bytes that are the same as long as values are, much sooner than they could be encoded."""
    try:
        return pickle.dumps(values, pickle.HIGHEST_PROTOCOL)
    except BaseException:
        return None


def _said(error: BaseException) -> str:
    try:
        alone = len(error.args) == 1 and type(error.args[0]) is str
        return str(error.args[0] if alone else error)[:2000]
    except BaseException:
        return ""


def _trace(error: BaseException) -> str:
    try:
        frames = traceback.extract_tb(error.__traceback__)[1:]
        return "".join(traceback.format_list(frames))[-4000:].replace(os.sep + "tmp" + os.sep, "")
    except BaseException:
        return ""
