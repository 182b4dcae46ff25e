// The MSNP dissector as a C library: reads MSN Messenger traffic out of captures, packets or streams.
// MIT OR Apache-2.0.
//
// Made by cbindgen of the sources in dissector/capi: a change belongs there.
//
// Who owns what
//     A handle (msnp_session, msnp_pdu, msnp_string ...) belongs to the caller, who frees it with the function that has its name
//     and ends in _free, once. Handles do not depend on one another: they may be freed in any order.
//     A text or bytes (msnp_text, msnp_bytes) belong to the handle that was asked for them and live as long as that, if nothing
//     else is said. Texts are UTF-8, and no NUL ends them.
//     What is passed to a function is not needed any more when it returns.
//
// What a function answers
//     A msnp_status. If it is not MSNP_STATUS_OK, nothing was written, except that a place for a handle holds NULL. A pointer
//     that must not be NULL and is NULL is said (MSNP_STATUS_NULL), before any other argument is looked at, and never
//     followed; where NULL is allowed, the function says so, and 0 bytes may be at NULL everywhere. No function throws, or
//     leaves by longjmp. A fault of the library is said (MSNP_STATUS_INTERNAL; the reason goes to standard error). Without
//     memory the program ends, as everywhere in Rust.
//
// Threads
//     There is no state but that of handles. Several threads may use different handles at once; one handle may go from thread
//     to thread, and be used by one at a time, if nothing else is said.
//
// Malformed input
//     is data: it is told of in what comes out (msnp_expert), and fails no call.
//
// A program begins with
//     if (!msnp_abi_fits(MSNP_ABI_MAJOR, MSNP_ABI_MINOR))
//         return 1; // another library than that of this header


#ifndef MSNP_H
#define MSNP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// Number of the ABI. A library of another number does not fit a program: layouts or meanings have changed. It is also in the
// name of the shared library, `libmsnp.so.1`.
#define MSNP_ABI_MAJOR 1

// Counts what was added to the ABI: functions, bits, statuses. A program runs with its own number and with greater ones.
#define MSNP_ABI_MINOR 0

// A direction for the functions about streams: from the client, who opened the stream, to the server.
#define MSNP_TO_SERVER 0

// A direction for the functions about streams: from the server to the client.
#define MSNP_TO_CLIENT 1

// A bit for `msnp_session_new`: PDUs, for `msnp_session_pdu`. They wait in memory until they are asked for.
#define MSNP_FOLLOW_PDUS 1

// A bit for `msnp_session_new`: who signed in, whom they know, who was there, who said what, and what is missing, for
// `msnp_session_messages` and the documents of `msnp sessions`, `contacts`, `presence`, `chats` and `gaps`.
#define MSNP_FOLLOW_STORY 2

// A bit for `msnp_session_new`: pictures, files and other objects, for `msnp_session_transfers` and the documents of
// `msnp transfers` and `chunks`.
#define MSNP_FOLLOW_TRANSFERS 4

// A bit for `msnp_session_new`: figures, for the document of `msnp summary`.
#define MSNP_FOLLOW_SUMMARY 8

// A bit for `msnp_session_new`: which fields occur, for the document of `msnp fields`.
#define MSNP_FOLLOW_FIELDS 16

// A document: what `msnp summary` prints.
#define MSNP_DOCUMENT_SUMMARY 1

// A document: a PDU as `msnp commands` prints it, for `msnp_pdu_json`.
#define MSNP_DOCUMENT_COMMANDS 2

// A document: a PDU as `msnp tree` prints it, for `msnp_pdu_json`.
#define MSNP_DOCUMENT_TREE 3

// A document: what `msnp sessions` prints.
#define MSNP_DOCUMENT_SESSIONS 4

// A document: what `msnp contacts` prints.
#define MSNP_DOCUMENT_CONTACTS 5

// A document: what `msnp presence` prints.
#define MSNP_DOCUMENT_PRESENCE 6

// A document: what `msnp chats` prints.
#define MSNP_DOCUMENT_CHATS 7

// A document: what `msnp transfers` prints.
#define MSNP_DOCUMENT_TRANSFERS 8

