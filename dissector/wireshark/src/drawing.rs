//! Drawing: a plan becomes Wireshark calls.
//!
//! Every call made here may leave by `longjmp` and never come back. So no frame in this file owns anything: the plan lies
//! in memory of the packet ([`Frozen`]), everything else is a number or an address, and nothing here panics.

use std::ffi::{CStr, c_char, c_int};
use std::ptr::null_mut;

use crate::epan::{self, Node, Tvb};
use crate::plan::{self, Origin, Plain, Plan, Range, Step};
use crate::registration::Registered;
use crate::statistics::{self, Laid};
use crate::versions::{self, Layout, Packet};

/// Trees that can be open at once: the library nests no deeper than 60.
const OPEN_TREES: usize = 64;

/// As in the plan.
const SEPARATOR: &CStr = c" | ";
const _: () = assert!(SEPARATOR.to_bytes().len() == plan::SEPARATOR.len());

/// A plan in memory that Wireshark frees with the packet.
#[derive(Clone, Copy)]
pub struct Frozen {
    steps: *const Step,
    count: usize,
    block: *const u8,
    info: Option<plan::Place>,
    counts: *const Laid,
    count_of_counts: usize,
    /// One per derived source, filled in while drawing.
    sources: *mut *mut Tvb,
    source_count: usize,
}

impl Frozen {
    /// Copies a plan into memory of the packet.
    pub fn new(plan: &Plan, packet: Packet) -> Self {
        let source_count = usize::try_from(plan.sources).unwrap_or(0);
        let sources = allocate::<*mut Tvb>(packet, source_count);
        for index in 0..source_count {
            // SAFETY: just allocated for so many.
            unsafe { sources.add(index).write(null_mut()) };
        }
        let block = lay_down(packet, &plan.block);
        let counts = allocate::<Laid>(packet, plan.counts.len());
        for (index, count) in plan.counts.iter().enumerate() {
            let mut laid = Laid::new(count.statistic, count.value);
            for (name, place) in laid.path.iter_mut().zip(count.path).filter_map(|(name, place)| Some((name, place?))) {
                // SAFETY: places are made by the plan and lie inside its block.
                *name = unsafe { block.add(place.0 as usize).cast() };
            }
            // SAFETY: just allocated for so many.
            unsafe { counts.add(index).write(laid) };
        }
        Self {
            steps: lay_down(packet, &plan.steps),
            count: plan.steps.len(),
            block,
            info: plan.info,
            counts,
            count_of_counts: plan.counts.len(),
            sources,
            source_count,
        }
    }

    fn step(&self, index: usize) -> Option<Step> {
        // SAFETY: `new` wrote `count` steps there, and the packet is still being dissected.
        (index < self.count).then(|| unsafe { self.steps.add(index).read() })
    }

    fn text(&self, place: plan::Place) -> *const c_char {
        // SAFETY: places are made by the plan and lie inside its block.
        unsafe { self.block.add(place.0 as usize).cast() }
    }

    fn source(&self, number: u32, packet_bytes: *mut Tvb) -> *mut Tvb {
        match (number as usize).checked_sub(1) {
            // SAFETY: below the count that `new` allocated for.
            Some(index) if index < self.source_count => unsafe { self.sources.add(index).read() },
            _ => packet_bytes,
        }
    }
}

fn allocate<T>(packet: Packet, count: usize) -> *mut T {
    // SAFETY: the pool is that of the packet being dissected. The memory is aligned for any C type. Running out of
    // memory ends the program rather than jump.
    unsafe { epan::wmem_alloc(packet.pool(), size_of::<T>().saturating_mul(count).max(1)).cast() }
}

/// Copies things into memory of the packet.
pub fn lay_down<T: Copy>(packet: Packet, items: &[T]) -> *const T {
    let target = allocate::<T>(packet, items.len());
    // SAFETY: fresh memory of this size; `T` is `Copy`.
    unsafe { target.copy_from_nonoverlapping(items.as_ptr(), items.len()) };
    target
}

/// Where to draw.
#[derive(Clone, Copy)]
pub struct Canvas {
    /// The packet.
    pub packet: Packet,
    /// What TCP handed over.
    pub tvb: *mut Tvb,
    /// The packet's tree, or null when nobody looks at it.
    pub tree: *mut Node,
    /// Our numbers.
    pub registered: &'static Registered,
    /// The version that runs.
    pub layout: &'static Layout,
}

/// Draws a plan; `before` PDUs of this frame are drawn already. `within`: HTTP may have a part in the Info column.
///
/// # Safety
/// The canvas must be that of the running dissector call, and the plan frozen for its packet. Neither the caller nor its
/// callers up to Wireshark may own anything that must be dropped.
pub unsafe fn draw(canvas: Canvas, plan: Frozen, before: u32, within: bool) {
    let mut open: [*mut Node; OPEN_TREES] = [null_mut(); OPEN_TREES];
    let mut here: *mut Node = null_mut();
    let mut sources = 0;
    let mut index = 0;
    if let Some(info) = plan.info {
        // SAFETY: this function's promise is theirs.
        unsafe { write_columns(canvas, plan.text(info), before, within) };
    }
    while let Some(step) = plan.step(index) {
        match step {
            Step::Pdu { range, title } => {
                let title = title.map_or(c"".as_ptr(), |title| plan.text(title));
                // SAFETY: this function's promise is theirs.
                here = unsafe { open_pdu(canvas, range, title, &mut open) };
            }
            Step::Source { name, data, length } => {
                // SAFETY: as above; the data stand in the frozen block.
                unsafe { add_source(canvas, plan, sources, plan.text(name), plan.text(data).cast(), length) };
                sources += 1;
            }
            Step::Item { row, range, depth, value, note, origin } => {
                let parent = open.get(usize::from(depth)).copied().unwrap_or(null_mut());
                // SAFETY: as above.
                unsafe {
                    here = add_item(canvas, plan, parent, row, range, value);
                    if let Some(note) = note {
                        epan::proto_item_append_text(here, c"%s".as_ptr(), plan.text(note));
                    }
                    if origin == Origin::Generated
                        && let Some((_, field)) = canvas.registered.field(row)
                    {
                        versions::mark_generated(here, field, canvas.layout);
                    }
                    if has_children(plan, index, depth)
                        && let Some(slot) = open.get_mut(usize::from(depth) + 1)
                    {
                        *slot = epan::proto_item_add_subtree(here, canvas.registered.subtree);
                    }
                }
            }
            Step::Expert { row, text } => {
                if let Some(mut expert) = canvas.registered.expert(row) {
                    // SAFETY: as above; Wireshark reads the numbers and keeps nothing of them.
                    unsafe {
                        epan::expert_add_info_format(
                            canvas.packet.info,
                            here,
                            &raw mut expert,
                            c"%s".as_ptr(),
                            plan.text(text),
                        );
                    }
                }
            }
        }
        index += 1;
    }
}

