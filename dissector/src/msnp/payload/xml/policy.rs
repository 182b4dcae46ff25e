//! Rules of the service for clients: the document of `GCF`.
//!
//! Up to MSNP12 the client asks for one file, Shields.xml; from MSNP13 on the server sends the same rules, and others, in
//! an envelope of policies. Of the others nothing but the names is documented.
//!
//! Source: protocol reference, messages 7.3.

use super::schema::{Node, coded, group, leaf, number, through, unexpected};
use super::walk;
use crate::msnp::coding::base64;
use crate::msnp::token::Word;
use crate::tree::{Base, FieldId, Kind, Scribe, TextId, fields, texts};

fields! {
    family 20;
    /// Rules of the service, one for each area; the server sends them before sign-in, from MSNP13 on.
    POLICIES: Kind::Group => "msnp.policies", "Policies";
    /// The rules of the service for one area of the client, with a checksum; the server sends one for each area, from MSNP13 on.
    POLICY: Kind::Group => "msnp.policy", "Policy";
    /// Which area: SHIELDS what is forbidden, ABCH the address book, ERRORRESPONSETABLE what to do about errors, P2P
    /// direct connections. SHIELDS is always there. The server sends it from MSNP13 on.
    POLICY_TYPE: Kind::Text => "msnp.policy.type", "Type of policy";
    /// Checksum of the rules, 32 hexadecimal digits: tells the client whether it knows them already. From MSNP13 on.
    POLICY_CHECKSUM: Kind::Text => "msnp.policy.checksum", "Checksum";
    /// What is forbidden: features to some clients, texts to everybody. The server sends it from MSNP11 on.
    SHIELDS: Kind::Group => "msnp.shields", "Shields";
    /// Features that are forbidden to some versions of the client, because those have holes. The server sends them from
    /// MSNP11 on.
    SHIELD: Kind::Group => "msnp.shields.features", "Forbidden features";
    /// Versions of the client, from one build number to another, and what is forbidden to them. The server sends them
    /// from MSNP11 on.
    SHIELD_CLIENT: Kind::Group => "msnp.shields.client", "Versions of the client";
    /// First number in the version of the Messenger that the server’s rule is for, from MSNP11 on: 7 in 7.5.
    SHIELD_MAJOR: Kind::Uint32(Base::Dec) => "msnp.shields.client.major", "Major version";
    /// Second number in the version of the Messenger that the server’s rule is for, behind the dot, from MSNP11 on: 5
    /// in 7.5.
    SHIELD_MINOR: Kind::Uint32(Base::Dec) => "msnp.shields.client.minor", "Minor version";
    /// The lowest build of that client which the rule is about: the third number of its version. From MSNP11 on.
    SHIELD_FIRST: Kind::Uint32(Base::Dec) => "msnp.shields.client.first_build", "First build";
    /// The highest build of that client which the rule is about: the third number of its version; 9999 stands for all.
    /// From MSNP11 on.
    SHIELD_LAST: Kind::Uint32(Base::Dec) => "msnp.shields.client.last_build", "Last build";
    /// What those versions of the client may not do, as words of the client; a blank forbids nothing. The server sends
    /// it from MSNP11 on.
    SHIELD_DENIED: Kind::Text => "msnp.shields.client.denied", "Denied";
    /// Texts that the server drops without a word, such as links to dangerous files. From MSNP11 on.
    BLOCKED: Kind::Group => "msnp.shields.blocked", "Blocked texts";
    /// A regular expression that no text to others may match, in base64; the server drops what matches. From MSNP11 on.
    PATTERN: Kind::Text => "msnp.shields.pattern", "Encoded pattern";
    /// A regular expression that no text to others may match, decoded from the base64 around it. The server sends it
    /// from MSNP11 on.
    EXPRESSION: Kind::Text => "msnp.shields.expression", "Regular expression";
}

texts! {
    EXPECTED_BASE64 = "expected.base64", "a text in base64";
    DECODED = "source.pattern", "Decoded pattern";
    POLICY_SHIELDS = "policy.SHIELDS", "what is forbidden";
    POLICY_ABCH = "policy.ABCH", "address book";
    POLICY_ERRORS = "policy.ERRORRESPONSETABLE", "what to do about errors";
    POLICY_P2P = "policy.P2P", "direct connections";
    NOTHING_DENIED = "shields.denied.none", "nothing";
}

/// `policies = "<Policies>" *policy "</Policies>" / shields`
pub fn policies(s: &mut Scribe<'_, '_>) {
    walk::document(s, ROOTS, &mut ());
}

static ROOTS: &[Node<()>] = &[
    CONFIG,
    group("Policies", POLICIES).children(&[group("Policy", POLICY)
        .attributes(&[
            leaf("type", POLICY_TYPE).shown(|s, field, wire| coded(s, field, wire, type_name)),
            leaf("checksum", POLICY_CHECKSUM),
        ])
        .children(&[CONFIG])]),
];

const CONFIG: Node<()> = group("config", SHIELDS).children(&[
    group("shield", SHIELD).children(&[group("cli", SHIELD_CLIENT).attributes(&[
        leaf("maj", SHIELD_MAJOR).shown(plain_number),
        leaf("min", SHIELD_MINOR).shown(plain_number),
        leaf("minbld", SHIELD_FIRST).shown(plain_number),
        leaf("maxbld", SHIELD_LAST).shown(plain_number),
        leaf("deny", SHIELD_DENIED).shown(denied),
    ])]),
    group("block", BLOCKED).children(&[
        through("regexp").children(&[through("imtext").attributes(&[leaf("value", PATTERN).shown(pattern)])])
    ]),
]);

fn plain_number(s: &mut Scribe<'_, '_>, field: FieldId, wire: &[u8]) {
    number(s, field, wire, |number| number);
}

fn denied(s: &mut Scribe<'_, '_>, field: FieldId, wire: &[u8]) {
    coded(s, field, wire, |features| features.iter().all(u8::is_ascii_whitespace).then_some(NOTHING_DENIED));
}

/// `pattern = base64 of 1*OCTET`
fn pattern(s: &mut Scribe<'_, '_>, field: FieldId, wire: &[u8]) {
    let Some(expression) = base64(wire) else {
        return unexpected(s, wire, EXPECTED_BASE64);
    };
    let from = s.here(wire.len());
    s.take(field, wire.len(), Word(wire));
    if !expression.is_empty() {
        s.within(DECODED.text(), from, expression, |s| {
            s.take(EXPRESSION, s.rest().len(), Word(s.rest()));
        });
    }
}

fn type_name(name: &[u8]) -> Option<TextId> {
    Some(match name {
        b"SHIELDS" => POLICY_SHIELDS,
        b"ABCH" => POLICY_ABCH,
        b"ERRORRESPONSETABLE" => POLICY_ERRORS,
        b"P2P" => POLICY_P2P,
        _ => return None,
    })
}