// A document: what `msnp chunks` prints.
#define MSNP_DOCUMENT_CHUNKS 9

// A document: what `msnp gaps` prints; what is missing of transfers only where these are followed too, and nothing more
// follows.
#define MSNP_DOCUMENT_GAPS 10

// A document: what `msnp fields FILE` prints. The whole field reference is in `msnp_fields_json`.
#define MSNP_DOCUMENT_FIELDS 11

// A bit for `msnp_pdu_json`: byte values whole where they would be given by length and SHA-1, as `--bytes` does.
#define MSNP_JSON_WHOLE_BYTES 1

// What a call comes to. Numbers are never given another meaning.
typedef enum {
    // Done.
    MSNP_STATUS_OK = 0,
    // There is nothing (more) of what was asked for.
    MSNP_STATUS_NONE = 1,
    // A pointer is NULL that must not be.
    MSNP_STATUS_NULL = 2,
    // An argument is none that the function takes.
    MSNP_STATUS_ARGUMENT = 3,
    // A file cannot be read; `msnp_session_error` says why.
    MSNP_STATUS_UNREADABLE = 4,
    // The bytes are no capture; `msnp_session_error` says what they look like.
    MSNP_STATUS_NOT_A_CAPTURE = 5,
    // The session was told that nothing follows, or is fed in another way than before.
    MSNP_STATUS_ORDER = 6,
    // That can be told only when the session was told that nothing follows.
    MSNP_STATUS_UNFINISHED = 7,
    // The session was not made to follow that.
    MSNP_STATUS_NOT_FOLLOWED = 8,
    // The session hides what it is asked for behind pseudonyms.
    MSNP_STATUS_REDACTED = 9,
    // A filter cannot be read.
    MSNP_STATUS_EXPRESSION = 10,
    // The library is at fault. A session in which this has happened answers nothing else any more.
    MSNP_STATUS_INTERNAL = 11,
} msnp_status;

// What the value of an item is.
typedef enum {
    // It has none: it is a heading over the items below it.
    MSNP_VALUE_NOTHING = 0,
    // A number: `number`.
    MSNP_VALUE_NUMBER = 1,
    // A span of time in nanoseconds: `nanos`.
    MSNP_VALUE_NANOS = 2,
    // A text: `text`.
    MSNP_VALUE_TEXT = 3,
    // Bytes: `bytes`, and in hexadecimal `text`.
    MSNP_VALUE_BYTES = 4,
} msnp_value;

// The field table. It owns its texts. Any number of threads may read it.
typedef struct msnp_fields msnp_fields;

// A filter. Any number of threads may use it.
typedef struct msnp_filter msnp_filter;

// All that was said, in order of time. It owns its texts, and stays as it is whatever becomes of its session. Any number of
// threads may read it.
typedef struct msnp_messages msnp_messages;

// A PDU: one command with its payload, a packet between two programs, or bytes that are neither. It owns its bytes and all that
// is told of them, and stays as it is whatever becomes of its session. One thread at a time may use it.
typedef struct msnp_pdu msnp_pdu;

// A session: it is fed with a capture, with packets or with streams, and tells what is in them. One thread at a time may use
// it; others may use others meanwhile. It shares nothing with other sessions.
typedef struct msnp_session msnp_session;

// A text that the caller owns, to be freed by `msnp_string_free`.
typedef struct msnp_string msnp_string;

// All transfers, in the order in which they were first heard of. They own their texts and bytes, and stay as they are whatever
// becomes of their session. Any number of threads may read them.
typedef struct msnp_transfers msnp_transfers;

// A text in UTF-8 that belongs to the handle it came from and lives as long as that, if nothing else is said. No NUL ends it.
typedef struct {
    // Its first byte; NULL where there is no text. An empty text has a place.
    const char *data;
    // How many bytes it has.
    size_t length;
} msnp_text;

