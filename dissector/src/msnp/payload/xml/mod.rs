//! XML payloads.
//!
//! [`walk`] reads any document and records all of it; what a kind of document says, and which typed values that makes, is a
//! table in the file of its kind. Broken documents are the normal case: clients forget to escape, captures end early.
//!
//! Source: protocol reference, messages 6 and 7.

mod lexer;
pub mod mailbox;
mod media;
pub mod membership;
pub mod notification;
pub mod policy;
pub mod presence;
mod schema;
mod text;
mod walk;

pub use mailbox::mailbox;
pub use membership::memberships;
pub use notification::{notification, page};
pub use policy::policies;
pub use presence::presence;

use crate::msnp::Content;
use crate::tree::{Kind, Scribe, TextId, experts, fields, texts};
use schema::{Node, coded, group, leaf};

fields! {
    family 7;
    /// One or more XML documents of client or server: a payload, or the body of one; from MSNP5 on, most of them from
    /// MSNP11 on.
    DOCUMENT: Kind::Group => "msnp.xml", "XML document";
    /// The line that a document may begin with: which version of XML it is in, and its encoding, always UTF-8; written
    /// by client or server.
    XML_DECLARATION: Kind::Text => "msnp.xml.declaration", "XML declaration";
    /// What stands about a client’s or server’s XML document rather than in it, such as a comment or a document type;
    /// or a tag, or part of one, that is out of place.
    TAG: Kind::Text => "msnp.xml.tag", "XML tag", Text;
    /// Text in an XML document of client or server, outside every element that has a name here, with its character
    /// references resolved.
    ELEMENT_TEXT: Kind::Text => "msnp.xml.text", "XML text", Text;
    /// The personal message that somebody shows under the display name; the client sends it, the server passes it on,
    /// from MSNP11 on. Empty when there is none.
    PERSONAL_MESSAGE: Kind::Text => "msnp.psm", "Personal message", Text;
    /// What somebody’s computer is playing, as a list separated by the two characters \0; the client sends it, the
    /// server passes it on, from MSNP11 on.
    MEDIA: Kind::Text => "msnp.media", "Current media", Text;
    /// Which program plays, by its own word for itself; the first value of the list, often empty. From MSNP11 on.
    MEDIA_PROGRAM: Kind::Text => "msnp.media.program", "Program";
    /// What kind of thing is playing or running: Music, Games or Office; the second value of the list that their client
    /// sends. From MSNP11 on.
    MEDIA_KIND: Kind::Text => "msnp.media.kind", "Kind of media";
    /// 1 when something is playing and to be shown, 0 when it has stopped; the third value of the list that their
    /// client sends. From MSNP11 on.
    MEDIA_SHOWN: Kind::Text => "msnp.media.shown", "Playing";
    /// How to show what is playing: {0}, {1} and so on stand for the values that follow; the fourth value of the list
    /// that their client sends, from MSNP11 on.
    MEDIA_FORMAT: Kind::Text => "msnp.media.format", "Format";
    /// A value for the format; for music these are title, artist, album and an identifier of the piece. The client
    /// sends it, from MSNP11 on.
    MEDIA_VALUE: Kind::Text => "msnp.media.value", "Media value", Text;
    /// Identifies the device that sends this, a GUID with or without braces; from MSNP13 on.
    MACHINE: Kind::Text => "msnp.device.machine", "Machine GUID", Personal;
    /// An element in a document of client or server whose meaning at this place is not documented, by its name; what
    /// stands inside it is shown below it.
    ELEMENT: Kind::Text => "msnp.xml.element", "XML element";
    /// Value of an attribute, from client or server, whose meaning at this place is not documented, with its character
    /// references resolved.
    ATTRIBUTE: Kind::Text => "msnp.xml.attribute", "XML attribute", Text;
    /// Whether blanks in the text of an element count: preserve says that they do; clients write it with a text for a
    /// telephone.
    SPACE: Kind::Text => "msnp.xml.space", "Blanks";
    /// A name space of XML: tells the names of one vocabulary from those of others. Official clients do not look at it.
    NAMESPACE: Kind::Text => "msnp.xml.namespace", "Name space";
    /// A set-up message between devices or people (UUN and UBN of type 1); what stands inside it is not documented. From MSNP13 on.
    SET_UP: Kind::Group => "msnp.control.set_up", "Set-up message";
    /// What a set-up message of a client does, from MSNP13 on: SNM asks, ACK accepts, NAK refuses, INFO tells.
    SET_UP_CODE: Kind::Text => "msnp.control.set_up.code", "Operation";
    /// Which set-up a message belongs to: a GUID that the messages of both sides share, from MSNP13 on.
    SET_UP_ID: Kind::Text => "msnp.control.set_up.id", "Set-up ID";
}

