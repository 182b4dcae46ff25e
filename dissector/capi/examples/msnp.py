"""The MSNP dissector in Python, over the C library `libmsnp`.

    import msnp

    with msnp.Session(msnp.FOLLOW_PDUS | msnp.FOLLOW_STORY) as session:
        session.read_file("capture.pcap")
        for pdu in session.pdus():
            print(pdu.number, pdu.sentence)
        for message in session.messages():
            print(message.sender, message.text)

As a program, `python3 msnp.py CAPTURE` prints the chats of a capture. The library is looked for where the system looks, or at the
path in the environment variable MSNP_LIBRARY. All texts and bytes are copied, so that nothing here has a lifetime to mind; handles
are freed when their objects go. MIT OR Apache-2.0.
"""

import ctypes
import json
import os
import sys
from ctypes import POINTER, byref, c_bool, c_char_p, c_int32, c_int64, c_size_t, c_uint8, c_uint16, c_uint32, c_uint64, c_void_p
from dataclasses import dataclass

ABI_MAJOR, ABI_MINOR = 1, 0

FOLLOW_PDUS, FOLLOW_STORY, FOLLOW_TRANSFERS, FOLLOW_SUMMARY, FOLLOW_FIELDS = 1, 2, 4, 8, 16
TO_SERVER, TO_CLIENT = 0, 1
SUMMARY, COMMANDS, TREE, SESSIONS, CONTACTS, PRESENCE, CHATS, TRANSFERS, CHUNKS, GAPS, FIELDS = range(1, 12)

_OK, _NONE, _REDACTED = 0, 1, 9


class _Text(ctypes.Structure):
    _fields_ = [("data", c_void_p), ("length", c_size_t)]

    def get(self):
        """The text; None where there is none."""
        return None if self.data is None else ctypes.string_at(self.data, self.length).decode()


class _Bytes(ctypes.Structure):
    _fields_ = [("data", c_void_p), ("length", c_size_t)]

    def get(self):
        """The bytes; None where there are none to be had."""
        return None if self.data is None else ctypes.string_at(self.data, self.length)