// A point in time, UTC.
typedef struct {
    // Whole seconds since the beginning of 1970; negative before.
    int64_t seconds;
    // Nanoseconds after these, below 1,000,000,000: a function that is given more answers `MSNP_STATUS_ARGUMENT`.
    uint32_t nanos;
    // Decimal digits of a second that are known: 6 for microseconds; at most 9, and a function that is given more answers
    // `MSNP_STATUS_ARGUMENT`. Texts show as many.
    uint8_t digits;
    // Whether the time is known. If not, the rest says nothing.
    bool known;
} msnp_time;

// Figures about what was fed so far.
typedef struct {
    // Packets.
    uint64_t packets;
    // Their bytes as captured.
    uint64_t bytes;
    // The earliest time of a packet.
    msnp_time first;
    // The latest one.
    msnp_time last;
    // TCP connections, of any protocol.
    uint32_t connections;
    // Connections that carry MSNP.
    uint32_t msnp_connections;
    // PDUs found.
    uint32_t pdus;
    // Those of them that show that MSNP is spoken: 0 says that there is none.
    uint32_t recognised;
} msnp_totals;

// Bytes that belong to the handle they came from and live as long as that.
typedef struct {
    // The first one; NULL where there are none to be had. No bytes may have a place.
    const uint8_t *data;
    // How many they are.
    size_t length;
} msnp_bytes;

// What is known of a PDU without taking it apart.
typedef struct {
    // Its number, from 1, in order of completion.
    uint32_t number;
    // Number of the packet that completed it, from 1.
    uint64_t frame;
    // Time of that packet.
    msnp_time time;
    // Number of its MSNP connection, to sort by: that of the TCP connection on which it began, from 0. One that began where
    // another had begun before, as over the HTTP gateway, has a number of its own from 2^31 on; a flow of UDP datagrams from
    // 3 * 2^30 on.
    uint32_t connection;
    // Number of the TCP connection of that packet, from 0: Wireshark's `tcp.stream`; of UDP `connection` again.
    uint32_t tcp_stream;
    // Number of the PDU that it answers; 0 where it answers none that is known.
    uint32_t answers;
    // Nanoseconds since that one; -1 where nothing tells.
    int64_t delay;
    // Who sent it: `client`, `server`, `peer` or `unknown`.
    msnp_text from;
    // What kind of server its connection goes to: `dispatch`, `notification`, `switchboard` or `unknown`.
    msnp_text server;
    // Address and port of the sender.
    msnp_text source;
    // Address and port of the receiver.
    msnp_text destination;
    // What it is: `command`; `skipped`, `payload-rest` or `unfinished` for bytes that are no whole command; `direct`,
    // `file-transfer`, `relay`, `udp` or `webcam` between two programs; `beside` for what carries a stream and is no part of it.
    msnp_text kind;
    // Its verb, such as `MSG`; empty where it is no command.
    msnp_text verb;
    // All its bytes, as on the wire: those of the line first.
    msnp_bytes bytes;
    // How many of them are the line, with its line end. The others are the payload.
    size_t line;
    // How many bytes of the payload are promised and not there.
    size_t missing;
} msnp_pdu_info;

// Where something stands.
typedef struct {
    // 0 for the bytes of the PDU itself, else the number of a source: see `msnp_pdu_source`.
    uint32_t source;
    // The first byte, from 0.
    uint32_t start;
    // The one behind the last.
    uint32_t end;
} msnp_span;

// One field, found at one place.
typedef struct {
    // Its field's name in filters, such as `msnp.verb`. This text and the next live as long as the library.
    msnp_text field;
    // Its field's title.
    msnp_text title;
    // How deep it stands in the tree: 0 at the top. Items below an item follow it, one deeper.
    uint32_t depth;
    // Where it stands.
    msnp_span span;
    // What its value is.
    msnp_value kind;
    // The value, if it is a number; else 0.
    uint64_t number;
    // The value, if it is a span of time: how many nanoseconds it lasted, below 0 where the capture's clock went back; else 0.
    int64_t nanos;
    // The value, if it is bytes; else none.
    msnp_bytes bytes;
    // The value as Wireshark shows it, whatever it is; none for a heading.
    msnp_text text;
    // What the value means, such as “Away”; none where it says so itself.
    msnp_text label;
    // A sentence about this occurrence; mostly none.
    msnp_text remark;
    // Whether it is a fact that is not in the bytes. What only later packets tell is never among these: of an answer it is said
    // which request it answers (`msnp.request_in`), of a request not who answers it (`msnp.response_in`).
    bool generated;
} msnp_item;

