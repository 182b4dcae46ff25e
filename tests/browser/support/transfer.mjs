// Captures of a file that Bob sends to Alice through a chat room, peer-to-peer version 1, chunk by chunk as a test wants it.

import { conversation } from "./capture.mjs";

/** Bytes of a usual chunk. */
export const CHUNK = 1202;

const CALL = "{2E5C0C35-FEF2-4CF4-BE46-65B55A8D6B57}";
const BRANCH = "{33517CE4-02FC-4428-B6F4-39927229B722}";
const SESSION = 180646677;

/**
 * A capture of one transfer. `chunks` is a list of `{ offset, length, after, bytes }`: `after` are milliseconds since the
 * packet before (2), `bytes` what is sent instead of the file's own. `acknowledged` is whether Alice confirms all of it.
 */
export function transfer({ name, file, chunks = inOrder(file), acknowledged = true }) {
  const says = [
    ["client", "USR 1 alice@example.com 17262740.1076524225.31234\r\n"],
    ["server", "USR 1 OK alice@example.com Alice\r\n"],
    ["server", "JOI bob@example.com Bob\r\n"],
    ["server", fromBob(packet({ identifier: 10, data: invitation(name, file.length) }))],
    ["client", fromAlice(packet({ identifier: 20, data: acceptance() }))],
  ];
  for (const { offset, length, after = 2, bytes = file.subarray(offset, offset + length) } of chunks) {
    says.push(["server", fromBob(packet({ session: SESSION, identifier: 11, offset, total: file.length, data: bytes, flags: 0x30, footer: 2 })), after]);
  }
  if (acknowledged) says.push(["client", fromAlice(packet({ session: SESSION, identifier: 21, total: file.length, flags: 2, acks: 11 })), 40]);
  return conversation(says);
}

/** The chunks of a file, one after another. */
export function inOrder(file) {
  return Array.from({ length: Math.ceil(file.length / CHUNK) }, (_, at) => ({ offset: at * CHUNK, length: Math.min(CHUNK, file.length - at * CHUNK) }));
}

/** A BMP of some kB with a sky, hills and a balloon. */
export function picture(width = 240, height = 160) {
  const rows = Buffer.alloc(54 + width * height * 3);
  rows.write("BM", 0);
  rows.writeUInt32LE(rows.length, 2);
  rows.writeUInt32LE(54, 10);
  rows.writeUInt32LE(40, 14);
  rows.writeInt32LE(width, 18);
  rows.writeInt32LE(height, 22);
  rows.writeUInt16LE(1, 26);
  rows.writeUInt16LE(24, 28);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const hill = 46 + 14 * Math.sin(x / 23) + 8 * Math.sin(x / 9 + 2);
      const inside = (x - 90) ** 2 + ((y - 108) * 0.9) ** 2 < 900;
      const [red, green, blue] = y < hill ? [52, 60 + y, 78] : inside ? (Math.floor((x - 60) / 10) % 2 ? [230, 90, 60] : [250, 215, 160]) : [120 + y / 2, 110 + y / 3, 200 - y / 3];
      rows.set([blue, green, red], 54 + (y * width + x) * 3);
    }
  }
  return rows;
}

function packet({ session = 0, identifier, offset = 0, data = Buffer.alloc(0), total = data.length, flags = 0, acks = 7, footer = 0 }) {
  const header = Buffer.alloc(48);
  header.writeUInt32LE(session, 0);
  header.writeUInt32LE(identifier, 4);
  header.writeBigUInt64LE(BigInt(offset), 8);
  header.writeBigUInt64LE(BigInt(total), 16);
  header.writeUInt32LE(data.length, 24);
  header.writeUInt32LE(flags, 28);
  header.writeUInt32LE(acks, 32);
  const end = Buffer.alloc(4);
  end.writeUInt32BE(footer, 0);
  return Buffer.concat([header, data, end]);
}

function fromBob(bytes) {
  return message("MSG bob@example.com Bob", "alice@example.com", bytes);
}

function fromAlice(bytes) {
  return message("MSG 3 D", "bob@example.com", bytes);
}

function message(line, to, bytes) {
  const head = `MIME-Version: 1.0\r\nContent-Type: application/x-msnmsgrp2p\r\nP2P-Dest: ${to}\r\n\r\n`;
  return Buffer.concat([Buffer.from(`${line} ${head.length + bytes.length}\r\n${head}`), bytes]);
}

function slp(start, to, from, cseq, body) {
  const text = `${body}\r\n\0`;
  return Buffer.from(
    `${start}\r\nTo: <msnmsgr:${to}>\r\nFrom: <msnmsgr:${from}>\r\nVia: MSNSLP/1.0/TLP ;branch=${BRANCH}\r\nCSeq: ${cseq} \r\nCall-ID: ${CALL}\r\n` +
      `Max-Forwards: 0\r\nContent-Type: application/x-msnmsgr-sessionreqbody\r\nContent-Length: ${text.length}\r\n\r\n${text}`,
  );
}

function invitation(name, size) {
  const context = Buffer.alloc(574);
  context.writeUInt32LE(574, 0);
  context.writeUInt32LE(2, 4);
  context.writeBigUInt64LE(BigInt(size), 8);
  context.writeUInt32LE(1, 16);
  context.write(name, 20, "utf16le");
  context.writeUInt32LE(0xffffffff, 570);
  const body = `EUF-GUID: {5D3E02AB-6190-11D3-BBBB-00C04F795683}\r\nSessionID: ${SESSION}\r\nAppID: 2\r\nContext: ${context.toString("base64")}\r\n`;
  return slp("INVITE MSNMSGR:alice@example.com MSNSLP/1.0", "alice@example.com", "bob@example.com", 0, body);
}

function acceptance() {
  return slp("MSNSLP/1.0 200 OK", "bob@example.com", "alice@example.com", 1, `SessionID: ${SESSION}\r\n`);
}