class _Time(ctypes.Structure):
    _fields_ = [("seconds", c_int64), ("nanos", c_uint32), ("digits", c_uint8), ("known", c_bool)]

    def get(self):
        """Nanoseconds since the beginning of 1970, UTC; None where the time is not known."""
        return self.seconds * 1_000_000_000 + self.nanos if self.known else None

    @classmethod
    def of(cls, nanos):
        if nanos is None:
            return None
        return byref(cls(nanos // 1_000_000_000, nanos % 1_000_000_000, 9, True))


class _Span(ctypes.Structure):
    _fields_ = [("source", c_uint32), ("start", c_uint32), ("end", c_uint32)]


class _PduInfo(ctypes.Structure):
    _fields_ = [
        ("number", c_uint32), ("frame", c_uint64), ("time", _Time), ("connection", c_uint32), ("tcp_stream", c_uint32),
        ("answers", c_uint32), ("delay", c_int64), ("sender", _Text), ("server", _Text), ("source", _Text),
        ("destination", _Text), ("kind", _Text), ("verb", _Text), ("bytes", _Bytes), ("line", c_size_t), ("missing", c_size_t),
    ]


class _Item(ctypes.Structure):
    _fields_ = [
        ("field", _Text), ("title", _Text), ("depth", c_uint32), ("span", _Span), ("kind", c_int32), ("number", c_uint64),
        ("nanos", c_int64), ("bytes", _Bytes), ("text", _Text), ("label", _Text), ("remark", _Text), ("generated", c_bool),
    ]


class _Message(ctypes.Structure):
    _fields_ = [
        ("time", _Time), ("frame", c_uint64), ("pdu", c_uint32), ("conversation", c_uint32), ("tcp_stream", c_uint32),
        ("delivered", c_int32), ("inferred", c_bool), ("sender", _Text), ("nick", _Text), ("recipients", c_size_t),
        ("kind", _Text), ("text", _Text), ("channel", _Text),
    ]


class _Transfer(ctypes.Structure):
    _fields_ = [
        ("id", c_uint32), ("kind", _Text), ("state", _Text), ("sender", _Text), ("receiver", _Text), ("name", _Text),
        ("began", _Time), ("ended", _Time), ("size", c_int64), ("received", c_uint64), ("chunks", c_size_t), ("sha1", _Text),
        ("sha256", _Text), ("hash_as_announced", c_int32), ("content_type", _Text), ("first_frame", c_uint64),
        ("last_frame", c_uint64),
    ]


class _Field(ctypes.Structure):
    _fields_ = [("name", _Text), ("title", _Text), ("kind", _Text), ("privacy", _Text), ("explanation", _Text)]


def _load():
    library = ctypes.CDLL(os.environ.get("MSNP_LIBRARY", f"libmsnp.so.{ABI_MAJOR}"))
    handle, size = c_void_p, c_size_t
    signatures = {
        "abi_fits": (c_bool, [c_uint32, c_uint32]),
        "status_text": (_Text, [c_int32]),
        "session_new": (c_int32, [c_uint32, POINTER(handle)]),
        "session_free": (None, [handle]),
        "session_redact": (c_int32, [handle, c_char_p]),
        "session_keep": (c_int32, [handle, size, size]),
        "session_capture": (c_int32, [handle, c_char_p, size]),
        "session_file": (c_int32, [handle, c_char_p]),
        "session_packet": (c_int32, [handle, c_uint64, c_uint16, POINTER(_Time), c_char_p, size, c_uint32]),
        "session_open": (c_int32, [handle, c_uint32, c_char_p, c_char_p, c_bool]),
        "session_stream": (c_int32, [handle, c_uint32, c_uint32, POINTER(_Time), c_char_p, size]),
        "session_lost": (c_int32, [handle, c_uint32, c_uint32, c_uint64]),
        "session_close": (c_int32, [handle, c_uint32]),
        "session_finish": (c_int32, [handle]),
        "session_error": (_Text, [handle]),
        "session_ending": (_Text, [handle]),
        "session_pdu": (c_int32, [handle, POINTER(handle)]),
        "session_messages": (c_int32, [handle, POINTER(handle)]),
        "session_transfers": (c_int32, [handle, POINTER(handle)]),
        "session_json": (c_int32, [handle, c_uint32, POINTER(handle)]),
        "pdu_free": (None, [handle]),
        "pdu_about": (c_int32, [handle, POINTER(_PduInfo)]),
        "pdu_sentence": (c_int32, [handle, POINTER(_Text)]),
        "pdu_json": (c_int32, [handle, c_uint32, c_uint32, POINTER(handle)]),
        "pdu_item_count": (size, [handle]),
        "pdu_item": (c_int32, [handle, size, POINTER(_Item)]),
        "messages_free": (None, [handle]),
        "messages_at": (c_int32, [handle, size, POINTER(_Message)]),
        "messages_recipient": (c_int32, [handle, size, size, POINTER(_Text)]),
        "transfers_free": (None, [handle]),
        "transfers_at": (c_int32, [handle, size, POINTER(_Transfer)]),
        "transfers_read": (c_int32, [handle, size, c_uint64, c_void_p, size, POINTER(size)]),
        "transfers_file_name": (c_int32, [handle, size, POINTER(handle)]),
        "fields_new": (c_int32, [POINTER(handle)]),
        "fields_free": (None, [handle]),
        "fields_at": (c_int32, [handle, size, POINTER(_Field)]),
        "string_text": (_Text, [handle]),
        "string_free": (None, [handle]),
    }
    for name, (answer, arguments) in signatures.items():
        function = getattr(library, f"msnp_{name}")
        function.restype, function.argtypes = answer, arguments
    if not library.msnp_abi_fits(ABI_MAJOR, ABI_MINOR):
        raise ImportError(f"this libmsnp has another ABI than {ABI_MAJOR}.{ABI_MINOR}")
    return library


_msnp = _load()


class Error(Exception):
    """A call failed; `status` is its number, the text says why."""

    def __init__(self, status, why=None):
        super().__init__(why or _msnp.msnp_status_text(status).get())
        self.status = status


class _Handle:
    """A handle of the library, freed when the object goes."""

    _free = None

    def __init__(self, handle):
        self._handle = handle

    def __del__(self):
        if getattr(self, "_handle", None):
            self._free(self._handle)
            self._handle = None


def _made(function, *arguments):
    """The handle that a function makes; None if there is nothing (more)."""
    handle = c_void_p()
    status = function(*arguments, byref(handle))
    if status not in (_OK, _NONE):
        raise Error(status)
    return handle if status == _OK else None


def _text_of(function, *arguments):
    string = _made(function, *arguments)
    try:
        return _msnp.msnp_string_text(string).get()
    finally:
        _msnp.msnp_string_free(string)


def _each(function, handle, structure):
    """What a function writes for places 0, 1, …"""
    at = 0
    while True:
        found = structure()
        status = function(handle, at, byref(found))
        if status == _NONE:
            return
        if status != _OK:
            raise Error(status)
        yield at, found
        at += 1


@dataclass(frozen=True)
class Item:
    """One field, found at one place of a PDU: bytes `start` to before `end` of its `source` (0: the PDU)."""

    field: str
    title: str
    depth: int
    source: int
    start: int
    end: int
    value: object
    text: str
    label: str
    generated: bool


@dataclass(frozen=True)
class Message:
    """A message. `time` is in nanoseconds since the beginning of 1970."""

    time: int
    frame: int
    pdu: int
    conversation: int
    sender: str
    nick: str
    recipients: tuple
    kind: str
    text: str
    delivered: object


@dataclass(frozen=True)
class Transfer:
    """A picture, file or other object. `content` are its bytes up to the first that is missing; None where they are hidden."""

    id: int
    kind: str
    state: str
    sender: str
    receiver: str
    name: str
    began: int
    ended: int
    size: int
    received: int
    sha1: str
    sha256: str
    content_type: str
    file_name: str
    content: bytes


class Pdu(_Handle):
    """One command with its payload, or bytes that are none."""

    _free = staticmethod(_msnp.msnp_pdu_free)

    def __init__(self, handle):
        super().__init__(handle)
        info = _PduInfo()
        _msnp.msnp_pdu_about(handle, byref(info))
        self.number, self.frame, self.time = info.number, info.frame, info.time.get()
        self.connection, self.tcp_stream, self.answers = info.connection, info.tcp_stream, info.answers or None
        self.delay = None if info.delay < 0 else info.delay
        self.sender, self.server, self.verb = info.sender.get(), info.server.get(), info.verb.get()
        self.source, self.destination = info.source.get(), info.destination.get()
        self.kind, self.bytes, self.line, self.missing = info.kind.get(), info.bytes.get(), info.line, info.missing

    @property
    def sentence(self):
        """The PDU in words for somebody who has never heard of MSNP."""
        text = _Text()
        _msnp.msnp_pdu_sentence(self._handle, byref(text))
        return text.get()

    def items(self):
        """Its items, in preorder."""
        for _, item in _each(_msnp.msnp_pdu_item, self._handle, _Item):
            value = (None, item.number, item.nanos, item.text.get(), item.bytes.get())[item.kind]
            span = item.span
            yield Item(
                item.field.get(), item.title.get(), item.depth, span.source, span.start, span.end, value, item.text.get(),
                item.label.get(), item.generated,
            )

    def json(self, document=COMMANDS, whole_bytes=False):
        """The record that `msnp commands` (COMMANDS) or `msnp tree` (TREE) prints."""
        return json.loads(_text_of(_msnp.msnp_pdu_json, self._handle, document, int(whole_bytes)))


class Session(_Handle):
    """Is fed with a capture, with packets or with streams, and tells what is in them."""

    _free = staticmethod(_msnp.msnp_session_free)

    def __init__(self, follow):
        super().__init__(_made(_msnp.msnp_session_new, follow))

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.__del__()

    def _check(self, status):
        if status != _OK:
            raise Error(status, _msnp.msnp_session_error(self._handle).get())

    def redact(self, key):
        """Pseudonyms in all that is told; `key` are 32 bytes."""
        if len(key) != 32:
            raise ValueError("a key has 32 bytes")
        self._check(_msnp.msnp_session_redact(self._handle, key))

    def read_file(self, path):
        """Reads a whole capture file; nothing may follow."""
        self._check(_msnp.msnp_session_file(self._handle, os.fsencode(path)))

    def feed_capture(self, data):
        """Feeds the next bytes of a capture file."""
        self._check(_msnp.msnp_session_capture(self._handle, data, len(data)))

    def feed_packet(self, data, link_type=1, time=None, number=0, original_length=0):
        """Feeds a packet; `time` is in nanoseconds since the beginning of 1970."""
        time = _Time.of(time)
        self._check(_msnp.msnp_session_packet(self._handle, number, link_type, time, data, len(data), original_length))

    def open_stream(self, connection, client=None, server=None, from_start=True):
        """Says that a stream begins, between addresses such as `192.0.2.1:1025`."""
        ends = [end and end.encode() for end in (client, server)]
        self._check(_msnp.msnp_session_open(self._handle, connection, *ends, from_start))

    def feed_stream(self, connection, direction, data, time=None):
        """Feeds the next bytes of one direction of a stream."""
        self._check(_msnp.msnp_session_stream(self._handle, connection, direction, _Time.of(time), data, len(data)))

    def lost(self, connection, direction, length):
        """Says that the next bytes of one direction of a stream are missing."""
        self._check(_msnp.msnp_session_lost(self._handle, connection, direction, length))

    def close_stream(self, connection):
        """Says that a stream ends."""
        self._check(_msnp.msnp_session_close(self._handle, connection))

    def finish(self):
        """Says that nothing follows."""
        self._check(_msnp.msnp_session_finish(self._handle))

    @property
    def ending(self):
        """A sentence about a capture that stops before its end; empty if it does not."""
        return _msnp.msnp_session_ending(self._handle).get()

    def pdus(self):
        """The PDUs that are ready, each once."""
        while (handle := _made(_msnp.msnp_session_pdu, self._handle)) is not None:
            yield Pdu(handle)

    def messages(self):
        """All that was said so far."""
        handle = _made(_msnp.msnp_session_messages, self._handle)
        try:
            for at, message in _each(_msnp.msnp_messages_at, handle, _Message):
                heard = []
                for who in range(message.recipients):
                    account = _Text()
                    _msnp.msnp_messages_recipient(handle, at, who, byref(account))
                    heard.append(account.get())
                yield Message(
                    message.time.get(), message.frame, message.pdu, message.conversation, message.sender.get(),
                    message.nick.get(), tuple(heard), message.kind.get(), message.text.get(),
                    None if message.delivered < 0 else bool(message.delivered),
                )
        finally:
            _msnp.msnp_messages_free(handle)

    def transfers(self):
        """All transfers, once nothing follows."""
        handle = _made(_msnp.msnp_session_transfers, self._handle)
        try:
            for at, one in _each(_msnp.msnp_transfers_at, handle, _Transfer):
                try:
                    file_name = _text_of(_msnp.msnp_transfers_file_name, handle, at)
                    content = b"".join(_pieces(handle, at))
                except Error as error:
                    if error.status != _REDACTED:
                        raise
                    file_name = content = None
                yield Transfer(
                    one.id, one.kind.get(), one.state.get(), one.sender.get(), one.receiver.get(), one.name.get(),
                    one.began.get(), one.ended.get(), None if one.size < 0 else one.size, one.received, one.sha1.get(),
                    one.sha256.get(), one.content_type.get(), file_name, content,
                )
        finally:
            _msnp.msnp_transfers_free(handle)

    def documents(self, document):
        """The records of a document such as CHATS, as the command line prints them with `--json`."""
        lines = _text_of(_msnp.msnp_session_json, self._handle, document)
        return [json.loads(line) for line in lines.split("\n") if line]


def _pieces(transfers, at, size=1 << 16):
    buffer, copied, offset = ctypes.create_string_buffer(size), c_size_t(), 0
    while True:
        status = _msnp.msnp_transfers_read(transfers, at, offset, buffer, size, byref(copied))
        if status != _OK:
            raise Error(status)
        if copied.value == 0:
            return
        yield buffer.raw[: copied.value]
        offset += copied.value


def fields():
    """The field table: name, title, kind, privacy and explanation of each field."""
    handle = _made(_msnp.msnp_fields_new)
    try:
        for _, field in _each(_msnp.msnp_fields_at, handle, _Field):
            yield tuple(part.get() for part in (field.name, field.title, field.kind, field.privacy, field.explanation))
    finally:
        _msnp.msnp_fields_free(handle)


def main(paths):
    """Prints the chats of captures."""
    for path in paths:
        with Session(FOLLOW_STORY) as session:
            try:
                session.read_file(path)
            except Error as error:
                print(f"{path}: {error}", file=sys.stderr)
                return 2
            for message in session.messages():
                if message.text is not None:
                    print(f"{message.sender or 'somebody'} → {', '.join(message.recipients) or 'nobody'}: {message.text}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