// What is odd about bytes.
typedef struct {
    // Its name in filters, such as `msnp.expert.unknown-verb`: `msnp_expert_kinds_at` lists all. This text and the next two live
    // as long as the library.
    msnp_text name;
    // How much it matters, in Wireshark's words: `chat`, `note`, `warn` or `error`.
    msnp_text severity;
    // What it is about, in Wireshark's words: `sequence`, `response`, `undecoded`, `reassemble`, `malformed`, `protocol` or
    // `security`.
    msnp_text group;
    // What was expected, what was found.
    msnp_text text;
    // The bytes that it is about.
    msnp_span span;
} msnp_expert;

// A message.
typedef struct {
    // Time of its packet.
    msnp_time time;
    // Number of its packet, from 1.
    uint64_t frame;
    // Number of its PDU, from 1.
    uint32_t pdu;
    // Number of its conversation, from 1.
    uint32_t conversation;
    // Number of its TCP connection, from 0: Wireshark's `tcp.stream`.
    uint32_t tcp_stream;
    // Whether it arrived: 1 yes, 0 no, -1 where nothing tells.
    int32_t delivered;
    // Whether sender or receivers are inferred and not written in it.
    bool inferred;
    // Account of who said it; none where nothing tells, and where the service itself speaks.
    msnp_text from;
    // What they called themselves at the time; none where nothing tells.
    msnp_text nick;
    // How many were there to hear it: see `msnp_messages_recipient`.
    size_t recipients;
    // `text`, `typing`, `nudge`, `ink`, `wink`, `voice-clip`, `action`, `emoticon`, `offline` or `system`.
    msnp_text kind;
    // What was said; none where it does not come to words.
    msnp_text text;
    // How it travelled: `room`, `relay`, `datagrams` or `service`.
    msnp_text channel;
} msnp_message;

// A transfer.
typedef struct {
    // Its number, from 1.
    uint32_t id;
    // `display-picture`, `emoticon`, `file`, `wink`, `voice-clip`, `background`, `scene`, `object`, `webcam`, `video`,
    // `activity`, `photos`, `folder` or `unknown`.
    msnp_text kind;
    // `offered`, `declined`, `cancelled`, `incomplete` or `complete`.
    msnp_text state;
    // Account of who has it; none where nothing tells.
    msnp_text from;
    // Account of who gets it; none where nothing tells.
    msnp_text to;
    // What its sender calls it: not safe as the name of a file, see `msnp_transfers_file_name`.
    msnp_text name;
    // When it was first heard of.
    msnp_time began;
    // When it was last heard of.
    msnp_time ended;
    // Its size in bytes, as its packets say, else as was agreed; -1 where nothing tells.
    int64_t size;
    // Bytes of it that have come.
    uint64_t received;
    // How many arrivals of bytes there were: see `msnp_transfers_chunk`.
    size_t chunks;
    // SHA-1 of the whole object, in hexadecimal; none where it is not complete or was not kept.
    msnp_text sha1;
    // SHA-256 of the whole object, likewise.
    msnp_text sha256;
    // Whether the SHA-1 is the one that was announced: 1 yes, 0 no, -1 where nothing tells.
    int32_t hash_as_announced;
    // What its first bytes say that it is, as a media type; none where they do not tell.
    msnp_text content_type;
    // Number of the first packet, from 1; 0 where there is none.
    uint64_t first_frame;
    // Number of the last packet.
    uint64_t last_frame;
} msnp_transfer;

