"""Plain data as text: what may cross the sandbox between a student's kernel and the referee.

Numbers, text, dates, the built-in collections, numpy's arrays and pandas' tables, to any sensible depth; nothing that
could run code on arrival. It is sent as text to kernels that need not have this package: only the standard library is
used, and numpy and pandas if the other side's data names them.

An atom is itself in JSON; anything else is a list that begins with its type. A value of a subclass travels as what it
is underneath, with none of the methods that its class adds: what compares equal to everything arrives as a number.

The other way, from the referee, whom the kernel may trust, most values go pickled.
"""

import base64
import datetime
import io
import itertools
import json
import math
import pickle
import re
import socket
import struct
import sys
from collections.abc import Iterable, Iterator
from typing import Any

LIMIT = 8 << 20  # bytes of one message
_NODES = 500_000  # values in one message
_DEPTH = 60
_UNITS = ("s", "ms", "us", "ns", "m", "h", "D", "W", "M", "Y")
_NUMBERS = {"|b1", "|i1", "|u1", "<i2", "<i4", "<i8", "<u2", "<u4", "<u8", "<f2", "<f4", "<f8", "<c8", "<c16"}
_NUMBERS |= {f"<{kind}[{unit}]" for kind in ("m8", "M8") for unit in _UNITS}
_TYPED = {"str", "string", "boolean", "Float32", "Float64"}
_TYPED |= {f"{kind}{bits}" for kind in ("Int", "UInt") for bits in (8, 16, 32, 64)}
_ATOMS = frozenset([type(None), bool, int, float, str])
_VIEWS = {"keys": type({}.keys()), "values": type({}.values()), "items": type({}.items())}


class NotPlain(Exception):
    """A value that is no plain data; the message names its type."""


class Malformed(ValueError):
    """A message that no honest sender sends."""


def encode(value: object, *, lazily: bool = False) -> Any:
    """Turn plain data into what JSON can hold.

    Parameters
    ----------
    value : object
    lazily : bool
        Take what an iterator gives, too, which uses it up.

    Raises
    ------
    NotPlain
        If something in it is no plain data, or there is too much of it.
    """
    return _Encoder(lazily).encode(value, _DEPTH)


