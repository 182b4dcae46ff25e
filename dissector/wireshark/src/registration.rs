//! Registration: the library's field and expert tables become Wireshark's, once, before any packet is seen.
//!
//! Comes in: `msnp_dissector::fields()` and `experts()`. Goes out: [`Registered`], which maps a field or an expert of the
//! library to the numbers Wireshark gave it. Everything handed to Wireshark here lives for ever: it keeps the addresses.

use std::collections::HashMap;
use std::ffi::{CStr, CString, c_char, c_int};
use std::ptr::{null, null_mut, without_provenance};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicI32, Ordering};

use msnp_dissector::tree::{Base, ExpertId, Field, FieldId, FieldSet, Group, Kind, Names, Related, Severity};

use crate::callbacks;
use crate::epan::{self, ExpertField, ExpertRegistration, FieldRegistration, Handle, HeaderField, ValueString};
use crate::preferences;
use crate::statistics;
use crate::table;
use crate::versions;

/// The TCP port that the service used. The built-in line printer `msnms` claims it too; the later claim wins.
const PORT: u32 = 1863;

/// What the bodies of the HTTP gateway are.
const MEDIA_TYPE: &CStr = c"application/x-msn-messenger";

/// What Wireshark gave us in return for our tables.
pub struct Registered {
    /// Number of the protocol, which is also that of the field `msnp`.
    pub protocol: c_int,
    /// Number of the one kind of subtree.
    pub subtree: c_int,
    /// Number of the protocol TCP.
    pub tcp: c_int,
    /// The dissector, for conversations that are found by content.
    pub handle: *mut Handle,
    /// The dissector of UDP datagrams.
    pub datagrams: *mut Handle,
    /// The dissector of the bodies of the HTTP gateway.
    bodies: *mut Handle,
    fields: Vec<FieldRegistration>,
    rows: HashMap<u16, u16>,
    experts: Vec<ExpertRegistration>,
    expert_rows: HashMap<&'static str, u16>,
    /// Fields that the Info column is made from.
    pub sentence_fields: FieldSet,
}

// SAFETY: written once while Wireshark starts and only read afterwards; the addresses in it are of things that live for
// ever. Wireshark dissects in one thread.
unsafe impl Send for Registered {}
// SAFETY: as above.
unsafe impl Sync for Registered {}

static REGISTERED: OnceLock<Registered> = OnceLock::new();

/// Number of the one kind of subtree, written by Wireshark.
static SUBTREE: AtomicI32 = AtomicI32::new(-1);

/// What was registered, or `None` when registration failed.
pub fn registered() -> Option<&'static Registered> {
    REGISTERED.get()
}

impl Registered {
    /// The row of a field of the library.
    pub fn row(&self, field: FieldId) -> Option<u16> {
        self.rows.get(&field.field().number).copied()
    }

    /// The row of an expert of the library.
    pub fn expert_row(&self, expert: ExpertId) -> Option<u16> {
        self.expert_rows.get(expert.decl().id).copied()
    }

    /// Wireshark's number of the field in a row, and the declaration that Wireshark keeps.
    pub fn field(&self, row: u16) -> Option<(c_int, *const HeaderField)> {
        let registration = self.fields.get(usize::from(row))?;
        // SAFETY: points at a number of ours that lives for ever.
        let id = unsafe { registration.id.read() };
        Some((id, &raw const registration.field))
    }

    /// Wireshark's numbers of the expert in a row.
    pub fn expert(&self, row: u16) -> Option<ExpertField> {
        // SAFETY: points at numbers of ours that live for ever.
        self.experts.get(usize::from(row)).map(|registration| unsafe { registration.ids.read() })
    }
}

