"""Looks into a database that captures_to_sqlite.py made of the sample captures."""

import hashlib
import sqlite3
import sys
from pathlib import Path

base = sqlite3.connect(sys.argv[1])
folder = Path(sys.argv[2])


def one(query, *values):
    return base.execute(query, values).fetchone()[0]


captures = sorted(str(path.relative_to(folder)) for path in folder.glob("*/capture.*"))
found = [path for (path,) in base.execute("SELECT path FROM captures ORDER BY path")]
assert found == captures, found

# Who said what to whom.
chat = "SELECT count(*) FROM messages JOIN captures ON id = capture WHERE path LIKE 'msnp8-signin-chat/%' AND sender = 'alice@example.com'"
assert one(chat + " AND recipients = 'bob@example.com' AND kind = 'text'") > 0

# Fields of commands, with their bytes.
for value, start, end, content in base.execute(
    "SELECT value, start, end, bytes FROM items JOIN pdus USING (capture, pdu) WHERE field = 'msnp.verb' AND items.source = 0"
):
    assert content[start:end].decode() == value, (value, content)

# Objects, whole.
whole = 0
for content, sha256 in base.execute("SELECT content, sha256 FROM transfers WHERE state = 'complete' AND sha256 IS NOT NULL"):
    assert hashlib.sha256(content).hexdigest() == sha256
    whole += 1
assert whole >= 3, whole

# Scapy sees the same commands where packets bring them whole and in order.
scapy = [row[0] for row in base.execute(
    "SELECT summary FROM packets JOIN captures ON id = capture WHERE path LIKE 'msnp8-signin-chat/%' ORDER BY packets.rowid"
)]
pdus = one("SELECT count(*) FROM pdus JOIN captures ON id = capture WHERE path LIKE 'msnp8-signin-chat/%'")
assert scapy and all(summary.startswith("MSNP ") for summary in scapy), scapy
assert len(scapy) <= pdus, (len(scapy), pdus)
for said in ["The client offers MSNP8", "The server chooses MSNP8", "Hi Bob! Are you there?"]:
    assert any(said in summary for summary in scapy), (said, scapy)