class _Encoder:
    def __init__(self, lazily: bool) -> None:
        self.left = _NODES
        self.lazily = lazily
        self.np: Any = sys.modules.get("numpy")
        self.pd: Any = sys.modules.get("pandas")

    def encode(self, value: Any, depth: int) -> Any:
        self.left -= 1
        if self.left < 0 or depth < 0:
            raise NotPlain("data too large or nested too deeply")
        # Never isinstance(), which a class can answer for itself.
        kind = type(value)
        if value is None or kind is bool or kind is float:
            return value
        if kind is str:
            return self.text(value)
        if kind is int:
            return self.number(value)
        for encode_it in (self.of_numpy, self.of_pandas, self.of_python):
            if (done := encode_it(value, kind, depth - 1)) is not None:
                return done
        raise NotPlain(f"{kind.__module__}.{kind.__qualname__}"[:100])

    def text(self, value: str) -> str:
        self.left -= len(value) // 16
        return value

    def number(self, value: int) -> int:
        if value.bit_length() > 10_000:
            raise NotPlain("an integer of more than 3000 digits")
        return value

    def all(self, values: Iterable[Any], depth: int) -> list[Any]:
        return [self.encode(value, depth) for value in values]

    def of_python(self, value: Any, kind: type, depth: int) -> Any:
        for base, tag in ((list, "list"), (tuple, "tuple"), (set, "set"), (frozenset, "frozenset")):
            if issubclass(kind, base):
                inside = self.all(base.__iter__(value), depth)
                return [tag, sorted(inside, key=repr) if "set" in tag else inside]
        if issubclass(kind, dict):
            return ["dict", [self.all(pair, depth) for pair in dict.items(value)]]
        if issubclass(kind, int):
            return self.number(int.__add__(value, 0))
        if issubclass(kind, float):
            return float.__float__(value)
        if issubclass(kind, str):
            return self.text(str.__str__(value))
        if issubclass(kind, bytes | bytearray):
            self.left -= len(value) // 16
            return ["bytes" if issubclass(kind, bytes) else "bytearray", base64.b64encode(memoryview(value)).decode()]
        if kind is complex:
            return ["complex", value.real, value.imag]
        if kind is range:
            return ["range", value.start, value.stop, value.step]
        if kind is datetime.datetime and type(value.tzinfo) in (type(None), datetime.timezone):
            return ["datetime", value.isoformat()]
        if kind is datetime.date:
            return ["date", value.isoformat()]
        if kind is datetime.timedelta:
            return ["timedelta", value.days, value.seconds, value.microseconds]
        for tag, view in _VIEWS.items():
            if kind is view:
                return [tag, self.all(value, depth)]
        if self.lazily and issubclass(kind, Iterator):
            return ["iterator", self.all(itertools.islice(value, _NODES + 1), depth)]
        return None

    def of_numpy(self, value: Any, kind: type, depth: int) -> Any:
        if self.np is None or not issubclass(kind, self.np.ndarray | self.np.generic):
            return None
        if issubclass(kind, self.np.ma.MaskedArray | self.np.matrix | self.np.void):
            raise NotPlain(f"numpy.{kind.__name__}")
        if issubclass(kind, self.np.generic):
            return ["scalar", self.array(self.np.asarray(value), depth)]
        return self.array(self.np.asarray(value), depth)

    def array(self, array: Any, depth: int) -> list[Any]:
        shape = [int(length) for length in array.shape]
        if array.dtype.kind == "O":
            return ["objects", shape, self.all(array.ravel().tolist(), depth)]
        array = array.astype(array.dtype.newbyteorder("<"))
        if array.dtype.str not in _NUMBERS and array.dtype.kind != "U":
            raise NotPlain(f"numpy array of {array.dtype}"[:100])
        self.left -= array.nbytes // 16
        if self.left < 0:
            raise NotPlain("data too large or nested too deeply")
        if array.dtype.kind == "U":
            return ["texts", array.dtype.str, shape, array.ravel().tolist()]
        return ["array", array.dtype.str, shape, base64.b64encode(array.tobytes()).decode()]

    def of_pandas(self, value: Any, kind: type, depth: int) -> Any:
        pd = self.pd
        if pd is None or not hasattr(pd, "DataFrame"):
            return None
        if value is pd.NA or value is pd.NaT:
            return ["NA" if value is pd.NA else "NaT"]
        if issubclass(kind, pd.DataFrame):
            heads, rows = self.index(value.columns, depth), self.index(value.index, depth)
            dtypes = set(value.dtypes)
            if len(dtypes) == 1 and isinstance(dtypes.pop(), self.np.dtype):
                return ["table", heads, rows, self.array(value.to_numpy(), depth)]
            return ["frame", heads, rows, [self.values(column, depth) for _, column in value.items()]]
        if issubclass(kind, pd.Series):
            name = self.encode(value.name, depth)
            return ["series", self.values(value, depth), self.index(value.index, depth), name]
        if issubclass(kind, pd.Index):
            return self.index(value, depth)
        if kind is pd.Categorical or issubclass(kind, pd.api.extensions.ExtensionArray):
            return ["extension", self.values(pd.Series(value), depth)]
        if kind is pd.Timestamp:
            return ["Timestamp", value.isoformat(), value.unit, None if value.tz is None else str(value.tz)]
        if kind is pd.Timedelta:
            return ["Timedelta", int(value.as_unit("ns").value)]
        return None

    def index(self, index: Any, depth: int) -> list[Any]:
        pd = self.pd
        names = self.all(index.names, depth)
        if type(index) is pd.RangeIndex:
            return ["rangeindex", index.start, index.stop, index.step, names[0]]
        if isinstance(index, pd.MultiIndex):
            return ["multiindex", [self.index(index.get_level_values(n), depth) for n in range(index.nlevels)], names]
        return ["index", self.values(index, depth), names[0], getattr(index, "freqstr", None)]

    def values(self, column: Any, depth: int) -> list[Any]:
        """Encode what a series or an index holds."""
        pd, dtype = self.pd, column.dtype
        if isinstance(dtype, self.np.dtype):
            return self.array(column.to_numpy(), depth)
        if isinstance(dtype, pd.CategoricalDtype):
            codes = self.array(self.np.asarray(column.array.codes), depth)
            return ["category", codes, self.index(dtype.categories, depth), bool(dtype.ordered)]
        if isinstance(dtype, pd.DatetimeTZDtype):
            plain = column.array.tz_convert("UTC").tz_localize(None)
            return ["zoned", self.array(self.np.asarray(plain), depth), str(dtype.tz)]
        if str(dtype) in _TYPED:
            return ["typed", str(dtype), self.all(column.tolist(), depth)]
        raise NotPlain(f"pandas data of type {dtype}"[:100])