// An arrival of bytes of an object.
typedef struct {
    // Where it begins in the object.
    uint64_t offset;
    // How many bytes it has.
    uint32_t length;
    // Number of its PDU, from 1.
    uint32_t pdu;
    // Number of the packet that completed it, from 1.
    uint64_t frame;
    // Time of that packet.
    msnp_time time;
    // Which way it went on its connection: `to-server`, `to-client` or `peer`.
    msnp_text direction;
    // What carried it: `switchboard`, `direct`, `msnftp`, `sdg`, `turn` or `udp`.
    msnp_text carrier;
    // Whether all its bytes had come before.
    bool duplicate;
    // Whether it does not begin where the furthest byte so far ended.
    bool out_of_order;
    // Number of the PDU that acknowledged it; 0 where none did.
    uint32_t acknowledged_by;
} msnp_chunk;

// A field.
typedef struct {
    // Its name in filters, such as `msnp.verb`; never renamed.
    msnp_text name;
    // Its title.
    msnp_text title;
    // What its values are: `group`, `text`, `number`, `hexadecimal number`, `bytes`, `packet number` or `seconds`.
    msnp_text kind;
    // What its values tell about people: `public` (nothing), `account`, `name`, `text`, `header`, `personal` or `secret`.
    msnp_text privacy;
    // What it means, in one or two sentences.
    msnp_text explanation;
} msnp_field;

// A kind of oddity. Its texts live as long as the library.
typedef struct {
    // Its name in filters, such as `msnp.expert.unknown-verb`.
    msnp_text name;
    // How much it matters, in Wireshark's words: `chat`, `note`, `warn` or `error`.
    msnp_text severity;
    // What it is about, in the words of `msnp_expert`'s `group`.
    msnp_text group;
    // Its sentence: what was expected, what was found. `{0}`, `{1}` … stand for what differs from case to case.
    msnp_text text;
} msnp_expert_kind;