/// Tells Wireshark what there is.
pub fn register_protocol() {
    // SAFETY: texts are static; Wireshark calls this once while it starts.
    let protocol = unsafe {
        epan::proto_register_protocol(c"MSN Messenger Protocol".as_ptr(), c"MSNP".as_ptr(), c"msnp".as_ptr())
    };
    let rows = msnp_dissector::fields().collect::<Vec<_>>();
    let ids = vec![-1; rows.len()].leak();
    let mut fields = rows.iter().zip(ids.iter_mut()).map(|(field, id)| declaration(field, id)).collect::<Vec<_>>();
    let experts = msnp_dissector::experts().collect::<Vec<_>>();

    // SAFETY: the vector's memory is not moved again: it goes into a static as it is.
    unsafe { epan::proto_register_field_array(protocol, fields.as_mut_ptr(), count(fields.len())) };
    // SAFETY: Wireshark reads the list, and writes the number into the static, before it returns.
    unsafe { epan::proto_register_subtree_array([SUBTREE.as_ptr()].as_ptr(), 1) };
    let expert_table = register_experts(protocol, &experts);
    preferences::register(protocol);
    // SAFETY: the dissector has the signature that Wireshark calls; the two routines take nothing.
    let (handle, datagrams, bodies) = unsafe {
        epan::register_init_routine(callbacks::forget);
        epan::register_cleanup_routine(callbacks::forget);
        let datagrams = epan::register_dissector(c"msnp_udp".as_ptr(), callbacks::dissect_datagram, protocol);
        let bodies = epan::register_dissector(c"msnp_http".as_ptr(), callbacks::dissect_body, protocol);
        (epan::register_dissector(c"msnp".as_ptr(), callbacks::dissect, protocol), datagrams, bodies)
    };

    crate::objects::register(protocol);
    if let Some(layout) = versions::layout() {
        statistics::register(layout);
        table::register(protocol);
    }
    let index = |position: usize| u16::try_from(position).unwrap_or(u16::MAX);
    let _ = REGISTERED.set(Registered {
        protocol,
        // SAFETY: asks for a built-in protocol, by a static text; those are registered before any plugin.
        tcp: unsafe { epan::proto_get_id_by_filter_name(c"tcp".as_ptr()) },
        subtree: SUBTREE.load(Ordering::Relaxed),
        handle,
        datagrams,
        bodies,
        rows: rows.iter().enumerate().map(|(position, field)| (field.number, index(position))).collect(),
        fields,
        experts: expert_table,
        sentence_fields: msnp_dissector::msnp::sentence_fields(),
        expert_rows: experts.iter().enumerate().map(|(position, e)| (e.decl().id, index(position))).collect(),
    });
}

/// Connects the protocol to TCP, by port, by "Decode as" and by content, to UDP, by the last two, and to HTTP.
pub fn register_handoff() {
    let Some(registered) = registered() else { return };
    // SAFETY: the handle is the one Wireshark returned; texts are static.
    unsafe {
        epan::dissector_add_uint_with_preference(c"tcp.port".as_ptr(), PORT, registered.handle);
        epan::heur_dissector_add(
            c"tcp".as_ptr(),
            callbacks::dissect_if_msnp,
            c"MSNP over TCP".as_ptr(),
            c"msnp_tcp".as_ptr(),
            registered.protocol,
            epan::HEURISTIC_ENABLE,
        );
        epan::dissector_add_string(c"media_type".as_ptr(), MEDIA_TYPE.as_ptr(), registered.bodies);
        epan::heur_dissector_add(
            c"http".as_ptr(),
            callbacks::dissect_body_if_msnp,
            c"MSNP through the HTTP gateway".as_ptr(),
            c"msnp_http".as_ptr(),
            registered.protocol,
            epan::HEURISTIC_ENABLE,
        );
        epan::dissector_add_for_decode_as(c"udp.port".as_ptr(), registered.datagrams);
        epan::heur_dissector_add(
            c"udp".as_ptr(),
            callbacks::dissect_datagram_if_msnp,
            c"MSNP over UDP".as_ptr(),
            c"msnp_udp".as_ptr(),
            registered.protocol,
            epan::HEURISTIC_ENABLE,
        );
    }
}

/// Registers the experts; Wireshark keeps the address of each, so the table must not be moved or dropped.
fn register_experts(protocol: c_int, experts: &[ExpertId]) -> Vec<ExpertRegistration> {
    let mut table = experts.iter().map(|expert| expert_declaration(*expert)).collect::<Vec<_>>();
    // SAFETY: the vector's memory is not moved again, and the module is the one just returned.
    unsafe {
        let module = epan::expert_register_protocol(protocol);
        epan::expert_register_field_array(module, table.as_mut_ptr(), count(table.len()));
    }
    table
}