def decode(data: Any) -> Any:
    """Turn what :func:`encode` gave back into plain data of the built-in, numpy's and pandas' own types.

    Raises
    ------
    Malformed
        If it is anything else.
    """
    try:
        return _decode(data, _DEPTH)
    except Malformed:
        raise
    except Exception as error:
        raise Malformed(f"no plain data ({type(error).__name__})") from None


def _decode(data: Any, depth: int) -> Any:
    if type(data) in _ATOMS:
        return data
    if depth < 0 or type(data) is not list:
        raise Malformed("no plain data")
    tag, *parts = data
    return _DECODERS[tag](depth - 1, *parts)


def _all(values: list[Any], depth: int) -> list[Any]:
    return [value if type(value) in _ATOMS else _decode(value, depth) for value in _is(list, values)]


def _is(kind: type, value: Any) -> Any:
    if type(value) is not kind:
        raise Malformed(f"no {kind.__name__}")
    return value


def _ints(values: Iterable[Any]) -> list[int]:
    return [_is(int, value) for value in values]


def _dict(depth: int, pairs: list[Any]) -> dict[Any, Any]:
    return {key: value for key, value in (_all(pair, depth) for pair in _is(list, pairs))}  # noqa: C416


def _array(_: int, dtype: str, shape: list[int], data: str) -> Any:
    import numpy as np

    if _is(str, dtype) not in _NUMBERS:
        raise Malformed("no type of numbers")
    shape = _shape(shape)
    raw = base64.b64decode(_is(str, data), validate=True)
    kind = np.dtype(dtype)
    if len(raw) != math.prod(shape) * kind.itemsize:
        raise Malformed("an array of another size than it says")
    if kind.kind == "b" and raw.strip(b"\0\1"):
        raise Malformed("no truth values")
    return np.frombuffer(raw, dtype=kind).reshape(shape).copy()


def _texts(_: int, dtype: str, shape: list[int], texts: list[str]) -> Any:
    import numpy as np

    width = re.fullmatch(r"<U(\d{1,6})", _is(str, dtype))
    shape = _shape(shape)
    texts = [_is(str, text) for text in _is(list, texts)]
    if not width or len(texts) != math.prod(shape) or int(width[1]) * max(len(texts), 1) > LIMIT:
        raise Malformed("an array of another size than it says")
    return np.array(texts, dtype=dtype).reshape(shape)


def _objects(depth: int, shape: list[int], values: list[Any]) -> Any:
    import numpy as np

    shape = _shape(shape)
    decoded = _all(values, depth)
    if len(decoded) != math.prod(shape):
        raise Malformed("an array of another size than it says")
    array = np.empty(len(decoded), dtype=object)
    for number, value in enumerate(decoded):
        array[number] = value
    return array.reshape(shape)


def _shape(shape: list[int]) -> list[int]:
    if any(length < 0 for length in _ints(_is(list, shape))):
        raise Malformed("no shape")
    return shape


def _values(depth: int, data: list[Any]) -> Any:
    """Decode a column."""
    import pandas as pd

    tag, *parts = _is(list, data)
    if tag in ("array", "objects"):
        return _DECODERS[tag](depth, *parts)
    if tag == "category":
        codes, categories, ordered = parts
        return pd.Categorical.from_codes(
            _decode(codes, depth), categories=_index(depth, categories), ordered=_is(bool, ordered)
        )
    if tag == "zoned":
        plain, zone = parts
        return pd.DatetimeIndex(_decode(plain, depth)).tz_localize("UTC").tz_convert(_is(str, zone)).array
    if tag == "typed" and _is(str, parts[0]) in _TYPED:
        dtype, values = parts
        return pd.array(_all(values, depth), dtype=dtype)
    raise Malformed("no column")


