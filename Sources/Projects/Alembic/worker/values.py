"""Python's values as Stairway's fixtures know them: a kind and what it holds."""
import base64
import datetime
import decimal
import enum
import json
import math
import uuid


class Unsayable(Exception):
    """A value that no fixture can say; the message names what it is."""


def said(value):
    """The value as a list of its kind and its content.

    Kinds: null, boolean, number (its digits), text, binary (base64), list, and json (the text of a
    document). Raises Unsayable.
    """
    if value is None:
        return ["null"]
    if isinstance(value, enum.Enum):
        return said(_plain(value))
    if isinstance(value, bool):
        return ["boolean", value]
    if isinstance(value, int):
        return ["number", int.__repr__(value)]
    if isinstance(value, float):
        return ["number", _float(value)]
    if isinstance(value, decimal.Decimal):
        return ["number", _decimal(value)]
    if isinstance(value, str):
        return ["text", _text(value)]
    if isinstance(value, (bytes, bytearray, memoryview)):
        return ["binary", base64.b64encode(bytes(value)).decode("ascii")]
    if isinstance(value, dict):
        return ["json", json.dumps(_document(value), ensure_ascii=False, allow_nan=False)]
    if isinstance(value, (list, tuple)):
        return ["list", [said(one) for one in value]]
    text = _written_as_text(value)
    if text is not None:
        return ["text", text]
    raise Unsayable(_described(value))


def _float(value):
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        return "Infinity" if value > 0 else "-Infinity"
    return float.__repr__(value)


def _decimal(value):
    if value.is_nan():
        return "NaN"
    if value.is_infinite():
        return "Infinity" if value > 0 else "-Infinity"
    return str(value)


def _text(value):
    text = str.__str__(value)
    if "\0" in text:
        raise Unsayable("a text with the character U+0000, which no column of text holds")
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        raise Unsayable("a text with half a character (a lone surrogate), which is no Unicode")
    return text


def _written_as_text(value):
    """Values that fixtures write as text, whatever their column."""
    if isinstance(value, datetime.datetime):
        return value.isoformat(" ")
    if isinstance(value, (datetime.date, datetime.time)):
        return value.isoformat()
    if isinstance(value, datetime.timedelta):
        return _interval(value)
    if isinstance(value, uuid.UUID):
        return str(value)
    if type(value).__module__ == "ipaddress":
        return str(value)
    return None


def _interval(value):
    """As PostgreSQL reads it: every field with its own sign."""
    parts = ["%d days" % value.days] if value.days else []
    if value.seconds or value.microseconds or not parts:
        fraction = ".%06d" % value.microseconds if value.microseconds else ""
        parts.append("%d%s seconds" % (value.seconds, fraction))
    return " ".join(parts)


def _document(value):
    """What a JSON document holds of the value; times and numbers of exact digits as `json.dumps`
    with the usual encoders writes them."""
    if isinstance(value, enum.Enum):
        return _document(_plain(value))
    if value is None or isinstance(value, (bool, int)):
        return value
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, float):
        if not math.isfinite(value):
            raise Unsayable("a document with infinity or NaN, which JSON does not have")
        return value
    if isinstance(value, dict):
        return {_key(key): _document(one) for key, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [_document(one) for one in value]
    if isinstance(value, decimal.Decimal) and value.is_finite():
        return _text(str(value))
    if isinstance(value, (bytes, bytearray, memoryview)):
        raise Unsayable("a document with binary data, which JSON does not have")
    text = _written_as_text(value)
    if text is None:
        raise Unsayable("a document with %s" % _described(value))
    return text


def _plain(member):
    """What a database is given for an enumeration's member: drivers write one that is a text or a
    number as that; of others, SQLAlchemy's `Enum` writes the name."""
    return member.value if isinstance(member, (str, int, float, bytes)) else member.name


def _key(key):
    if isinstance(key, str):
        return _text(key)
    if key is None or isinstance(key, (bool, int, float)):
        # As json.dumps writes them.
        return next(iter(json.loads(json.dumps({key: 0}))))
    raise Unsayable("a document with a key that is %s" % _described(key))


def _described(value):
    """What a value is, for a sentence; never the value itself."""
    kind = type(value)
    if kind.__module__.split(".")[0] == "sqlalchemy":
        return "an expression of SQLAlchemy's (%s)" % kind.__name__
    if callable(value):
        return "a function"
    name = kind.__qualname__
    if kind.__module__ != "builtins":
        name = "%s.%s" % (kind.__module__, name)
    return "%s %s" % ("an" if name[:1].lower() in "aeiou" else "a", name)
