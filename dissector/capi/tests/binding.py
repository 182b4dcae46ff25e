"""What the Python binding tells, held against the JSON of the same session, of every sample capture in a folder."""

import sys
from pathlib import Path

import msnp

ALL = msnp.FOLLOW_PDUS | msnp.FOLLOW_STORY | msnp.FOLLOW_TRANSFERS | msnp.FOLLOW_SUMMARY | msnp.FOLLOW_FIELDS


def same(what, one, other):
    assert one == other, f"{what}: {one!r} is not {other!r}"


def check(path):
    with msnp.Session(ALL) as session:
        session.read_file(path)
        pdus = list(session.pdus())
        for pdu in pdus:
            record = pdu.json()
            same("pdu", (pdu.number, pdu.frame, pdu.connection, pdu.tcp_stream), tuple(record[key] for key in ("pdu", "frame", "connection", "stream")))
            same("ends", (pdu.source, pdu.destination), (record["src"], record["dst"]))
            same("verb", (pdu.sender, pdu.server, pdu.verb), (record["from"], record["server"], record["verb"]))
            same("answers", pdu.answers, record["answers"])
            same("payload", len(pdu.bytes) - pdu.line, record["payload_len"])
            tree = pdu.json(msnp.TREE)
            items = list(pdu.items())
            same("items", [(i.field, i.depth, i.source, i.start, i.end, i.label, i.generated) for i in items],
                 [(i["field"], i["depth"], i["source"], i["start"], i["end"], i["label"], i["generated"]) for i in tree["items"]])
            for item, told in zip(items, tree["items"]):
                if not isinstance(told["value"], dict):
                    same(item.field, item.text, told["value"])
                elif isinstance(item.value, bytes):
                    same(item.field, len(item.value), told["value"]["len"])
        keys = ("frame", "pdu", "conversation", "from", "nick", "kind", "text", "delivered")
        same("messages",
             [(m.frame, m.pdu, m.conversation, m.sender, m.nick, m.kind, m.text, m.delivered, list(m.recipients)) for m in session.messages()],
             [tuple(record[key] for key in keys) + (record["to"],) for record in session.documents(msnp.CHATS)])
        keys = ("id", "kind", "state", "from", "to", "name", "received", "sha1", "sha256", "content_type")
        transfers = list(session.transfers())
        same("transfers",
             [(t.id, t.kind, t.state, t.sender, t.receiver, t.name, t.received, t.sha1, t.sha256, t.content_type) for t in transfers],
             [tuple(record[key] for key in keys) for record in session.documents(msnp.TRANSFERS)])
        for transfer in transfers:
            if transfer.state == "complete" and transfer.size is not None:
                same("content", len(transfer.content), transfer.size)
        same("pdus", len(pdus), session.documents(msnp.SUMMARY)[0]["pdus"])
    return len(pdus)


def check_streams():
    """A stream in pieces, with times, and one who does not follow the rules."""
    with msnp.Session(msnp.FOLLOW_PDUS) as session:
        session.open_stream(7, "192.0.2.1:1025", "198.51.100.2:1863")
        for letter in b"VER 1 MSNP8 CVR0\r\n":
            session.feed_stream(7, msnp.TO_SERVER, bytes([letter]), time=1_500_000_000)
        session.close_stream(7)
        session.finish()
        (pdu,) = session.pdus()
        same("pdu", (pdu.verb, pdu.source, pdu.time, pdu.connection), ("VER", "192.0.2.1:1025", 1_500_000_000, 7))
        try:
            session.feed_stream(7, msnp.TO_SERVER, b"OUT\r\n")
        except msnp.Error as error:
            assert "ended" in str(error), error
        else:
            raise AssertionError("what follows the end is taken")


def main(folder):
    count = sum(check(path) for path in sorted(Path(folder).glob("*/capture.*")))
    assert count > 500, f"only {count} PDUs"
    names = {name for name, *_ in msnp.fields()}
    assert "msnp.verb" in names and len(names) > 300, len(names)
    check_streams()


main(sys.argv[1])