def _index(depth: int, data: Any) -> Any:
    if _is(list, data)[0] not in ("index", "multiindex", "rangeindex"):
        raise Malformed("no index")
    return _decode(data, depth)


def _plain_index(depth: int, values: list[Any], name: Any, frequency: str | None) -> Any:
    import pandas as pd

    column = _values(depth, values)
    if getattr(column, "ndim", 1) != 1:
        raise Malformed("no index")
    index = pd.Index(column, dtype=column.dtype, name=_decode(name, depth))
    if frequency is not None:
        index = pd.DatetimeIndex(index, freq=_is(str, frequency))
    return index


def _multi_index(depth: int, levels: list[Any], names: list[Any]) -> Any:
    import pandas as pd

    return pd.MultiIndex.from_arrays([_index(depth, level) for level in _is(list, levels)], names=_all(names, depth))


def _range_index(depth: int, start: int, stop: int, step: int, name: Any) -> Any:
    import pandas as pd

    start, stop, step = _ints((start, stop, step))
    return pd.RangeIndex(start, stop, step, name=_decode(name, depth))


def _series(depth: int, values: list[Any], index: list[Any], name: Any) -> Any:
    import pandas as pd

    column = _values(depth, values)
    return pd.Series(column, index=_index(depth, index), dtype=column.dtype, name=_decode(name, depth))


def _frame(depth: int, columns: list[Any], index: list[Any], values: list[Any]) -> Any:
    import pandas as pd

    rows, heads = _index(depth, index), _index(depth, columns)
    decoded = [_values(depth, column) for column in _is(list, values)]
    # Objects that are all text would become text.
    series = [pd.Series(column, rows, column.dtype) if column.dtype == object else column for column in decoded]
    frame = pd.DataFrame(dict(enumerate(series)), rows)
    frame.columns = heads
    return frame


def _table(depth: int, columns: list[Any], index: list[Any], values: list[Any]) -> Any:
    import pandas as pd

    if _is(list, values)[0] not in ("array", "objects"):
        raise Malformed("no table")
    table = _decode(values, depth)
    if table.ndim != 2:
        raise Malformed("no table")
    return pd.DataFrame(table, _index(depth, index), _index(depth, columns), table.dtype)


def _timestamp(_: int, text: str, unit: str, zone: str | None) -> Any:
    import pandas as pd

    moment = pd.Timestamp(_is(str, text)).as_unit(_is(str, unit))
    return moment if zone is None else moment.tz_convert(_is(str, zone))


def _timedelta(_: int, nanoseconds: int) -> Any:
    import pandas as pd

    return pd.Timedelta(_is(int, nanoseconds), unit="ns")


def _missing(name: str) -> Any:
    import pandas as pd

    return getattr(pd, name)


_DECODERS: dict[str, Any] = {
    "list": lambda depth, values: _all(values, depth),
    "tuple": lambda depth, values: tuple(_all(values, depth)),
    "set": lambda depth, values: set(_all(values, depth)),
    "frozenset": lambda depth, values: frozenset(_all(values, depth)),
    "dict": _dict,
    "bytes": lambda _, text: base64.b64decode(_is(str, text), validate=True),
    "bytearray": lambda _, text: bytearray(base64.b64decode(_is(str, text), validate=True)),
    "complex": lambda _, real, imaginary: complex(_is(float, real), _is(float, imaginary)),
    "range": lambda _, *limits: range(*_ints(limits)),
    "datetime": lambda _, text: datetime.datetime.fromisoformat(_is(str, text)),
    "date": lambda _, text: datetime.date.fromisoformat(_is(str, text)),
    "timedelta": lambda _, *parts: datetime.timedelta(*_ints(parts)),
    "keys": lambda depth, values: dict.fromkeys(_all(values, depth)).keys(),
    "values": lambda depth, values: dict(enumerate(_all(values, depth))).values(),
    "items": lambda depth, pairs: dict(_all(pairs, depth)).items(),
    "iterator": lambda depth, values: iter(_all(values, depth)),
    "scalar": lambda depth, array: _decode(array, depth)[()],
    "array": _array,
    "texts": _texts,
    "objects": _objects,
    "NA": lambda _: _missing("NA"),
    "NaT": lambda _: _missing("NaT"),
    "Timestamp": _timestamp,
    "Timedelta": _timedelta,
    "series": _series,
    "frame": _frame,
    "table": _table,
    "index": _plain_index,
    "multiindex": _multi_index,
    "rangeindex": _range_index,
    "extension": _values,
}