experts! {
    XML_EXPECTED: Warn, Malformed => "msnp.expert.xml-expected", "expected an XML document, found “{0}”";
    XML_NAME: Note, Malformed => "msnp.expert.xml-name", "expected the name of an element after “<”, found “{0}”; taken as text";
    XML_UNCLOSED: Warn, Malformed => "msnp.expert.xml-unclosed", "expected “{0}” at the end of the tag that begins with “{1}”, found {2}";
    XML_ATTRIBUTE: Warn, Malformed => "msnp.expert.xml-attribute", "expected an attribute (name=\"value\"), found “{0}”";
    XML_VALUE: Warn, Malformed => "msnp.expert.xml-value", "expected {0}, found “{1}”";
    XML_NESTING: Warn, Malformed => "msnp.expert.xml-nesting", "expected the end of {0}, found that of {1} around it";
    XML_STRAY: Warn, Malformed => "msnp.expert.xml-stray", "expected the end of an element that is open, found that of {0}";
    XML_OPEN: Warn, Malformed => "msnp.expert.xml-open", "expected the end of {0}, found the end of the document";
    XML_DEEP: Warn, Undecoded => "msnp.expert.xml-deep", "expected at most {0} elements inside one another, found more: the rest of the document is not taken apart";
    XML_LARGE: Warn, Undecoded => "msnp.expert.xml-large", "expected at most {0} parts in a document, found more: the rest is not taken apart";
    XML_BROKEN: Warn, Undecoded => "msnp.expert.xml-broken", "expected a sound document, found {0} faults: the rest is not taken apart";
    BAD_REFERENCE: Note, Malformed => "msnp.expert.xml-reference", "expected a character reference such as “amp;” after “&”, found “{0}”; taken as text";
}

texts! {
    NAMED = "xml.element", "{0}";
    EMPTY = "xml.empty", "empty";
    DECLARATION = "xml.aside.declaration", "declaration";
    INSTRUCTION = "xml.aside.instruction", "instruction";
    DOCTYPE = "xml.aside.doctype", "document type";
    COMMENT = "xml.aside.comment", "comment";
    OUT_OF_PLACE = "xml.aside.tag", "out of place";
    FOUND_TAG = "xml.found.tag", "the beginning of another";
    FOUND_QUOTE = "xml.found.quote", "one in quotation marks of which the last is missing";
    FOUND_END = "xml.found.end", "the end of the document";
    UNESCAPED = "source.unescaped", "Text without its character references";
    SET_UP_ASKS = "control.set-up.SNM", "asks";
    SET_UP_ACCEPTS = "control.set-up.ACK", "accepts";
    SET_UP_REFUSES = "control.set-up.NAK", "refuses";
    SET_UP_TELLS = "control.set-up.INFO", "tells";
    PLAYING = "media.playing", "{0}";
    MEDIA_TITLE = "media.value.title", "title";
    MEDIA_ARTIST = "media.value.artist", "artist";
    MEDIA_ALBUM = "media.value.album", "album";
    MEDIA_CONTENT = "media.value.content", "identifier of the piece";
    MEDIA_ON = "media.shown.1", "playing";
    MEDIA_OFF = "media.shown.0", "stopped";
}

/// A document of a kind that has no table: everything by its name.
pub fn document(s: &mut Scribe<'_, '_>) {
    walk::document(s, &[], &mut ());
}

/// What an error repeats: contacts, most often. What contacts stand in it is told, but nobody is put on a list.
pub fn refused(s: &mut Scribe<'_, '_>) -> Content {
    memberships(s)
}

/// `set-up = "<SNM>" *OCTET "</SNM>"`: the payload of `UUN` and `UBN` of type 1.
pub fn set_up(s: &mut Scribe<'_, '_>) {
    walk::document(s, SET_UPS, &mut ());
}

static SET_UPS: &[Node<()>] = &[group("SNM", SET_UP).attributes(&[
    leaf("opcode", SET_UP_CODE).shown(|s, field, wire| coded(s, field, wire, set_up_name)),
    leaf("csid", SET_UP_ID),
])];

fn set_up_name(code: &[u8]) -> Option<TextId> {
    Some(match code {
        b"SNM" => SET_UP_ASKS,
        b"ACK" => SET_UP_ACCEPTS,
        b"NAK" => SET_UP_REFUSES,
        b"INFO" => SET_UP_TELLS,
        _ => return None,
    })
}
