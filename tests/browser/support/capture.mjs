// Captures for tests that need texts of their own: one connection, Ethernet, IPv4, TCP; pcap in microseconds.

import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const CLIENT = { address: [192, 0, 2, 10], port: 1051 };
const SERVER = { address: [198, 51, 100, 77], port: 1863 };

/** Bytes before the first packet, and before each. */
const HEADER = 24;
const RECORD = 16;

/** A pcap of one switchboard connection; `says` is a list of ["client" | "server", text or bytes, milliseconds since the last]. */
export function conversation(says) {
  const next = { client: 1000, server: 2000 };
  const packets = [header()];
  let time = 1_100_000_000_000;
  const send = (from, flags, payload = Buffer.alloc(0), after = 50) => {
    const other = from === "client" ? "server" : "client";
    packets.push(record((time += after), segment(from, flags, next[from], next[other], payload)));
    next[from] += payload.length + (flags & 3 ? 1 : 0);
  };
  send("client", 0x02);
  send("server", 0x12);
  for (const [from, text, after] of says) send(from, 0x18, Buffer.from(text), after);
  send("client", 0x11);
  send("server", 0x11);
  return Buffer.concat(packets);
}

/** A chat room in which somebody with this nickname says this text. */
export function chat(nick, text, times = 1) {
  const body = `MIME-Version: 1.0\r\nContent-Type: text/plain; charset=UTF-8\r\nX-MMS-IM-Format: FN=Arial; EF=; CO=0; CS=0; PF=22\r\n\r\n${text}`;
  const message = `MSG bob@example.com ${encodeURIComponent(nick)} ${Buffer.byteLength(body)}\r\n${body}`;
  return conversation([
    ["client", "USR 1 alice@example.com 17262740.1076524225.31234\r\n"],
    ["server", `USR 1 OK alice@example.com ${encodeURIComponent(nick)}\r\n`],
    ["client", "CAL 2 bob@example.com\r\n"],
    ["server", "CAL 2 RINGING 11752013\r\n"],
    ["server", `JOI bob@example.com ${encodeURIComponent(nick)}\r\n`],
    ...Array.from({ length: times }, () => ["server", message]),
  ]);
}

/** Messages of one room of a large capture. */
const ROOM = 20_000;

/** Writes a capture of at least so many megabytes to a file. */
export function large(megabytes) {
  const room = chat("Bob", "x".repeat(300), ROOM);
  return rooms(room, Math.ceil((megabytes * 1e6) / (room.length - HEADER)));
}

/** Writes a capture of at least so many commands to a file. */
export function many(commands) {
  return rooms(chat("Bob", "Is anybody there?", ROOM), Math.ceil(commands / (ROOM + 5)));
}

/** Writes chat rooms, one after another, to a file. A file of that size is to be chosen by its path: handing it over as
 * bytes takes longer than reading it. */
function rooms(room, count) {
  const folder = mkdtempSync(join(tmpdir(), "msnp-large-"));
  const path = join(folder, "large.pcap");
  const file = openSync(path, "w");
  writeSync(file, room.subarray(0, HEADER));
  const packets = room.subarray(HEADER);
  for (let number = 0; number < count; number += 1) {
    moveTo(CLIENT.port + number, packets);
    writeSync(file, packets);
  }
  closeSync(file);
  return { path, commands: count * (ROOM + 5), remove: () => rmSync(folder, { recursive: true }) };
}

/** Makes the packets of a conversation those of another one: the client's port is what tells them apart. */
function moveTo(port, packets) {
  for (let at = 0; at < packets.length; at += RECORD + packets.readUInt32LE(at + 8)) {
    const frame = at + RECORD;
    const fromClient = packets.readUInt16BE(frame + 36) === SERVER.port;
    packets.writeUInt16BE(port, frame + (fromClient ? 34 : 36));
  }
}

function header() {
  const bytes = Buffer.alloc(HEADER);
  bytes.writeUInt32LE(0xa1b2c3d4, 0);
  bytes.writeUInt16LE(2, 4);
  bytes.writeUInt16LE(4, 6);
  bytes.writeUInt32LE(65535, 16);
  bytes.writeUInt32LE(1, 20);
  return bytes;
}

function record(milliseconds, frame) {
  const bytes = Buffer.alloc(RECORD);
  bytes.writeUInt32LE(Math.floor(milliseconds / 1000), 0);
  bytes.writeUInt32LE((milliseconds % 1000) * 1000, 4);
  bytes.writeUInt32LE(frame.length, 8);
  bytes.writeUInt32LE(frame.length, 12);
  return Buffer.concat([bytes, frame]);
}

function segment(from, flags, sequence, acknowledgement, payload) {
  const [source, destination] = from === "client" ? [CLIENT, SERVER] : [SERVER, CLIENT];
  const bytes = Buffer.alloc(54);
  bytes.writeUInt16BE(0x0800, 12);
  bytes[14] = 0x45;
  bytes.writeUInt16BE(40 + payload.length, 16);
  bytes[22] = 64;
  bytes[23] = 6;
  bytes.set(source.address, 26);
  bytes.set(destination.address, 30);
  bytes.writeUInt16BE(source.port, 34);
  bytes.writeUInt16BE(destination.port, 36);
  bytes.writeUInt32BE(sequence, 38);
  bytes.writeUInt32BE(acknowledgement, 42);
  bytes[46] = 0x50;
  bytes[47] = flags;
  bytes.writeUInt16BE(65535, 48);
  return Buffer.concat([bytes, payload]);
}

/** Deals the packets of a pcap out to so many files, one after the other; those of one moment stay together. */
export function split(pcap, into) {
  const files = Array.from({ length: into }, () => [pcap.subarray(0, HEADER)]);
  let moment;
  let turn = 0;
  for (let at = HEADER; at < pcap.length; ) {
    const end = at + RECORD + pcap.readUInt32LE(at + 8);
    const time = pcap.readBigUInt64LE(at);
    if (moment !== undefined && moment !== time) turn += 1;
    moment = time;
    files[turn % into].push(pcap.subarray(at, end));
    at = end;
  }
  return files.map((records) => Buffer.concat(records));
}
