"""MSNP as a layer of Scapy, over the C library `libmsnp` (see msnp.py).

    from scapy.all import sniff, TCPSession
    import msnp_scapy

    for packet in sniff(offline="capture.pcap", session=TCPSession):
        if msnp_scapy.MSNP in packet:
            packet.show()

With `TCPSession` commands come whole, in however many packets they travel; without it, each packet is read for itself. As Scapy
dissects packet by packet, what needs more of the past than a packet has (which server it is, what is answered) is told by
`msnp.Session`, not here. MIT OR Apache-2.0.
"""

from scapy.fields import PacketListField, StrField, XStrField
from scapy.layers.inet import TCP
from scapy.packet import Packet, bind_layers

import msnp

PORT = 1863


class MSNPField(Packet):
    """One field of a command, as Wireshark shows it."""

    name = "MSNP field"
    fields_desc = [StrField("field", ""), StrField("value", ""), StrField("label", "")]

    def extract_padding(self, s):
        return b"", s


class MSNPCommand(Packet):
    """One command with its payload, or bytes that are none."""

    name = "MSNP command"
    fields_desc = [
        StrField("verb", ""),
        StrField("sentence", ""),
        XStrField("wire", b""),
        PacketListField("items", [], MSNPField),
    ]

    def extract_padding(self, s):
        return b"", s

    def do_build(self):
        return self.wire


class MSNP(Packet):
    """The commands that a packet, or a run of packets, holds."""

    name = "MSNP"
    fields_desc = [PacketListField("commands", [], MSNPCommand)]

    def do_dissect(self, s):
        self.commands = [_command(pdu) for pdu in _pdus(s, self.underlayer)]
        self.raw_packet_cache = s
        return b""

    def mysummary(self):
        return "MSNP " + " ".join(command.sentence.decode() for command in self.commands)

    @classmethod
    def tcp_reassemble(cls, data, metadata, session):
        """The layer, once the last command in `data` is whole; nothing while it is not."""
        original = metadata.get("original")
        segment = original and original[TCP]
        last = None
        for last in _pdus(data, segment):
            pass
        if last is None or last.kind == "unfinished" or last.missing:
            return None
        return cls(data, _underlayer=segment)


def _pdus(data, segment):
    """The commands in bytes that a segment brought, or completed."""
    answer = segment is not None and segment.sport == PORT
    with msnp.Session(msnp.FOLLOW_PDUS) as session:
        session.feed_stream(0, msnp.TO_CLIENT if answer else msnp.TO_SERVER, data)
        session.finish()
        yield from session.pdus()


def _command(pdu):
    items = [
        MSNPField(field=item.field, value=item.text or "", label=item.label or "") for item in pdu.items() if not item.generated
    ]
    return MSNPCommand(verb=pdu.verb, sentence=pdu.sentence, wire=pdu.bytes, items=items)


bind_layers(TCP, MSNP, dport=PORT)
bind_layers(TCP, MSNP, sport=PORT)