fn declaration(field: &Field, id: &'static mut c_int) -> FieldRegistration {
    let mut strings = null();
    let (kind, mut display) = match field.kind {
        Kind::Group => (epan::FT_NONE, epan::BASE_NONE),
        Kind::Text => (epan::FT_STRING, epan::BASE_NONE),
        Kind::Uint32(base) => (epan::FT_UINT32, number_base(base)),
        Kind::Uint64(base) => (epan::FT_UINT64, number_base(base)),
        Kind::Bytes => (epan::FT_BYTES, epan::BASE_NONE),
        Kind::RelativeTime => (epan::FT_RELATIVE_TIME, epan::BASE_NONE),
        Kind::FrameNumber(related) => {
            let role = match related {
                Related::Request => epan::FRAMENUM_REQUEST,
                Related::Response => epan::FRAMENUM_RESPONSE,
                Related::Whole => epan::FRAMENUM_NONE,
            };
            strings = without_provenance(role);
            (epan::FT_FRAMENUM, epan::BASE_NONE)
        }
    };
    // The structs of names of 64 bits are others; the library names none of those.
    if let (Kind::Uint32(base), Some(names)) = (field.kind, field.names) {
        strings = lasting_names(names, base).cast();
        display |= epan::BASE_SPECIAL_VALS;
    }
    let blurb = lasting(field.explanation_line());
    let field = header(lasting(field.title), lasting(field.name), kind, display, blurb);
    FieldRegistration { id, field: HeaderField { strings, ..field } }
}

fn expert_declaration(expert: ExpertId) -> ExpertRegistration {
    let decl = expert.decl();
    let group = match decl.group {
        Group::Sequence => epan::PI_SEQUENCE,
        Group::Response => epan::PI_RESPONSE_CODE,
        Group::Undecoded => epan::PI_UNDECODED,
        Group::Reassemble => epan::PI_REASSEMBLE,
        Group::Malformed => epan::PI_MALFORMED,
        Group::Protocol => epan::PI_PROTOCOL,
        Group::Security => epan::PI_SECURITY,
    };
    let severity = match decl.severity {
        Severity::Chat => epan::PI_CHAT,
        Severity::Note => epan::PI_NOTE,
        Severity::Warn => epan::PI_WARN,
        Severity::Error => epan::PI_ERROR,
    };
    ExpertRegistration {
        ids: Box::leak(Box::new(ExpertField::UNREGISTERED)),
        name: lasting(decl.id),
        group,
        severity,
        summary: lasting(without_placeholders(decl.text.english)),
        id: 0,
        protocol: null(),
        original_severity: 0,
        field: FieldRegistration {
            id: null_mut(),
            field: header(null(), null(), epan::FT_NONE, epan::BASE_NONE, null()),
        },
    }
}

fn header(
    name: *const c_char,
    abbrev: *const c_char,
    kind: c_int,
    display: c_int,
    blurb: *const c_char,
) -> HeaderField {
    HeaderField {
        name,
        abbrev,
        kind,
        display,
        strings: null(),
        bitmask: 0,
        blurb,
        id: -1,
        parent: 0,
        reference: 0,
        same_name_previous: -1,
        same_name_next: null_mut(),
    }
}

fn number_base(base: Base) -> c_int {
    match base {
        Base::Dec => epan::BASE_DEC,
        Base::Hex => epan::BASE_HEX,
    }
}

/// `expected {0}, found {1}` becomes `expected …, found …`.
fn without_placeholders(pattern: &str) -> String {
    let mut out = String::new();
    let mut rest = pattern;
    while let Some((before, after)) = rest.split_once('{') {
        out.push_str(before);
        out.push('…');
        rest = after.split_once('}').map_or("", |(_, tail)| tail);
    }
    out + rest
}

/// A C text that lives for ever.
fn lasting(text: impl Into<Vec<u8>>) -> *const c_char {
    let text: &'static CStr = CString::new(text).map_or(c"", |text| Box::leak(text.into_boxed_c_str()));
    text.as_ptr()
}

/// Names of values that live for ever, ended as Wireshark wants it. Wireshark looks a name up for its first number only, so
/// none stands there twice.
fn lasting_names(names: &Names, base: Base) -> *const ValueString {
    let end = ValueString { value: 0, text: null() };
    let named = names.distinct(base).map(|(value, name)| ValueString { value, text: lasting(name.into_owned()) });
    named.chain([end]).collect::<Vec<_>>().leak().as_ptr()
}

fn count(length: usize) -> c_int {
    c_int::try_from(length).unwrap_or(c_int::MAX)
}