/// Hands to the statistics what the PDUs of a plan add.
///
/// # Safety
/// As [`draw`].
pub unsafe fn count(canvas: Canvas, plan: Frozen) {
    // SAFETY: the counts and their texts are memory of this packet.
    unsafe { statistics::offer(canvas.packet, plan.counts, plan.count_of_counts) };
}

/// True when the next item hangs below this one.
fn has_children(plan: Frozen, index: usize, depth: u8) -> bool {
    let mut next = index + 1;
    loop {
        match plan.step(next) {
            Some(Step::Expert { .. }) => next += 1,
            Some(Step::Item { depth: below, .. }) => return below > depth,
            _ => return false,
        }
    }
}

/// The first PDUs of a frame claim the columns, further ones add to Info.
///
/// # Safety
/// As [`draw`].
unsafe fn write_columns(canvas: Canvas, info: *const c_char, before: u32, within: bool) {
    let numbers = versions::columns();
    let columns = canvas.packet.columns();
    // SAFETY: the columns are the packet's; the texts are NUL-terminated, that of Protocol is static.
    unsafe {
        if before == 0 {
            epan::col_set_str(columns, numbers.protocol, c"MSNP".as_ptr());
            epan::col_clear(columns, numbers.info);
        }
        // What others have fenced stays and brings its own blank: TCP's "[TCP Out-Of-Order] ", or HTTP's first lines, behind
        // which a bar is wanted.
        match before {
            0 if within => epan::col_append_sep_str(columns, numbers.info, c"| ".as_ptr(), info),
            0 => epan::col_append_str(columns, numbers.info, info),
            _ => epan::col_append_sep_str(columns, numbers.info, SEPARATOR.as_ptr(), info),
        }
    }
}

/// # Safety
/// As [`draw`].
unsafe fn open_pdu(
    canvas: Canvas,
    range: Range,
    title: *const c_char,
    open: &mut [*mut Node; OPEN_TREES],
) -> *mut Node {
    if canvas.tree.is_null() {
        return null_mut();
    }
    // SAFETY: the range lies inside the bytes that TCP handed over.
    unsafe {
        let protocol = canvas.registered.protocol;
        let item =
            epan::proto_tree_add_item(canvas.tree, protocol, canvas.tvb, range.start, range.length, epan::ENC_NA);
        epan::proto_item_append_text(item, c"%s".as_ptr(), title);
        let [first, ..] = open;
        *first = epan::proto_item_add_subtree(item, canvas.registered.subtree);
        item
    }
}

/// # Safety
/// As [`draw`].
unsafe fn add_source(canvas: Canvas, plan: Frozen, index: usize, name: *const c_char, data: *const u8, length: u32) {
    if index >= plan.source_count {
        return;
    }
    // SAFETY: the data live as long as the packet's memory, and Wireshark drops both together. The index is in range.
    unsafe {
        let reported = c_int::try_from(length).unwrap_or(c_int::MAX);
        let tvb = epan::tvb_new_child_real_data(canvas.tvb, data, length, reported);
        epan::add_new_data_source(canvas.packet.info, tvb, name);
        plan.sources.add(index).write(tvb);
    }
}

/// # Safety
/// As [`draw`].
unsafe fn add_item(canvas: Canvas, plan: Frozen, parent: *mut Node, row: u16, range: Range, value: Plain) -> *mut Node {
    let Some((field, _)) = canvas.registered.field(row) else { return null_mut() };
    let tvb = plan.source(range.source, canvas.tvb);
    let Range { start, length, .. } = range;
    // SAFETY: the kind of value follows from the declaration that was registered under this number, and the range lies
    // inside the source.
    unsafe {
        match value {
            Plain::Bytes => epan::proto_tree_add_item(parent, field, tvb, start, length, epan::ENC_NA),
            Plain::Hidden(zeros, count) => {
                let zeros = plan.text(zeros).cast();
                epan::proto_tree_add_bytes_with_length(parent, field, tvb, start, length, zeros, count)
            }
            Plain::Text(text) => epan::proto_tree_add_string(parent, field, tvb, start, length, plan.text(text)),
            Plain::Uint32(number) => epan::proto_tree_add_uint(parent, field, tvb, start, length, number),
            Plain::Uint64(number) => epan::proto_tree_add_uint64(parent, field, tvb, start, length, number),
            Plain::Time(time) => epan::proto_tree_add_time(parent, field, tvb, start, length, &raw const time),
        }
    }
}