def pack(values: list[Any]) -> str | None:
    """Pickle what the referee gives a student's function, which is done much sooner than encoding it.

    None if something in it is neither built-in nor numpy's nor pandas': that has to be encoded.
    """
    file = io.BytesIO()
    try:
        _Pickler(file, pickle.HIGHEST_PROTOCOL).dump(values)
    except Exception:
        return None
    return base64.b64encode(file.getbuffer()).decode()


class _Pickler(pickle.Pickler):
    def reducer_override(self, value: Any) -> Any:
        """Refuse what is someone else's; pandas' tables have slices inside."""
        kind = type(value)
        # A class or a function says where it comes from. Anything else is not asked: it could be a student's.
        home = value if issubclass(kind, type) or kind.__module__.startswith(("builtins", "_cython")) else kind
        if kind is not slice and value is not slice and home.__module__.partition(".")[0] not in ("numpy", "pandas"):
            raise NotPlain
        return NotImplemented


def unpack(text: str) -> list[Any]:
    """Turn what :func:`pack` gave back into values; never what a student's kernel sent."""
    values: list[Any] = pickle.loads(base64.b64decode(text))
    return values


def send(connection: socket.socket, message: Any, descriptors: Iterable[int] = ()) -> None:
    """Send a message.

    Raises
    ------
    NotPlain
        If it is too large.
    """
    framed_text = framed(json.dumps(message).encode())
    if descriptors := list(descriptors):
        sent = socket.send_fds(connection, [framed_text[:4]], descriptors)
        framed_text = framed_text[sent:]
    connection.sendall(framed_text)


def framed(text: bytes) -> bytes:
    """Put the length of a message in front of it.

    Raises
    ------
    NotPlain
        If it is too large.
    """
    if len(text) > LIMIT:
        raise NotPlain("data too large")
    return struct.pack(">I", len(text)) + text


def receive(connection: socket.socket, descriptors: int = 0) -> tuple[Any, list[int]]:
    """Receive a message, and as many descriptors as are allowed.

    Raises
    ------
    Malformed
        If it is too large or no JSON.
    EOFError
        If there is none any more.
    """
    if descriptors:
        head, received, *_ = socket.recv_fds(connection, 4, descriptors)
    else:
        head, received = connection.recv(4), []
    if not head:
        raise EOFError
    (length,) = struct.unpack(">I", head + _exactly(connection, 4 - len(head)))
    if length > LIMIT:
        raise Malformed("a message too large")
    return _parsed(_exactly(connection, length)), received


def take(buffer: bytearray) -> tuple[Any, int] | None:
    """Take the first message off what was received, and give it with its length; None if it is not whole.

    Raises
    ------
    Malformed
        If it is too large or no JSON.
    """
    if len(buffer) < 4:
        return None
    (length,) = struct.unpack_from(">I", buffer)
    if length > LIMIT:
        raise Malformed("a message too large")
    if len(buffer) < 4 + length:
        return None
    text = buffer[4 : 4 + length]
    del buffer[: 4 + length]
    return _parsed(text), length


def _parsed(text: bytearray) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        raise Malformed("no JSON") from None


def _exactly(connection: socket.socket, length: int) -> bytearray:
    text = bytearray()
    while len(text) < length:
        chunk = connection.recv(min(length - len(text), 1 << 16))
        if not chunk:
            raise EOFError
        text += chunk
    return text