#ifdef __cplusplus
extern "C" {
#endif // __cplusplus

// The text of a string, in UTF-8. It lives as long as the string.
msnp_text msnp_string_text(const msnp_string *string);

// Frees a string; NULL is passed over.
void msnp_string_free(msnp_string *string);

// Whether a program may use the library that is running, if it was built with a header of this `MSNP_ABI_MAJOR` and
// `MSNP_ABI_MINOR`. If not, it must not go on.
bool msnp_abi_fits(uint32_t major,
                   uint32_t minor);

// The ABI of the library that is running: `MSNP_ABI_MAJOR << 16 | MSNP_ABI_MINOR`, for programs that have no header.
uint32_t msnp_abi_version(void);

// The version of the library that is running, such as `0.1.0`. The text lives as long as the library.
msnp_text msnp_version(void);

// A sentence about a `msnp_status`; nothing for other numbers. The text lives as long as the library.
msnp_text msnp_status_text(int32_t status);

// Makes a session that follows what the bits `MSNP_FOLLOW_…` stand for, and nothing else: what is not followed costs
// nothing. `*session` is to be freed by `msnp_session_free`; it is NULL if the call fails.
msnp_status msnp_session_new(uint32_t follow,
                             msnp_session **session);

// Frees a session; NULL is passed over. What it has handed out does not end with it.
void msnp_session_free(msnp_session *session);

// Puts pseudonyms in place of accounts, names, texts, personal facts and secrets in all that the session tells. `hash` points
// to 32 bytes: the same ones give the same pseudonyms, and who knows them can find out who is meant. `msnp --redact` takes the
// SHA-256 of the capture file. Only before anything is fed.
msnp_status msnp_session_redact(msnp_session *session,
                                const uint8_t *hash);

// How many bytes of transfers are kept in memory: of one object (64 MB if nothing is said), and of all together (256 MB).
// Beyond that their maps go on, and so do hashes while the bytes come in order. Only before anything is fed.
msnp_status msnp_session_keep(msnp_session *session,
                              size_t object,
                              size_t total);

// Feeds the next bytes of a capture file: pcap or pcapng, also inside gzip or Zstandard. They may be cut anywhere, and are not
// needed any more when the call returns. `MSNP_STATUS_NOT_A_CAPTURE` as soon as that is known, which of few bytes it is only when
// nothing follows (`msnp_session_finish`). Who feeds 0 bytes says that there is a capture: a file without a byte is none.
msnp_status msnp_session_capture(msnp_session *session,
                                 const uint8_t *data,
                                 size_t length);

// Reads a whole capture file and says that nothing follows, as `msnp_session_finish` does. `path` ends with a NUL and is in the
// file system's own coding. `MSNP_STATUS_UNREADABLE` if it cannot be read, `MSNP_STATUS_NOT_A_CAPTURE` if it is none, as a file
// without a byte is.
msnp_status msnp_session_file(msnp_session *session,
                              const char *path);

// Feeds a packet that somebody else has captured. `number` is its number, greater than that of the packet before, or 0 to
// count from 1; `link_type` is what its first byte is, by the tcpdump registry (1: Ethernet, 101: raw IP); a packet of a type
// that the library does not know fails no call, but is only counted: the document of `msnp summary` tells how many they are.
// `time` may be NULL where it is not known, and is `MSNP_STATUS_ARGUMENT` if its members are beyond their limits;
// `original_length` is how many bytes it had on the wire, which may be more than `length`, or 0 for as
// many. The bytes are not needed any more when the call returns.
msnp_status msnp_session_packet(msnp_session *session,
                                uint64_t number,
                                uint16_t link_type,
                                const msnp_time *time,
                                const uint8_t *data,
                                size_t length,
                                uint32_t original_length);

// Says that a stream begins: a TCP connection that somebody else puts into order. `connection` is its number, below 2^31;
// `client` and `server` are addresses with ports, such as `192.0.2.1:1025` or `[2001:db8::1]:1863`, that a NUL ends, or NULL
// where they are not known. `from_start` says that the first bytes fed will be its first ones. What is on port 1863 is taken
// for MSNP, and anything else if its words are.
msnp_status msnp_session_open(msnp_session *session,
                              uint32_t connection,
                              const char *client,
                              const char *server,
                              bool from_start);

// Feeds the next bytes of one direction of a stream, cut anywhere. A stream that was not opened begins with them, at its first
// byte, between addresses that are not known. `direction` is `MSNP_TO_SERVER` or `MSNP_TO_CLIENT`; `time` may be NULL, and is
// `MSNP_STATUS_ARGUMENT` if its members are beyond their limits. Calls are counted from 1, and take the place of packet numbers in all that is told.
msnp_status msnp_session_stream(msnp_session *session,
                                uint32_t connection,
                                uint32_t direction,
                                const msnp_time *time,
                                const uint8_t *data,
                                size_t length);

// Says that the next `length` bytes of one direction of a stream are missing; 0 where nobody knows how many.
msnp_status msnp_session_lost(msnp_session *session,
                              uint32_t connection,
                              uint32_t direction,
                              uint64_t length);

// Says that a stream ends. Its number may be used again.
msnp_status msnp_session_close(msnp_session *session, uint32_t connection);

// Says that nothing follows: what waited is told now, and the rest can be asked for. `MSNP_STATUS_NOT_A_CAPTURE` if the bytes
// that `msnp_session_capture` was fed are none, as no bytes are; `msnp_session_error` says what they look like. A session that
// was fed in no way at all ends well, and has nothing to tell.
msnp_status msnp_session_finish(msnp_session *session);

// A sentence about why a file could not be read, or what the bytes are instead of a capture; empty if neither has happened. It
// lives until the session is used again.
msnp_text msnp_session_error(const msnp_session *session);

// A sentence about a capture that stops before its end, cut off or damaged; empty if it does not. It lives until the session is
// used again.
msnp_text msnp_session_ending(const msnp_session *session);

// Hands the next PDU out, in the order of their numbers; `MSNP_STATUS_NONE` if none is ready. One that waits for the kind of
// its server holds those behind it back until that is decided. `*pdu` is to be freed by `msnp_pdu_free`.
msnp_status msnp_session_pdu(msnp_session *session,
                             msnp_pdu **pdu);

// Hands out all that was said so far, in order of time. `*messages` is to be freed by `msnp_messages_free`.
msnp_status msnp_session_messages(msnp_session *session, msnp_messages **messages);

// Hands out all transfers, once nothing follows. `*transfers` is to be freed by `msnp_transfers_free`.
msnp_status msnp_session_transfers(msnp_session *session, msnp_transfers **transfers);

// Writes the figures so far.
msnp_status msnp_session_totals(const msnp_session *session, msnp_totals *totals);

// Writes a document, `MSNP_DOCUMENT_…`: byte for byte what the command line prints with `--json`. Those of the story
// (sessions, contacts, presence, chats, gaps) may be asked for at any time and tell the story so far; the others when nothing
// follows. Commands and trees are told PDU by PDU, by `msnp_pdu_json`: here `MSNP_DOCUMENT_COMMANDS`, `MSNP_DOCUMENT_TREE` and
// numbers that are no document are `MSNP_STATUS_ARGUMENT`. `*json` is to be freed by `msnp_string_free`.
msnp_status msnp_session_json(msnp_session *session,
                              uint32_t document,
                              msnp_string **json);

// Writes the contacts as they were at a time, as `msnp contacts --at TIME --json` does. A time that is not known, or whose
// members are beyond their limits, is `MSNP_STATUS_ARGUMENT`. `*json` is to be freed by `msnp_string_free`.
msnp_status msnp_session_contacts_json(msnp_session *session,
                                       const msnp_time *time,
                                       msnp_string **json);

// Writes what is known of a PDU without taking it apart. Texts and bytes live as long as the PDU.
msnp_status msnp_pdu_about(const msnp_pdu *pdu, msnp_pdu_info *info);

// Writes the PDU in words for somebody who has never heard of MSNP. The text lives as long as the PDU.
msnp_status msnp_pdu_sentence(const msnp_pdu *pdu, msnp_text *text);

// Writes the line that `msnp commands --json` (`MSNP_DOCUMENT_COMMANDS`) or `msnp tree --json` (`MSNP_DOCUMENT_TREE`) prints of
// the PDU. `options` are bits `MSNP_JSON_…`, or 0. `*json` is to be freed by `msnp_string_free`.
msnp_status msnp_pdu_json(const msnp_pdu *pdu,
                          uint32_t document,
                          uint32_t options,
                          msnp_string **json);

// Frees a PDU; NULL is passed over.
void msnp_pdu_free(msnp_pdu *pdu);

// How many items the tree of a PDU has; 0 for NULL. The PDU is taken apart when its tree is first asked for.
size_t msnp_pdu_item_count(const msnp_pdu *pdu);

// Writes the item at a place, from 0, in preorder; `MSNP_STATUS_NONE` behind the last. Texts and bytes live as long as the PDU.
msnp_status msnp_pdu_item(const msnp_pdu *pdu,
                          size_t index,
                          msnp_item *item);

// How many things are odd about a PDU; 0 for NULL.
size_t msnp_pdu_expert_count(const msnp_pdu *pdu);

// Writes the odd thing at a place, from 0; `MSNP_STATUS_NONE` behind the last. Texts live as long as the PDU.
msnp_status msnp_pdu_expert(const msnp_pdu *pdu, size_t index, msnp_expert *expert);

// Writes the name and the bytes of a source, by its number from 1: bytes that were derived from the PDU, decoded or put
// together, in which items stand. `MSNP_STATUS_NONE` behind the last. Both live as long as the PDU.
msnp_status msnp_pdu_source(const msnp_pdu *pdu,
                            uint32_t number,
                            msnp_text *name,
                            msnp_bytes *bytes);

// Reads an expression in the language of Wireshark's display filters, on the field names of the field table, or words to search
// for: what `msnp commands --filter` takes. It is UTF-8 that a NUL ends. If it cannot be read (`MSNP_STATUS_EXPRESSION`),
// `*fault` has the sentence that says why, to be freed by `msnp_string_free`; `fault` may be NULL. `*filter` is to be freed by
// `msnp_filter_free`.
msnp_status msnp_filter_new(const char *expression,
                            msnp_filter **filter,
                            msnp_string **fault);

// Writes whether a PDU is wanted.
msnp_status msnp_filter_matches(const msnp_filter *filter, const msnp_pdu *pdu, bool *matches);

// Frees a filter; NULL is passed over.
void msnp_filter_free(msnp_filter *filter);

// How many messages they are; 0 for NULL.
size_t msnp_messages_count(const msnp_messages *messages);

// Writes the message at a place, from 0; `MSNP_STATUS_NONE` behind the last. Its texts live as long as `messages`.
msnp_status msnp_messages_at(const msnp_messages *messages,
                             size_t index,
                             msnp_message *message);

// Writes the account of one who was there to hear the message at a place, both from 0; `MSNP_STATUS_NONE` behind the last.
msnp_status msnp_messages_recipient(const msnp_messages *messages,
                                    size_t index,
                                    size_t recipient,
                                    msnp_text *account);

// Frees messages; NULL is passed over.
void msnp_messages_free(msnp_messages *messages);

// How many transfers they are; 0 for NULL.
size_t msnp_transfers_count(const msnp_transfers *transfers);

// Writes the transfer at a place, from 0; `MSNP_STATUS_NONE` behind the last. Its texts live as long as `transfers`.
msnp_status msnp_transfers_at(const msnp_transfers *transfers,
                              size_t index,
                              msnp_transfer *transfer);

// Writes a chunk of the transfer at a place, both from 0, in the order of arrival; `MSNP_STATUS_NONE` behind the last. Its texts
// live as long as `transfers`.
msnp_status msnp_transfers_chunk(const msnp_transfers *transfers,
                                 size_t index,
                                 size_t chunk,
                                 msnp_chunk *told);

// Copies bytes of the object of the transfer at a place, from `offset` on, into `buffer`, which has room for `capacity`. Writes to
// `*copied` how many they are: fewer than there was room for before a byte that is missing or was not kept, and behind the
// last; then 0. `MSNP_STATUS_REDACTED` if the session hides what was sent.
msnp_status msnp_transfers_read(const msnp_transfers *transfers,
                                size_t index,
                                uint64_t offset,
                                uint8_t *buffer,
                                size_t capacity,
                                size_t *copied);

// Writes a name under which the object of the transfer at a place can be kept: number, kind and what is harmless of its sender's
// name. `*name` is to be freed by `msnp_string_free`. `MSNP_STATUS_REDACTED` if the session hides what was sent.
msnp_status msnp_transfers_file_name(const msnp_transfers *transfers,
                                     size_t index,
                                     msnp_string **name);

// Writes the bytes of the small picture in the invitation of the transfer at a place; `MSNP_STATUS_NONE` where there is none.
// They live as long as `transfers`. `MSNP_STATUS_REDACTED` if the session hides what was sent.
msnp_status msnp_transfers_preview(const msnp_transfers *transfers,
                                   size_t index,
                                   msnp_bytes *picture);

// Frees transfers; NULL is passed over.
void msnp_transfers_free(msnp_transfers *transfers);

// Makes the field table. `*fields` is to be freed by `msnp_fields_free`.
msnp_status msnp_fields_new(msnp_fields **fields);

// How many fields there are; 0 for NULL.
size_t msnp_fields_count(const msnp_fields *fields);

// Writes the field at a place, from 0; `MSNP_STATUS_NONE` behind the last. Its texts live as long as `fields`.
msnp_status msnp_fields_at(const msnp_fields *fields,
                           size_t index,
                           msnp_field *field);

// Writes the whole field reference: what `msnp fields --json` prints. `*json` is to be freed by `msnp_string_free`.
msnp_status msnp_fields_json(const msnp_fields *fields,
                             msnp_string **json);

// Frees the field table; NULL is passed over.
void msnp_fields_free(msnp_fields *fields);

// How many kinds of oddity there are.
size_t msnp_expert_kinds_count(void);

// Writes the kind of oddity at a place, from 0; `MSNP_STATUS_NONE` behind the last.
msnp_status msnp_expert_kinds_at(size_t index, msnp_expert_kind *kind);

#ifdef __cplusplus
}  // extern "C"
#endif  // __cplusplus

#endif  /* MSNP_H */
