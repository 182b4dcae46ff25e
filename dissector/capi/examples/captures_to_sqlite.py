"""Turns a folder of captures into one SQLite file.

    python3 captures_to_sqlite.py FOLDER OUT.sqlite

| table | a row is |
| --- | --- |
| captures | a file: its path below FOLDER, and what cut it short |
| packets | what Scapy makes of a packet, or of several together, that hold MSNP |
| pdus | a command, with its bytes and a sentence |
| items | a field of a command |
| messages | what somebody said |
| transfers | a picture, file or other object, with its bytes |

Times are nanoseconds since the beginning of 1970, UTC. What is no capture is passed over, and told on standard error. OUT.sqlite
must not be there yet. Needs Scapy (python3 -m pip install scapy); see msnp.py for how the C library is found. MIT OR Apache-2.0.
"""

import logging
import sqlite3
import sys
from pathlib import Path

if __name__ == "__main__" and {"-h", "--help"} & set(sys.argv[1:]):
    print(__doc__)
    sys.exit(0)

logging.getLogger("scapy").setLevel(logging.ERROR)

try:
    from scapy.all import IP, TCP, IPv6, TCPSession, sniff
except ModuleNotFoundError as error:
    if error.name not in ("scapy", "scapy.all"):
        raise
    sys.exit("Scapy is missing, which the table of packets is made with: python3 -m pip install scapy")

import msnp
from msnp_scapy import MSNP

SCHEMA = """
CREATE TABLE captures (id INTEGER PRIMARY KEY, path TEXT, ending TEXT);
CREATE TABLE packets (capture INTEGER REFERENCES captures, time INTEGER, source TEXT, destination TEXT, summary TEXT);
CREATE TABLE pdus (capture INTEGER REFERENCES captures, pdu INTEGER, frame INTEGER, time INTEGER, connection INTEGER,
    sender TEXT, server TEXT, source TEXT, destination TEXT, verb TEXT, answers INTEGER, sentence TEXT, bytes BLOB,
    PRIMARY KEY (capture, pdu));
CREATE TABLE items (capture INTEGER, pdu INTEGER, place INTEGER, depth INTEGER, field TEXT, value TEXT, label TEXT,
    source INTEGER, start INTEGER, end INTEGER, PRIMARY KEY (capture, pdu, place), FOREIGN KEY (capture, pdu) REFERENCES pdus);
CREATE TABLE messages (capture INTEGER REFERENCES captures, time INTEGER, frame INTEGER, pdu INTEGER, conversation INTEGER,
    sender TEXT, nick TEXT, recipients TEXT, kind TEXT, text TEXT, delivered INTEGER);
CREATE TABLE transfers (capture INTEGER REFERENCES captures, id INTEGER, kind TEXT, state TEXT, sender TEXT, receiver TEXT,
    name TEXT, began INTEGER, ended INTEGER, size INTEGER, received INTEGER, sha256 TEXT, content_type TEXT, content BLOB,
    PRIMARY KEY (capture, id));
"""

FOLLOW = msnp.FOLLOW_PDUS | msnp.FOLLOW_STORY | msnp.FOLLOW_TRANSFERS


def insert(base, table, rows):
    """Inserts rows that all have as many values as the first."""
    rows = iter(rows)
    first = next(rows, None)
    if first is not None:
        places = ", ".join("?" * len(first))
        base.execute(f"INSERT INTO {table} VALUES ({places})", first)
        base.executemany(f"INSERT INTO {table} VALUES ({places})", rows)


def add(base, name, path):
    """Adds all that is in a capture."""
    with msnp.Session(FOLLOW) as session:
        session.read_file(path)
        capture = base.execute("INSERT INTO captures (path, ending) VALUES (?, ?)", (name, session.ending)).lastrowid
        for pdu in session.pdus():
            row = (
                capture, pdu.number, pdu.frame, pdu.time, pdu.connection, pdu.sender, pdu.server, pdu.source, pdu.destination,
                pdu.verb, pdu.answers, pdu.sentence, pdu.bytes,
            )
            insert(base, "pdus", [row])
            items = enumerate(pdu.items())
            insert(base, "items", (
                (capture, pdu.number, at, one.depth, one.field, one.text, one.label, one.source, one.start, one.end)
                for at, one in items
            ))
        insert(base, "messages", (
            (capture, one.time, one.frame, one.pdu, one.conversation, one.sender, one.nick, " ".join(one.recipients), one.kind,
             one.text, one.delivered)
            for one in session.messages()
        ))
        insert(base, "transfers", (
            (capture, one.id, one.kind, one.state, one.sender, one.receiver, one.name, one.began, one.ended, one.size,
             one.received, one.sha256, one.content_type, one.content)
            for one in session.transfers()
        ))
    insert(base, "packets", packets(capture, path))


def packets(capture, path):
    """What Scapy says of the packets that hold MSNP; it reads neither compressed captures nor every link type."""
    try:
        found = sniff(offline=str(path), session=TCPSession, lfilter=lambda packet: MSNP in packet)
    except Exception as error:
        print(f"{path}: Scapy does not read it: {error}", file=sys.stderr)
        return
    for packet in found:
        ip = packet.getlayer(IP) or packet.getlayer(IPv6)
        if ip is not None:
            tcp = packet[TCP]
            time = int(packet.time * 1_000_000_000)
            yield capture, time, f"{ip.src}:{tcp.sport}", f"{ip.dst}:{tcp.dport}", packet[MSNP].mysummary()


def main(arguments):
    if len(arguments) != 2:
        print(__doc__, file=sys.stderr)
        return 2
    folder, out = Path(arguments[0]), Path(arguments[1])
    if out.exists():
        print(f"{out} is there already: remove it, or name another file", file=sys.stderr)
        return 2
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    base = sqlite3.connect(out)
    with base:
        base.executescript(SCHEMA)
    for path in files:
        try:
            # All of a capture, or nothing.
            with base:
                add(base, str(path.relative_to(folder)), path)
        except msnp.Error as error:
            print(f"{path}: {error}", file=sys.stderr)
    base.close()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
